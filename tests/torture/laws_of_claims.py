"""What is claimed, aside or in threads, held against what the systems held when it was said."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.message import Message
from bot.views.press import APPROVE, REJECT_MODAL, RESEND
from tests.torture.laws_of_truth import seconds
from tests.torture.outside import BOOKINGS, Made
from tests.torture.reading import read
from tests.torture.weather import Fault
from tests.torture.world import World

_DECIDED = re.compile(r"\b(approved|rejected) by <@(\w+)>", re.IGNORECASE)
_BY = {APPROVE: "approved", REJECT_MODAL: "rejected"}
_ABOUT = re.compile("|".join(booking_id.upper() for booking_id in BOOKINGS))
_TOLD, _NO_PAGE = "The guest page says so.", "There is no guest page."
_SEEN = (_TOLD, "The live page is what was published")
_SPELLINGS = 2
_NONE_MAILED = "no crew links were mailed"


@dataclass(frozen=True)
class _Said:
    """Something that was said about a booking. `written`: without the signs of bold print."""

    at: float
    booking_id: str
    written: str


def claimed(world: World) -> Iterator[str]:
    """Law 4."""
    decided = _decided(world)
    for each in _all_said(world):
        for verb, who in _DECIDED.findall(each.written):
            if (each.booking_id, verb.lower(), who) not in decided:
                yield f"{each.booking_id} is said to be {verb.lower()} by {who}, and was not."
        for label, made in _makes(world).items():
            if f"{label}: done" in each.written and not _before(made, each):
                yield f"{each.booking_id}: {label} is said to be done at {each.at:.2f} s, and was not."
        pages = [made.sent for made in _before(world.systems.uploads, each)]
        if (
            _TOLD in each.written
            and sum(b'"cancelled":true' in page for page in pages) < _SPELLINGS
        ):
            yield f"{each.booking_id}: its guest page is said to tell that it is cancelled."
        if _NO_PAGE in each.written and pages:
            yield f"{each.booking_id} is said to have no guest page, and has one."
    yield from _looked_at(world)
    yield from _mailed_all_the_same(world)


def _all_said(world: World) -> Iterator[_Said]:
    for at, _, message in world.workspace.whispers:
        yield from _about(at, message)
    for shown in world.workspace.messages.values():
        for at, message in shown.versions:
            yield from _about(at, message)


def _about(at: float, message: Message) -> Iterator[_Said]:
    written = f"{message.text}\n{read(message)}".replace("*", "")
    if booking := _ABOUT.search(written):
        yield _Said(at, booking[0].lower(), written)


def _decided(world: World) -> set[tuple[str, str, str]]:
    """Who decided what, by the button or the form that they sent off for it."""
    clicks = {each.key: each for each in world.deliveries}
    return {
        (row["booking_id"], row["what"], row["who"])
        for row in world.rows("SELECT booking_id, what, who, origin FROM audit")
        if (click := clicks.get(row["origin"])) is not None
        and (_BY.get(click.name), click.who) == (row["what"], row["who"])
    }


def _makes(world: World) -> dict[str, list[Made]]:
    systems = world.systems
    return {
        "Calendar entry": systems.entries,
        "Crew event": systems.events,
        "Guest page": systems.uploads,
        "Operations mail": systems.mails,
    }


def _before(made: list[Made], said: _Said) -> list[Made]:
    return [each for each in made if each.booking_id == said.booking_id and each.at <= said.at]


def _answers(world: World) -> Iterator[tuple[Any, float, str]]:
    """Each click's work, with what was first said to it in the thread, and when."""
    for row in world.rows("SELECT key, booking_id, action, outcome, started_at FROM follow_ups"):
        for shown in world.workspace.of_key(f"{row['key']}:answer")[:1]:
            at, message = shown.versions[0]
            yield row, at, f"{message.text}\n{read(message)}"


def _looked_at(world: World) -> Iterator[str]:
    """Whoever says what the public sees has seen it, under both spellings, since the click."""
    for row, at, said in _answers(world):
        seen = sum(
            call.name == "site.fetch"
            and (call.job, call.booking_id) == ("follow_up", row["booking_id"])
            and call.fault in {None, Fault.SLOW}
            and seconds(row["started_at"]) <= call.at <= at
            for call in world.wire.calls
        )
        if seen < _SPELLINGS and any(claim in said for claim in _SEEN):
            yield f"{row['booking_id']}: it is said what the public sees, and nobody has seen it."


def _mailed_all_the_same(world: World) -> Iterator[str]:
    """Of the clicks that were to mail the crew, those that are said to have mailed nobody have not."""
    may = Counter(
        row["booking_id"]
        for row in world.rows(
            f"SELECT booking_id FROM follow_ups WHERE action = '{RESEND}' AND outcome != 'refused'"
        )
    )
    for row, _, said in _answers(world):
        if row["action"] == RESEND:
            may[row["booking_id"]] -= row["outcome"] == "failed" or _NONE_MAILED in said.lower()
    mailed = Counter(each.booking_id for each in world.systems.resends)
    for booking_id, times in mailed.items():
        if times > may[booking_id]:
            yield f"{booking_id}: crew links are said not to be mailed, and were."
