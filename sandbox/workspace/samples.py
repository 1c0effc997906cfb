"""The shelf: mails that a person forwards to the channel with one click."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from sandbox.mistakes import NotThereError
from sandbox.workspace.fresh import Fresh, hours_ago, next_saturday

Json = dict[str, Any]
_HOSTILE = '<script>alert("x")</script> <b>"Bold" & \'Brave\'</b> <!channel> <@U0CAPTAIN> *_~`'
_FOREIGN = "שלום עולם \u202eמרינה \U0001f389\U0001f9d1\u200d✈️⚓"  # noqa: RUF001 - Hebrew is meant
_ENDLESS = "Longwindedness" * 15
_LONGEST = 3_000


@dataclass(frozen=True)
class Sample:
    """A mail on the shelf. `kind` is how it reads; `source` a file of sandbox/samples or fresh."""

    name: str
    title: str
    what: str
    kind: str
    source: Fresh | str


SHELF = (
    Sample(
        "next_saturday",
        "Next Saturday, 10:00 AM",
        "A new instant booking for four. Forward it twice to see two bookings in each other's way.",
        "new",
        Fresh(next_saturday),
    ),
    Sample(
        "under_way",
        "Under way now",
        "A booking that began an hour ago and ends in two.",
        "new",
        Fresh(hours_ago(1), renter="Tomás", passengers=6, payout="$1,120.00"),
    ),
    Sample(
        "ended",
        "Ended an hour ago",
        "A booking that is over, so that its guests can send their photos.",
        "new",
        Fresh(hours_ago(4), renter="Raquel", passengers=2, payout="$464.62"),
    ),
    Sample(
        "instant",
        "XHQGMDH, 30 May 2026",
        "An instant booking as it came, forwarded with Gmail.",
        "new",
        "1-xhqgmdh-instant-gmail.eml",
    ),
    Sample(
        "changed",
        "XHQGMDH is changed",
        "The same booking moved to noon.",
        "changed",
        "5-xhqgmdh-changed-gmail.eml",
    ),
    Sample(
        "cancelled",
        "XHQGMDH is cancelled",
        "The renter of the same booking cancels it.",
        "cancelled",
        "4-xhqgmdh-cancelled-gmail.eml",
    ),
    Sample(
        "reminder",
        "A reminder about XHQGMDH",
        "It names a booking and must never become one.",
        "informational",
        "6-xhqgmdh-reminder-gmail.eml",
    ),
    Sample(
        "approved",
        "KXWGPZT, without a payout",
        "An approved request that does not say what it earns, forwarded with Apple Mail.",
        "new",
        "3-kxwgpzt-approved-apple.eml",
    ),
    Sample(
        "outlook",
        "XDZBTLW, from Outlook",
        "An instant booking for six, forwarded with Outlook on the web.",
        "new",
        "8-xdzbtlw-instant-outlook-web.eml",
    ),
    Sample(
        "hostile",
        "A renter with an odd name",
        "Markup, mentions, quotes, right-to-left words, emoji and a note of 3,000 characters.",
        "new",
        Fresh(
            next_saturday,
            renter=f"{_HOSTILE} {_FOREIGN}",
            add_ons=f"{_ENDLESS} {_FOREIGN}",
            note=(f"{_HOSTILE} {_FOREIGN} {_ENDLESS} " * 10)[:_LONGEST],
        ),
    ),
    Sample(
        "hostile_listing",
        "A boat with an odd name",
        "The same in the name of a boat that nobody knows, so it has to be edited first.",
        "new",
        Fresh(next_saturday, renter=_FOREIGN, listing=f"Sail {_HOSTILE} {_FOREIGN}"),
    ),
)


class Samples:
    """The shelf of one rehearsal, by the time of `clock`."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._by_name = {sample.name: sample for sample in SHELF}
        self._numbers = itertools.count(1)

    def described(self) -> list[Json]:
        return [{"name": s.name, "title": s.title, "what": s.what, "kind": s.kind} for s in SHELF]

    def mail(self, name: str) -> bytes:
        """The mail; a fresh one is another booking each time."""
        if name not in self._by_name:
            raise NotThereError(f"There is no mail called {name} on the shelf.")
        source = self._by_name[name].source
        if isinstance(source, Fresh):
            return source.mail(name, next(self._numbers), self._clock())
        return resources.files("sandbox").joinpath("samples", source).read_bytes()
