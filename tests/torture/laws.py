"""The five laws of the bot, each a sentence where it is broken.

1. Each effect happens at most once per intent, or its uncertainty is shown to a person.
2. Whatever was acknowledged ends in a visible state.
3. No effect without an authorised approval of that very version of the card.
4. What the thread says is what the systems hold.
5. No secret, contact or amount where it does not belong.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.views.checklist import STATE_WORDS, checklist
from bot.views.closing import closing
from bot.views.press import APPROVE, CANCEL, RETRY
from tests.torture.clockwork import BEGIN
from tests.torture.outside import BOOKINGS, PublicSite, by_booking
from tests.torture.people import PAYOUTS
from tests.torture.slack import CHANNEL, buttons, words
from tests.torture.world import Delivery, World

_ASKED_AGAIN = 31.0  # seconds for which the bot remembers who belongs to a group
_WORKING = (State.RUNNING, State.DONE, State.NEEDS_PERSON, State.CANCELLED)
_QUESTIONS = {"status", "list", "cancel"}
_SHOWN_DONE = f": {STATE_WORDS[StepState.DONE]}"


def at_any_time(world: World) -> list[str]:
    """What holds at every moment."""
    return [
        *_broke(world),
        *(f"Law 1: {said}" for said in once(world)),
        *(f"Law 3: {said}" for said in approved(world)),
        *(f"Law 4: {said}" for said in nothing_claimed(world)),
        *(f"Law 5: {said}" for said in no_leak(world)),
    ]


def at_rest(world: World) -> list[str]:
    """What holds when there is nothing left to do and everything answers."""
    charters = world.charters()
    return [
        *(f"Law 2: {said}" for said in visible(world, charters)),
        *(f"Law 4: {said}" for said in told_as_it_is(world, charters)),
        *(f"Law 4: {said}" for said in held_as_written(world, charters)),
    ]


def uncertain(world: World) -> int:
    """How many questions are left to people: no success, and no violation."""
    steps = world.rows("SELECT COUNT(*) AS n FROM steps WHERE state = 'unknown'")
    follow_ups = world.rows("SELECT COUNT(*) AS n FROM follow_ups WHERE outcome = 'unknown'")
    return int(steps[0]["n"] + follow_ups[0]["n"])


def _broke(world: World) -> Iterator[str]:
    for said in world.broken:
        yield f"The bot itself broke: {said}"


def once(world: World) -> Iterator[str]:
    """Law 1."""
    systems = world.systems
    for what, made in (("calendar entries", systems.entries), ("crew events", systems.events)):
        for booking_id, several in by_booking(made).items():
            if len(several) > 1:
                times = ", ".join(f"{each.at:.2f} s" for each in several)
                yield f"{booking_id} has {len(several)} {what}, made at {times}."
    for booking_id, mails in by_booking(systems.mails).items():
        asked = 1 + _questions(world, booking_id, "Operations mail")
        if len(mails) > asked:
            times = ", ".join(f"{each.at:.2f} s" for each in mails)
            yield f"{booking_id}: {len(mails)} operations mails, at {times}; asked for {asked}."
    for booking_id, resends in by_booking(systems.resends).items():
        asked = _clicks(world, booking_id, "resend")
        if len(resends) > asked:
            yield f"{booking_id}: crew links mailed {len(resends)} times on {asked} clicks."
    for booking_id in BOOKINGS:
        asked = 1 + _clicks(world, booking_id, "invalidate") + _clicks(world, booking_id, "cancel")
        made = [each for each in systems.invalidations if each.startswith(booking_id)]
        if len(made) > asked:
            yield f"{booking_id}: {len(made)} invalidations; asked for {asked}."
    yield from _posted_once(world)


def _questions(world: World, booking_id: str, label: str) -> int:
    """In how many runs a person was asked about a step and shown a button."""
    runs = {
        shown.key
        for shown in world.workspace.messages.values()
        if shown.key.startswith(f"{booking_id}:closing:")
        for _, message in shown.versions
        if RETRY in buttons(message)
        and "First see with your own eyes" in (said := words(message))
        and label in said.partition("First see with your own eyes")[2].partition("Then press")[0]
    }
    return len(runs)


def _clicks(world: World, booking_id: str, action: str) -> int:
    """How many of a kind people asked for, by button or command."""
    return sum(
        1
        for each in world.deliveries
        if (each.name.startswith(action) and booking_id in json.dumps(each.body))
        or (each.kind == "command" and each.seen == f"{action} {booking_id}")
    )


def _posted_once(world: World) -> Iterator[str]:
    standing = Counter(s.key for s in world.workspace.messages.values() if not s.deleted)
    for key, times in standing.items():
        if times > 1:
            yield f"the message {key} stands {times} times in Slack."


def visible(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 2."""
    if world.disk.pending:
        yield f"jobs never end: {', '.join(world.disk.pending)}."
    posted = {shown.key for shown in world.workspace.messages.values()}
    for charter in charters:
        if charter.state is State.RUNNING:
            yield f"{charter.booking_id} runs for ever."
        if f"{charter.booking_id}:card" not in posted:
            yield f"{charter.booking_id} has no card."
    for row in world.rows("SELECT booking_id FROM charters WHERE changed > shown"):
        yield f"{row['booking_id']}: the thread never follows the last change."
    if not world.weather.met:
        yield from _needless(world, charters)
    yield from _mails_answered(world, charters, posted)
    yield from _clicks_answered(world)


def _needless(world: World, charters: list[Overview]) -> Iterator[str]:
    """Where everything answered, nobody is bothered but with what a crash has left open."""
    for charter in charters:
        for step in charter.steps:
            open_ = step.state is StepState.UNKNOWN and not world.deaths
            if step.state is StepState.FAILED or open_:
                yield f"{charter.booking_id}: {step.label} is {step.state} without a cause."


def _mails_answered(
    world: World, charters: list[Overview], posted: set[str]
) -> Iterator[str]:
    proposed = {charter.mail.ts for charter in charters if charter.mail}
    for mail in world.workspace.mails:
        key = f"mail:{CHANNEL}:{mail['ts']}:{mail['files'][0]['id']}"
        if mail["ts"] not in proposed and f"{key}:answer" not in posted:
            yield f"the mail of {mail['ts']} has neither card nor answer."


def _clicks_answered(world: World) -> Iterator[str]:
    deeds = {row["origin"] for row in world.rows("SELECT origin FROM audit")}
    ended = {row["key"] for row in world.rows("SELECT key FROM follow_ups WHERE ended_at NOTNULL")}
    heard = defaultdict[str, list[float]](list)
    for at, who, _ in world.workspace.whispers:
        heard[who].append(at)
    for each in world.deliveries:
        if each.acked_at is None or each.kind == "event":
            continue
        if each.name in {"edit", "reject"} or (each.said or {}).get("response_action"):
            continue  # a form opened, or said what is wrong
        if each.key in deeds | ended or any(at >= each.at for at in heard[each.who]):
            continue
        if _asked_for_again(world, each) or _was_hushed(world, each) or _died_with(world, each):
            continue
        yield f"nobody ever heard what came of {each.name} by {each.who} at {each.at:.2f} s."


def _asked_for_again(world: World, click: Delivery) -> bool:
    """One more of the clicks with which somebody approved just now: the card tells them."""
    return click.name == APPROVE and any(
        row["who"] == click.who
        for row in world.rows("SELECT who FROM audit WHERE what = 'approved'")
    )


def _was_hushed(world: World, click: Delivery) -> bool:
    """Slack would not show the answer to a whisper, and nothing may depend on one."""
    return any(call.startswith(("chat.whisper", "chat.respond")) for call in world.weather.met)


def _died_with(world: World, asked: Delivery) -> bool:
    """A question, to which nothing but the answer hung, of a process that died over it."""
    question = asked.kind == "command" and asked.seen.split()[0] in _QUESTIONS
    return question and any(asked.at <= death < asked.at + 60 for death in world.deaths)


def approved(world: World) -> Iterator[str]:
    """Law 3."""
    approvals = defaultdict[str, list[Any]](list)
    decisions = Counter[str]()
    for row in world.rows("SELECT * FROM audit"):
        who, at = row["who"], _seconds(row["at"])
        if who.startswith("U0") and not row["what"].startswith("refused "):
            if who not in world.workspace.operators_between(_begun(world, row) - _ASKED_AGAIN, at):
                yield f"{who}, who is no operator, did this: {row['what']}."
            decisions[row["booking_id"]] += row["what"] in {"approved", "rejected"}
            if row["what"] == "approved":
                approvals[row["booking_id"]].append(row)
    for made in (*world.systems.entries, *world.systems.events):
        if not (rows := approvals[made.booking_id]):
            yield f"{made.id} of {made.booking_id} was made without an approval."
        elif said := _of_another(world, rows[0], made.sent["guest_count"]):
            yield f"{made.id} of {made.booking_id}: {said}"
    for made in (*world.systems.uploads, *world.systems.mails):
        if not approvals[made.booking_id]:
            yield f"{made.id} of {made.booking_id} left without an approval."
    for booking_id, times in decisions.items():
        if times > 1:
            yield f"{booking_id} was decided {times} times."


def _begun(world: World, row: Any) -> float:
    """When a click's work began: who may is asked then, and its deed is written at its end."""
    for each in world.rows("SELECT key, started_at FROM follow_ups"):
        if each["key"] == row["origin"]:
            return _seconds(each["started_at"])
    return _seconds(row["at"])


def _of_another(world: World, approval: Any, guests: int) -> str:
    """Why an approval is not one of what was made; empty if it is."""
    click = next((d for d in world.deliveries if d.key == approval["origin"]), None)
    if click is None or click.who != approval["who"] or click.name != APPROVE:
        return "nobody pressed the button that is said to have approved it."
    if f"\n{guests} (the boat holds" not in click.seen:
        return f"{guests} guests were not on the card that was approved."
    return ""


def nothing_claimed(world: World) -> Iterator[str]:
    """Law 4: what a checklist calls done is there."""
    for shown in world.workspace.messages.values():
        booking_id, _, kind = shown.key.partition(":")
        if kind != "checklist" or shown.deleted:
            continue
        text = json.dumps(shown.message.blocks)
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
        if before.count(mail.booking_id) < 3:  # noqa: PLR2004 - the event, the page's two spellings
            yield f"{mail.id} of {mail.booking_id} tells of what is not there yet."


def _there(world: World, booking_id: str) -> dict[str, bool]:
    systems = world.systems
    return {
        "Calendar entry": any(e.booking_id == booking_id for e in systems.entries),
        "Crew event": any(e.booking_id == booking_id for e in systems.events),
        "Guest page": f"g/{booking_id}.html" in systems.objects,
        "CDN cache": any(r.startswith(booking_id) for r in systems.invalidations),
        "Operations mail": any(e.booking_id == booking_id for e in systems.mails),
    }


def told_as_it_is(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4: the messages that stand are those of the last state."""
    for charter in charters:
        booking_id = charter.booking_id
        card = world.workspace.standing(f"{booking_id}:card")
        if card and (APPROVE in buttons(card.message)) != (charter.state is State.PROPOSED):
            yield f"{booking_id} is {charter.state}, and its card does not show it."
        if charter.state not in _WORKING or card is None:
            continue
        listed = world.workspace.standing(f"{booking_id}:checklist")
        drawn = [checklist(charter, rich=rich) for rich in (True, False)]
        if listed and listed.message not in drawn:
            yield f"the checklist of {booking_id} shows an earlier state."
        ended = world.workspace.standing(f"{booking_id}:closing:{charter.run}")
        if charter.state is not State.RUNNING and ended and ended.message != closing(charter):
            yield f"the closing reply of {booking_id} shows an earlier state."
        deleted = any(s.deleted for s in world.workspace.messages.values())
        if not deleted and not (listed and ended):
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
        f"SELECT key FROM follow_ups WHERE action = '{CANCEL}' AND outcome = 'done' "  # noqa: S608
        f"AND booking_id = '{charter.booking_id}'"
    )
    page = world.systems.cached.get(f"/g/{charter.booking_id}", b'"cancelled":true')
    if charter.state is State.CANCELLED and published and b'"cancelled":true' not in page:
        yield f"{charter.booking_id} is cancelled, and guests are not told."
    live = charter.step("live_check")
    if charter.state is not State.DONE or live is None or live.artefact is None:
        return
    site = PublicSite(world.systems)
    for url in site.urls(charter.booking_id):
        if sha256(site.shown(url)).hexdigest() != live.artefact.facts["sha256"]:
            yield f"{url} is not the page that was checked."


def no_leak(world: World) -> Iterator[str]:
    """Law 5."""
    systems = world.systems
    for number, booking_id in enumerate(BOOKINGS):
        private = _spellings(PAYOUTS[number])
        for made in (*systems.entries, *systems.events, *systems.uploads, *systems.mails):
            if made.booking_id == booking_id and any(p in str(made.sent) for p in private):
                yield f"{made.id} of {booking_id} holds the payout."
        for shown in world.workspace.messages.values():
            if shown.key == f"{booking_id}:card":
                continue
            if any(p in json.dumps(shown.message.blocks) for p in private):
                yield f"the message {shown.key} holds the payout."
    for shown in world.workspace.messages.values():
        if "-canary-" in (said := json.dumps(shown.message.blocks)) or "example.com" in said:
            yield f"the message {shown.key} holds a secret or a contact."


def _spellings(amount: str) -> tuple[str, ...]:
    whole, _, cents = amount.partition(".")
    return amount, f"{whole[:-3]},{whole[-3:]}.{cents}", f"{whole}{cents}"


def _seconds(written: str) -> float:
    """A time of the database in seconds of the world."""
    return datetime.fromisoformat(f"{written}+00:00").timestamp() - BEGIN.timestamp()
