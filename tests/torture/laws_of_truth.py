"""The laws of right and truth: who allowed it, and is it so."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson
from bot.domain.progress import Overview, StepState
from bot.views.checklist import STATE_WORDS, checklist
from bot.views.closing import closing
from bot.views.press import APPROVE, CANCEL
from tests.torture.clockwork import BEGIN
from tests.torture.outside import PublicSite
from tests.torture.slack import buttons
from tests.torture.world import World

_ASKED_AGAIN = 31.0  # seconds for which the bot remembers who belongs to a group
_WORKING = (State.RUNNING, State.DONE, State.NEEDS_PERSON, State.CANCELLED)
_SHOWN_DONE = f": {STATE_WORDS[StepState.DONE]}"


def approved(world: World) -> Iterator[str]:
    """Law 3: whatever was done, somebody did who may, and a charter is decided once."""
    decisions = Counter[str]()
    begun = _begun(world)
    for row in world.rows("SELECT * FROM audit WHERE who LIKE 'U0%' AND what NOT LIKE 'refused %'"):
        since = begun.get(row["origin"], seconds(row["at"])) - _ASKED_AGAIN
        if row["who"] not in world.workspace.operators_between(since, seconds(row["at"])):
            yield f"{row['who']}, who is no operator, did this: {row['what']}."
        decisions[row["booking_id"]] += row["what"] in {"approved", "rejected"}
    for booking_id, times in decisions.items():
        if times > 1:
            yield f"{booking_id} was decided {times} times."


def _begun(world: World) -> dict[str, float]:
    """When each click's work began: who may is asked then, and its deed is written at its end."""
    rows = world.rows("SELECT key, started_at FROM follow_ups")
    return {row["key"]: seconds(row["started_at"]) for row in rows}


def nothing_claimed(world: World) -> Iterator[str]:
    """Law 4: what a checklist calls done is there."""
    for shown in world.workspace.messages.values():
        booking_id, _, kind = shown.key.partition(":")
        if kind != "checklist" or shown.deleted:
            continue
        text = shown.written
        for label, there in _there(world, booking_id).items():
            if f"{label}{_SHOWN_DONE}" in text and not there:
                yield f"the thread of {booking_id} calls it done, and it is not there: {label}."
    yield from _mailed_of_what_is_there(world)


def _mailed_of_what_is_there(world: World) -> Iterator[str]:
    """Nobody is told of what is not there yet."""
    systems = world.systems
    for mail in systems.mails:
        before = [
            each.booking_id
            for made in (systems.events, systems.uploads)
            for each in made
            if each.at < mail.at
        ]
        if before.count(mail.booking_id) < 3:
            yield f"{mail.id} of {mail.booking_id} tells of what is not there yet."


def _there(world: World, booking_id: str) -> dict[str, bool]:
    """What there is of a charter, by the label of its step; of its live check, that it was seen live."""
    systems = world.systems
    pages = [made.sent for made in systems.uploads if made.booking_id == booking_id]
    seen = {look.id for look in systems.looks if look.sent in pages}
    return {
        "Calendar entry": any(e.booking_id == booking_id for e in systems.entries),
        "Crew event": any(e.booking_id == booking_id for e in systems.events),
        "Guest page": f"g/{booking_id}.html" in systems.objects,
        "CDN cache": any(r.startswith(booking_id) for r in systems.invalidations),
        "Live check": seen.issuperset(PublicSite(systems).urls(booking_id)),
        "Operations mail": any(e.booking_id == booking_id for e in systems.mails),
    }


def told_as_it_is(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4: the messages that stand, and those that people deleted, are of the last state.

    Nothing tells the bot that one is gone until it has something new to say; then it stands again.
    """
    for charter in charters:
        booking_id = charter.booking_id
        card = world.workspace.last(f"{booking_id}:card")
        if card and (APPROVE in buttons(card.message)) != (charter.state is State.PROPOSED):
            yield f"{booking_id} is {charter.state}, and its card does not show it."
        if charter.state not in _WORKING:
            continue
        listed = world.workspace.last(f"{booking_id}:checklist")
        drawn = (checklist(charter, rich=rich) for rich in (True, False))
        if listed and all(listed.message != each for each in drawn):
            yield f"the checklist of {booking_id} shows an earlier state."
        ended = world.workspace.last(f"{booking_id}:closing:{charter.run}")
        if charter.state is not State.RUNNING and ended and ended.message != closing(charter):
            yield f"the closing reply of {booking_id} shows an earlier state."
        if not (listed and ended):
            yield f"{booking_id} is {charter.state}, and its thread does not say so."


def held_as_written(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4: the systems hold what the tables say."""
    for charter in charters:
        there = _there(world, charter.booking_id)
        for step in charter.steps:
            held = there.get(step.label)
            if step.state is StepState.DONE and held is False:
                yield f"{charter.booking_id}: {step.label} is done, and is not there."
            if step.state is StepState.FAILED and held and not step.artefact and step.name in _MADE:
                yield f"{charter.booking_id}: {step.label} failed, and yet it is there."
        yield from _page_stands(world, charter)


_MADE = {"calendar", "crew_event"}


def _page_stands(world: World, charter: Overview) -> Iterator[str]:
    """The public sees the page that the thread speaks of."""
    published = world.rows(
        f"SELECT key FROM follow_ups WHERE action = '{CANCEL}' AND outcome = 'done' "
        f"AND booking_id = '{charter.booking_id}'"
    )
    site = PublicSite(world.systems)
    uploaded = any(made.booking_id == charter.booking_id for made in world.systems.uploads)
    if charter.state is State.CANCELLED and published and uploaded:
        for url in site.urls(charter.booking_id):
            if b'"cancelled":true' not in _shown(site, url):
                yield f"{charter.booking_id} is cancelled, and guests are not told under {url}."
    live = charter.step("live_check")
    if charter.state is not State.DONE or live is None or live.artefact is None:
        return
    for url in site.urls(charter.booking_id):
        if sha256(_shown(site, url)).hexdigest() != live.artefact.facts["sha256"]:
            yield f"{url} is not the page that was checked."


def _shown(site: PublicSite, url: str) -> bytes:
    try:
        return site.shown(url)
    except NeedsPerson:
        return b""


def seconds(written: str) -> float:
    """A time of the database in seconds of the world."""
    return datetime.fromisoformat(f"{written}+00:00").timestamp() - BEGIN.timestamp()
