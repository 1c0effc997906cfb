"""Where the stories happen: what all people see, and everything that they pressed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from sandbox.driver import Sandbox
from sandbox.people import Person
from sandbox.slack.seen import Message
from tests.kills.stories import Story

T = TypeVar("T")
BOT = "U0CHARTERBOT"
_LOOKS_EVERY_SECONDS = 0.2
_CHANNEL_IS_OLD_SECONDS = 0.4


class NeverHappenedError(Exception):
    """What somebody waited for, long after the last kill."""


@dataclass(frozen=True)
class Press:
    """Somebody pressed something; `acked` if Slack got an acknowledgement. `at`: Unix time.

    `times`: how many presses that was, of which `acked` were acknowledged.
    """

    booking_id: str
    who: str
    action: str
    at: float
    acked: int
    times: int = 1


def key_of(message: Message) -> str:
    """The identity that the bot has given a message; "" for what is not the bot's."""
    return str(message.metadata.get("event_payload", {}).get("key", ""))


@dataclass
class Town:
    """The workspace and the systems of one stream.

    Attributes:
        sandbox: all that is outside of the bot.
        told: the stories that have begun.
        presses: what was pressed, in order.
        questions: what the bot asked a person about, by the ts of the reply that did: the booking,
            and the steps whose effect it could not look up.
        ends_at: the monotonic time after which nobody waits any longer; None for not yet known.
    """

    sandbox: Sandbox
    told: list[Story] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)
    ends_at: float | None = None
    _channel: tuple[float, list[Message]] = (0.0, [])
    _looking: Lock = field(default_factory=Lock)
    _forms: Mapping[str, Lock] = field(
        default_factory=lambda: {"U0CAPTAIN": Lock(), "U0MATE": Lock()}
    )

    def person(self, user: str) -> Person:
        return self.sandbox.slack.as_user(user)

    def form_of(self, user: str) -> Lock:
        """A person fills in one form at a time."""
        return self._forms[user]

    def until(self, fact: Callable[[], T], what: str) -> T:
        """The first true answer.

        Raises:
            NeverHappenedError: the stream is over, and it is still not so.
        """
        while not (answer := fact()):
            self.pause(what)
        return answer

    def pause(self, what: str) -> None:
        """Be patient for a moment.

        Raises:
            NeverHappenedError: the stream is over, so what was hoped for will not be.
        """
        if self.ends_at is not None and time.monotonic() > self.ends_at:
            raise NeverHappenedError(what)
        time.sleep(_LOOKS_EVERY_SECONDS)

    def card(self, booking_id: str) -> Message | None:
        """A charter's card as it is, or was a moment ago."""
        with self._looking:
            seen_at, shown = self._channel
            if time.monotonic() - seen_at > _CHANNEL_IS_OLD_SECONDS:
                shown = self.sandbox.slack.messages()
                self._channel = time.monotonic(), shown
        return next((each for each in shown if key_of(each) == f"{booking_id}:card"), None)

    def thread(self, card: Message) -> list[Message]:
        """The card as it is now, and what the bot said below it."""
        shown = self.sandbox.slack.messages(thread=card.ts)
        return [each for each in shown if each.user == BOT]

    def whispers(self, user: str, shown_id: str) -> int:
        """How often a person was told something about a charter that only they see."""
        seen = self.sandbox.slack.ephemerals(user)
        return sum(shown_id in each.plain for each in seen if each.user == BOT)
