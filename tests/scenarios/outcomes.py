"""What other systems received, and what stands in the thread: read back for the scenarios."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from booking_mails import booking_mail
from scenario_world import World

from sandbox.people import Person
from sandbox.slack.seen import Message

T = TypeVar("T")
BOT = "U0CHARTERBOT"
CREW = ("captain@example.com", "crew.one@example.com", "crew.two@example.com")


def propose(world: World, booking_id: str, **about: Any) -> Message:
    """The card of a booking whose mail was just forwarded; `about` as for `booking_mail`."""
    world.captain.forwards(booking_mail(booking_id, **about))
    return world.card(booking_id)


def fresh(world: World, card: Message) -> Message:
    """The card as it is now."""
    return next(each for each in world.slack.messages() if each.ts == card.ts)


def card_until(world: World, card: Message, text: str) -> Message:
    """The card as soon as it shows `text`."""
    return world.slack.wait_until(
        lambda _: (now := fresh(world, card)) and (now if text in now.plain else None),
        what=f"card with {text!r}",
    )


def replies(world: World, card: Message) -> list[Message]:
    """What the bot said in the charter's thread."""
    return [m for m in world.slack.messages(thread=card.ts) if m.is_reply and m.user == BOT]


def dumb(message: Message) -> bool:
    """Whether a message has no buttons (any more)."""
    return not message.buttons


def operations_mails(world: World, booking_id: str) -> list[dict]:
    return [
        m for m in world.sandbox.mails("ops@sailjada.com") if booking_id.upper() in m["subject"]
    ]


def assert_one_of_each(
    world: World, booking_id: str, *, crew: Iterable[str] = CREW, operations: int = 1
) -> None:
    """One calendar entry, one crew event, one crew mail a member, one page, one operations mail."""
    sandbox = world.sandbox
    assert len(sandbox.calendar_entries(booking_id)) == 1
    events = sandbox.crew_events(booking_id)
    assert len(events) == 1
    assert events[0]["calendar_entry_id"] == sandbox.calendar_entries(booking_id)[0]["id"]
    called = Counter(to for mail in world.crew_mails(booking_id) for to in mail["to"])
    assert called == Counter(crew)
    assert_page_is_live(world, booking_id)
    assert len(operations_mails(world, booking_id)) == operations


def assert_page_is_live(world: World, booking_id: str) -> None:
    """Both spellings show the public what was uploaded."""
    pages = [world.sandbox.object(f"g/{name}.html") for name in _spellings(booking_id)]
    assert pages[0]
    assert pages[0] == pages[1]
    for name in _spellings(booking_id):
        shown = world.sandbox.fetch(f"/g/{name}")
        assert (shown.status_code, shown.content) == (200, pages[0])


def assert_whole_story(world: World, card: Message) -> None:
    """One card without buttons, one checklist and one closing reply that all say it is done."""
    booking_id = shown_id(card)
    cards = [m for m in world.slack.messages() if f"Booking: {booking_id} " in m.plain]
    assert len(cards) == 1
    assert dumb(cards[0])
    said = [m.plain for m in replies(world, card)]
    assert sum(text.startswith(f"Charter {booking_id}: ") for text in said) == 1
    assert sum(f"{booking_id} is set up" in text for text in said) == 1


def called_for_a_person(world: World, card: Message) -> Message:
    """The closing reply of a run that did not end well: in the channel too, and with Retry."""
    closing = world.closing(card)
    assert f"{shown_id(card)} needs a person" in closing.plain
    assert closing.broadcast
    assert closing.buttons[-1] == "Retry"
    assert "What happened" in closing.plain
    card_until(world, card, "Needs a person: ")
    return closing


def assert_completed(world: World, card: Message, *, operations: int = 1) -> None:
    """Everything is there once, and nothing in the thread calls for a person any more."""
    assert_one_of_each(world, shown_id(card).lower(), operations=operations)
    assert_whole_story(world, card)
    assert not any("[Retry]" in reply.plain for reply in replies(world, card))


def shown_id(card: Message) -> str:
    """The booking id that a card shows."""
    return card.plain.partition("Booking: ")[2].split()[0]


def assert_nothing_happened(world: World, booking_id: str) -> None:
    """No other system heard of the booking."""
    assert world.sandbox.calendar_entries(booking_id) == []
    assert world.sandbox.crew_events(booking_id) == []
    assert world.sandbox.object(f"g/{booking_id}.html") is None
    assert operations_mails(world, booking_id) == []


def audited(world: World, booking_id: str) -> list[tuple[str, str]]:
    """Who did what to a charter, as the bot's own record has it."""
    return _asked(world, "SELECT who, what FROM audit WHERE booking_id = ? ORDER BY id", booking_id)


def step_state(world: World, booking_id: str, step: str) -> str | None:
    """How a step stands, at the moment; the thread follows a little later."""
    query = "SELECT state FROM steps WHERE booking_id = ? AND name = ?"
    return next((state for (state,) in _asked(world, query, booking_id, step)), None)


def worked_off(world: World, which: str) -> None:
    """Wait until the bot has written down what mails were, as it does last.

    `which`: the ts of their message, or the key of one.
    """
    query = "SELECT count(*), count(kind) FROM mails WHERE ? IN (ts, key)"

    def settled() -> bool:
        ((kept, told),) = _asked(world, query, which)
        return bool(kept) and kept == told

    until(settled, f"what the mails of {which} were")


def _asked(world: World, query: str, *values: str) -> list[tuple[str, ...]]:
    database = world.sandbox.env["CHARTER_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def until(fact: Callable[[], T], what: str, timeout: float = 30.0) -> T:
    """The first true answer about other systems, which announce nothing."""
    deadline = time.monotonic() + timeout
    while not (answer := fact()):
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        time.sleep(0.02)
    return answer


def until_met(world: World) -> None:
    """Wait until every counted fault has been met by a call."""
    until(lambda: not world.sandbox.faults.all(), "a call for every fault")


def asked(world: World, target: str, operation: str) -> int:
    """How often an operation was asked for, faults included."""
    return sum(call["operation"] == operation for call in world.sandbox.calls(target))


def retried(world: World, card: Message) -> Message:
    """The thread after Retry was pressed and the charter got set up."""
    world.captain.clicks(world.closing(card), "retry")
    return world.said(card, "is set up")


def told(world: World, person: Person, text: str, *, times: int = 1) -> list[Message]:
    """Ephemerals with `text` that only this person sees, as soon as there are so many."""

    def shown(_: object) -> list[Message]:
        found = world.whispers(person, text)
        return found if len(found) >= times else []

    return world.slack.wait_until(shown, what=f"{times} ephemerals with {text!r}")


def _spellings(booking_id: str) -> tuple[str, str]:
    return booking_id, booking_id.upper()
