"""One rehearsal and one bot for all scenarios of a worker; every scenario has bookings of its own."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from sandbox.people import Person, Workspace
from sandbox.slack.seen import Message

HURRIED = (sys.executable, str(Path(__file__).with_name("hurried_bot.py")), "run")
MAILS = Path(__file__).parents[1] / "mails" / "boatsetter"
SAMPLE = (MAILS / "1-xhqgmdh-instant-gmail.eml").read_text("utf-8")
_LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True)
class World:
    """The rehearsal and the bot in it, with the people of the workspace.

    `before`: the whispers of earlier scenarios, which are no answer to this one.
    """

    sandbox: Sandbox
    bot: BotProcess
    before: frozenset[str] = frozenset()

    @property
    def slack(self) -> Workspace:
        return self.sandbox.slack

    @property
    def captain(self) -> Person:
        return self.slack.as_user("U0CAPTAIN")

    @property
    def mate(self) -> Person:
        """An operator by way of a user group."""
        return self.slack.as_user("U0MATE")

    @property
    def crew(self) -> Person:
        return self.slack.as_user("U0CREW")

    @property
    def stranger(self) -> Person:
        return self.slack.as_user("U0STRANGER")

    def card(self, booking_id: str) -> Message:
        """The booking's card, waited for."""
        return self.slack.wait_for_message(f"Booking: {booking_id.upper()}")

    def proposed(self, booking_id: str, **changes: str) -> Message:
        """The card of a booking whose mail was just forwarded."""
        self.captain.forwards(mail(booking_id, **changes))
        return self.card(booking_id)

    def approved(self, booking_id: str, **changes: str) -> Message:
        """The card of a charter whose run has ended well."""
        card = self.proposed(booking_id, **changes)
        self.captain.clicks(card, "approve")
        self.said(card, "is set up")
        return card

    def said(self, card: Message, text: str, timeout: float = 40.0) -> Message:
        """A reply in the charter's thread, waited for."""
        return self.slack.wait_for_message(text, thread=card.ts, timeout=timeout)

    def closing(self, card: Message) -> Message:
        """The reply with the buttons."""
        return self.slack.wait_until(
            lambda slack: next(
                (
                    m
                    for m in reversed(slack.messages(thread=card.ts))
                    if "[Scrub revenue]" in m.plain or "[Retry]" in m.plain
                ),
                None,
            ),
            40.0,
            "closing reply with buttons",
        )

    def whispers(self, person: Person, text: str) -> list[Message]:
        """Ephemerals with `text` that only this person sees, of this scenario."""
        seen = self.slack.ephemerals(person.user)
        return [m for m in seen if m.ts not in self.before and text in m.plain]

    def whispered(self, person: Person, text: str, timeout: float = 20.0) -> Message:
        """An ephemeral message that only this person sees, waited for."""
        return self.slack.wait_until(
            lambda _: next(iter(self.whispers(person, text)), None),
            timeout,
            f"ephemeral with {text!r} for {person.user}",
        )

    def crew_mails(self, booking_id: str) -> list[dict]:
        """The magic links that the crew got for this booking's event."""
        events = [e["event_id"] for e in self.sandbox.crew_events(booking_id)]
        return [
            m
            for m in self.sandbox.mails()
            if any(event in (m["text"] or "") for event in events) and "magic" in m["text"]
        ]


def mail(booking_id: str, **changes: str) -> bytes:
    """The sample booking mail with another id, and with other words where asked.

    `changes` maps the sample's words to others, such as **{"Marisol": "Ana"}.
    """
    text = SAMPLE.replace("xhqgmdh", booking_id)
    for old, new in changes.items():
        assert old in text, f"the sample does not say {old!r}"
        text = text.replace(old, new)
    return text.encode()


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    root = tmp_path_factory.mktemp("scenarios")
    with (
        start_sandbox(root, rate_scale=50.0, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, root, command=HURRIED) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


@pytest.fixture
def world(running: World) -> Iterator[World]:
    """The rehearsal without faults, its bot running."""
    if not running.bot.running:
        running.bot.start()
        running.bot.wait_ready(60)
    people = ("U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER")
    before = frozenset(m.ts for user in people for m in running.slack.ephemerals(user))
    yield replace(running, before=before)
    running.sandbox.faults.clear()
    running.sandbox.clear_latencies()


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture(scope="session")
def new_id(_numbers: Iterator[int]) -> Callable[[], str]:
    """Booking ids that no other scenario uses."""

    def make() -> str:
        number, letters = next(_numbers), []
        for _ in range(6):
            number, rest = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[rest])
        return "z" + "".join(letters)

    return make


@pytest.fixture
def booking_id(new_id: Callable[[], str]) -> str:
    """A booking of this scenario's own, on a day of its own: see `on_its_own_day`."""
    return new_id()


def words(text: str) -> str:
    """Text with its white space folded, for comparing what is shown."""
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="session")
def discreet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Another deployment: no payout on cards, and crew links minted here and mailed by SES."""
    root = tmp_path_factory.mktemp("discreet")
    settings = {"slack": {"show_payout": False}, "crew_service": {"resend": "ses"}}
    with (
        start_sandbox(root, rate_scale=50.0, retry_scale=0.02, settings=settings) as sandbox,
        BotProcess(sandbox.env, root) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


@pytest.fixture(scope="session")
def hung(running: World, new_id: Callable[[], str]) -> dict[str, Message]:
    """Cards of approved charters whose crew service does not answer, by the fault."""
    cards = {}
    for number, kind in enumerate(("timeout_before", "timeout_after")):
        day = {"May 30, 2026": f"Oct {10 + 2 * number}, 2032"}
        cards[kind] = running.proposed(new_id(), **day)
        running.sandbox.faults.add("crew_service", kind, operation="create_event")
        running.captain.clicks(cards[kind], "approve")
        running.said(cards[kind], "Live check: done")
        assert not running.sandbox.faults.all()
    return cards
