"""What there is when everything has come to rest: read from the systems, once for all charters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack.seen import Message
from tests.kills.stories import CAPTAIN, MATE, STRANGER, Story
from tests.kills.town import BOT, Press, Town, key_of

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A guest page under one spelling: what is stored, and the answer that the public gets."""

    stored: bytes | None
    status: int
    shown: bytes


@dataclass(frozen=True)
class Evidence:
    """What Slack, the outside systems and the people themselves say.

    `failed`: what did not happen in stories that never ended, by booking. `rested`: whether the
    bot had nothing left to do.
    `questions`: which steps the bot asked a person about, in the order of asking; by booking.
    """

    stories: tuple[Story, ...]
    messages: tuple[Message, ...]
    whispers: tuple[Message, ...]
    entries: tuple[Item, ...]
    events: tuple[Item, ...]
    mails: tuple[Item, ...]
    pages: Mapping[str, tuple[Page, ...]]
    presses: tuple[Press, ...]
    questions: Mapping[str, Sequence[str]]
    failed: Mapping[str, str]
    rested: bool

    def cards(self, booking_id: str) -> list[Message]:
        return [each for each in self.messages if key_of(each) == f"{booking_id}:card"]

    def thread(self, booking_id: str) -> list[Message]:
        """What the bot said below a charter's card."""
        cards = {each.ts for each in self.cards(booking_id)}
        return [m for m in self.messages if m.is_reply and m.thread_ts in cards and m.user == BOT]


def gathered(town: Town, *, failed: Mapping[str, str], rested: bool) -> Evidence:
    """All of it, as it is now."""
    sandbox = town.sandbox
    questions: dict[str, list[str]] = {}
    for booking_id, asked in town.questions.values():
        questions.setdefault(booking_id, []).append(asked)
    return Evidence(
        stories=tuple(town.told),
        messages=tuple(sandbox.slack.messages()),
        whispers=tuple(
            each for user in (CAPTAIN, MATE, STRANGER) for each in sandbox.slack.ephemerals(user)
        ),
        entries=tuple(sandbox.calendar_entries()),
        events=tuple(sandbox.crew_events()),
        mails=tuple(sandbox.mails()),
        pages={each.booking_id: _pages(town, each) for each in town.told},
        presses=tuple(town.presses),
        questions=questions,
        failed=failed,
        rested=rested,
    )


def _pages(town: Town, story: Story) -> tuple[Page, ...]:
    found = []
    for name in (story.booking_id, story.shown_id):
        answer = town.sandbox.fetch(f"/g/{name}")
        stored = town.sandbox.object(f"g/{name}.html")
        found.append(Page(stored, answer.status_code, answer.content))
    return tuple(found)
