"""What must hold after a storm of events, in sentences for those who broke it.

It is judged by the sender's answers, by what people see in Slack and by what other systems hold.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bench.storm_events import Event
from sandbox.driver import Sandbox
from sandbox.slack.cast import IDENTITY
from sandbox.slack.seen import Message

ACK_SECONDS, GROWTH_MB = 3.0, 50.0
_PATIENCE_SECONDS = 120.0
_LOOKS_EVERY_SECONDS = 1.0
_AFTERWARDS_SECONDS = 3.0
Answers = list[tuple[str, int, float]]


@dataclass(frozen=True)
class Wanted:
    """What the storm must come to: a card for each of `waiting`, and `approved` set up."""

    waiting: list[str]
    approved: list[str]
    homes: frozenset[str]


def homes_opened(events: list[Event]) -> frozenset[str]:
    """The users who open the app's Home in a storm."""
    opened = [each.body.decode() for each in events if each.kind == "home opened"]
    return frozenset(body.partition('"user": "')[2].partition('"')[0] for body in opened)


def settle(sandbox: Sandbox, wanted: Wanted) -> None:
    """Wait until all is there, as long as something comes about; what is not there is judged."""
    least, patience = None, time.monotonic() + _PATIENCE_SECONDS
    while (missing := sum(1 for _ in _missing(sandbox, wanted))) and time.monotonic() < patience:
        if least is None or missing < least:
            least, patience = missing, time.monotonic() + _PATIENCE_SECONDS
        time.sleep(_LOOKS_EVERY_SECONDS)
    time.sleep(_AFTERWARDS_SECONDS)  # what is one too many would come by now


def unacknowledged(answers: Answers) -> Iterator[str]:
    """What was not answered, or not with what says that it is taken."""
    for (kind, status), number in Counter((kind, status) for kind, status, _ in answers).items():
        if status != 200:
            yield f"{number} of {kind} were answered {status or 'nothing'}"


def late(answers: Answers) -> Iterator[str]:
    """What was answered when Slack had given it up."""
    if number := sum(status == 200 and seconds > ACK_SECONDS for _, status, seconds in answers):
        yield f"{number} were acknowledged later than in {ACK_SECONDS:.0f} s"


def violations(sandbox: Sandbox, wanted: Wanted) -> Iterator[str]:
    """What was lost, doubled, or said without a cause."""
    yield from _missing(sandbox, wanted)
    yield from _too_many(sandbox, wanted)


def _missing(sandbox: Sandbox, wanted: Wanted) -> Iterator[str]:
    cards = _cards(sandbox)
    for booking in (*wanted.waiting, *wanted.approved):
        if booking not in cards:
            yield f"{booking}: its mail was lost"
    for booking in wanted.approved:
        if booking in cards and not _said(sandbox, cards[booking][0], " is set up"):
            yield f"{booking}: it was approved, and is not set up"
    published = {call["arguments"]["user_id"] for call in sandbox.slack.calls("views.publish")}
    for user in sorted(wanted.homes - published):
        yield f"{user}: opened a Home that shows nothing"


def _too_many(sandbox: Sandbox, wanted: Wanted) -> Iterator[str]:
    for booking, cards in _cards(sandbox).items():
        if len(cards) > 1:
            yield f"{booking}: {len(cards)} cards"
    for booking, message in ((b, cards[0]) for b, cards in _cards(sandbox).items()):
        approved = booking in wanted.approved
        for what, number in _made(sandbox, booking, message).items():
            if number != approved:
                yield f"{booking}: {number} of {what}, and it was approved {int(approved)} times"
    ours = [m for m in sandbox.slack.messages() if m.user == IDENTITY.bot_user and not m.is_reply]
    if other := [m.plain for m in ours if "Booking: " not in m.plain]:
        yield f"nobody asked for {len(other)} messages, such as {other[0]!r}"


def _made(sandbox: Sandbox, booking: str, card: Message) -> dict[str, int]:
    """What an approval makes once."""
    mails = [m for m in sandbox.mails() if booking.upper() in m["subject"]]
    addressed = Counter(to for mail in mails for to in mail["to"])
    return {
        "the calendar's entries": len(sandbox.calendar_entries(booking)),
        "the crew's events": len(sandbox.crew_events(booking)),
        "mails to one address": max(addressed.values(), default=0),
        "checklists": _said(sandbox, card, f"Charter {booking.upper()}: "),
        "closing replies": _said(sandbox, card, " is set up"),
    }


def _cards(sandbox: Sandbox) -> dict[str, list[Message]]:
    """By the booking's id."""
    found: dict[str, list[Message]] = {}
    for message in sandbox.slack.messages():
        if "Booking: " in message.plain and not message.is_reply:
            shown = message.plain.partition("Booking: ")[2].split()[0].lower()
            found.setdefault(shown, []).append(message)
    return found


def _said(sandbox: Sandbox, card: Message, words: str) -> int:
    return sum(m.is_reply and words in m.plain for m in sandbox.slack.messages(thread=card.ts))
