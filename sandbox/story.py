"""The whole story, step by step: every claim of it is read back from the system it is about."""

import json
import re
import time
from functools import partial
from importlib import resources
from typing import Any, Protocol

from sandbox.driver import Sandbox
from sandbox.people import Person, Workspace
from sandbox.slack.seen import Message

BOOKING = "xhqgmdh"
SHOWN = BOOKING.upper()
MAIL = "1-xhqgmdh-instant-gmail.eml"
_CREW = 3
_PATIENCE = 60.0
_BY_HAND = {"payout": "840.75", "captain_fee": "150.00", "gate": "Gate B, code at the office"}
# The payout and the owner's net, as numbers of their own: ids and times hold such digits, too.
_AMOUNTS = re.compile(r"(?<![\d.])(?:840[.,]75|289[.,]41)(?!\d)|\$\s?(?:840|289)\b")


class StoryFailedError(Exception):
    """Something was not as the story says; the text says what."""


class Narrate(Protocol):
    """Where the story is told."""

    def chapter(self, title: str) -> None:
        """A new part begins."""

    def shown(self, text: str) -> None:
        """What a person sees."""

    def read_back(self, system: str, text: str) -> None:
        """What a system says of itself."""


class Story:
    """Tells and checks. `facts` grows as it goes."""

    def __init__(self, sandbox: Sandbox, teller: Narrate) -> None:
        self.facts: dict[str, Any] = {"booking_id": BOOKING}
        self._world = sandbox
        self._tell = teller
        self._slack = sandbox.slack
        self._captain: Person = sandbox.slack.as_user("U0CAPTAIN")

    def through(self) -> None:
        """From the mail to the last command.

        Raises:
            StoryFailedError: something could not be read back.
            AssertionError: something was not seen in Slack within a minute.
        """
        card = self._mail_becomes_card()
        self._one_click(card)
        self._five_systems()
        self._scrub(card)
        self._resend(card)
        self._invalidate(card)
        self._status()

    def _mail_becomes_card(self) -> Message:
        self._tell.chapter("A booking mail is forwarded to the channel")
        self._captain.forwards(resources.files("sandbox").joinpath("samples", MAIL).read_bytes())
        card = self._slack.wait_for_message(f"Booking: {SHOWN}", timeout=_PATIENCE)
        self._tell.shown(card.plain)
        return card

    def _one_click(self, card: Message) -> None:
        self._tell.chapter("One click: Approve (and an impatient second and third)")
        began = time.monotonic()
        self._captain.clicks(card, "approve", times=3)
        self._closing = self._slack.wait_until(
            partial(self._watch_thread, card, {}), _PATIENCE, "closing reply"
        )
        self.facts["run_seconds"] = round(time.monotonic() - began, 2)

    def _watch_thread(
        self, card: Message, seen: dict[str, str], slack: Workspace
    ) -> Message | None:
        """Show every state of every message in the thread; the closing reply once it is there."""
        closing = None
        for message in slack.messages(thread=card.ts):
            if message.is_reply and seen.get(message.ts) != message.plain:
                seen[message.ts] = message.plain
                self._tell.shown(message.plain)
            if "[Scrub revenue]" in message.plain:
                closing = message
        return closing

    def _five_systems(self) -> None:
        self._tell.chapter("What the systems themselves say")
        entries = self._world.calendar_entries(BOOKING)
        self._check("calendar", len(entries) == 1, f"{len(entries)} entry for {SHOWN}")
        events = self._world.crew_events(BOOKING)
        self._check("crew service", len(events) == 1, f"{len(events)} event for {SHOWN}")
        self._event_id = str(events[0]["event_id"])
        invited = [m for m in self._world.mails() if "@" in "".join(m["to"]) and _is_crew(m)]
        self._check("mailbox", len(invited) == _CREW, f"{len(invited)} crew mails, one a member")
        keys = self._world.objects("g/")
        pages = [f"g/{BOOKING}.html", f"g/{SHOWN}.html"]
        self._check("S3", sorted(keys) == sorted(pages), f"objects {', '.join(sorted(keys))}")
        live = [self._world.fetch(f"/g/{name}") for name in (BOOKING, SHOWN)]
        uploaded = self._world.object(pages[0])
        same = all(page.is_success and page.content == uploaded for page in live)
        self._check("edge", same, f"/g/{BOOKING} and /g/{SHOWN} show the page that was uploaded")
        mails = self._world.mails("ops@sailjada.com")
        self._check("mailbox", len(mails) == 1, f"operations mail “{mails[0]['subject']}”")
        self._no_money(events, live[0].content)
        self.facts |= {
            "calendar_entry": entries[0]["id"],
            "crew_event": self._event_id,
            "guest_page": f"/g/{BOOKING}",
            "crew_mails": len(invited),
        }

    def _no_money(self, events: list[dict[str, Any]], page: bytes) -> None:
        crew = json.dumps([events, [m for m in self._world.mails() if _is_crew(m)]], default=str)
        clean = not any(_AMOUNTS.search(text) for text in (crew, str(page)))
        self._check("money", clean, "the payout is nowhere that crew or guests can look")

    def _scrub(self, card: Message) -> None:
        self._tell.chapter("Somebody wrote revenue into the crew event by hand: Scrub revenue")
        self._world.write_event_by_hand(self._event_id, notes=json.dumps(_BY_HAND))
        self._captain.clicks(self._closing, "scrub_revenue")
        self._tell.shown(self._in_thread(card, "removed from the stored crew event").plain)
        notes = json.loads(self._world.crew_events(BOOKING)[0]["notes"])
        self._check("DynamoDB", notes == {"gate": _BY_HAND["gate"]}, f"notes are {notes}")

    def _resend(self, card: Message) -> None:
        self._tell.chapter("Resend crew links")
        before = sum(map(_is_crew, self._world.mails()))
        self._captain.clicks(self._closing, "resend_crew_links")
        self._tell.shown(self._in_thread(card, "fresh crew links mailed").plain)
        sent = sum(map(_is_crew, self._world.mails())) - before
        self._check("mailbox", sent == _CREW, f"{sent} more crew mails")
        self.facts["resent"] = sent

    def _invalidate(self, card: Message) -> None:
        self._tell.chapter("Invalidate cache")
        self._captain.clicks(self._closing, "invalidate_cache")
        self._tell.shown(self._in_thread(card, "The live page is what was published").plain)
        cached = [e for e in self._world.edge_cache() if BOOKING in str(e).lower()]
        self._check("edge", bool(cached), "the page was fetched afresh and compared")

    def _status(self) -> None:
        self._tell.chapter(f"/charter status {SHOWN}")
        answers = self._captain.types(f"/charter status {BOOKING}")
        self._check("Slack", len(answers) == 1 and SHOWN in answers[0], "one ephemeral answer")
        self._tell.shown(answers[0])

    def _in_thread(self, card: Message, text: str) -> Message:
        return self._slack.wait_for_message(text, thread=card.ts, timeout=_PATIENCE)

    def _check(self, system: str, holds: bool, text: str) -> None:
        if not holds:
            raise StoryFailedError(f"{system}: not so: {text}")
        self._tell.read_back(system, text)


def _is_crew(mail: dict[str, Any]) -> bool:
    return "magic_link" in (mail["text"] or "")
