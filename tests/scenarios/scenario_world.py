"""The rehearsal, the bot and the people of a scenario."""

import re
from dataclasses import dataclass
from pathlib import Path

from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox
from sandbox.people import Person, Workspace
from sandbox.slack.seen import Message

MAILS = Path(__file__).parents[1] / "mails" / "boatsetter"
SAMPLE = (MAILS / "1-xhqgmdh-instant-gmail.eml").read_text("utf-8")


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
    whole = re.sub(r"(?<!=)=\n", "", SAMPLE)  # its HTML breaks words at the end of a line
    text = whole.replace("xhqgmdh", booking_id)
    for old, new in changes.items():
        assert old in text, f"the sample does not say {old!r}"
        text = text.replace(old, new)
    return text.encode()


def words(text: str) -> str:
    """Text with its white space folded, for comparing what is shown."""
    return re.sub(r"\s+", " ", text)
