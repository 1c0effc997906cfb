"""What a booking says, and what about it gives pause: the body of the approval card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, RichTextElement

from bot.domain.charter import State
from bot.domain.money_search import holds_amount
from bot.domain.progress import Conflict, Overview
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.text import clock, is_amount, money, plain, shown_id, span, when

MOST = 6
"""Of anything that can be long, so many are listed; the rest is counted."""

LABELS: Mapping[str, str] = {
    "booking_id": "Booking id",
    "listing": "Listing",
    "renter": "Renter",
    "renter_email": "Renter's e-mail",
    "starts_at": "Start",
    "ends_at": "End",
    "duration_minutes": "Duration",
    "passengers": "Guests",
    "location": "Location",
    "captain": "Captain",
    "add_ons": "Add-ons",
    "owner_payout": "Payout",
    "currency": "Currency",
    "cancellation_policy": "Cancellation policy",
}
_MONEY = frozenset({"owner_payout", "currency"})
_HIDDEN = "(not shown: it names an amount)"
_MOST_SEARCHED = 1000


@dataclass(frozen=True)
class Sight:
    """What a card is drawn from, and what its readers may see. `words`: the mail's, by field."""

    overview: Overview
    now: datetime
    show_payout: bool
    sums: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def open(self) -> bool:
        """Whether the card still waits for a decision."""
        return self.overview.state is State.PROPOSED and self.overview.decision is None

    def veil(self, text: str | None) -> str | None:
        """Words from the mail as the readers may see them."""
        payout = self.overview.proposal.booking.owner_payout
        if self.show_payout or not text or payout is None or not is_amount(payout):
            return text
        seen = plain(text, _MOST_SEARCHED)
        return _HIDDEN if holds_amount(seen, (payout,)) else seen


def facts(sight: Sight) -> Block:
    """Everything that was booked."""
    overview, proposal, booking = (
        sight.overview,
        sight.overview.proposal,
        sight.overview.proposal.booking,
    )
    rows: list[tuple[str, str | None]] = [
        ("Booking", f"{shown_id(overview.booking_id)} ({proposal.marketplace})"),
        ("Boat", proposal.boat.name if proposal.boat else "not known"),
        ("Listing", sight.veil(booking.listing)),
        ("When", when(overview) or _end_alone(overview) or "not known"),
        ("Guests", _guests(overview)),
        ("Renter", sight.veil(booking.renter)),
        ("Captain", booking.captain),
        ("Location", sight.veil(booking.location)),
        ("Add-ons", sight.veil(booking.add_ons)),
        ("Cancellation policy", sight.veil(booking.cancellation_policy)),
        *_owners_money(sight),
        ("Crew to be called", listed(proposal.crew) or "nobody"),
        ("Their tasks", listed(proposal.crew_tasks)),
    ]
    return blocks.rich(blocks.fact(label, value) for label, value in rows if value)


def concerns(sight: Sight, blockers: tuple[str, ...]) -> list[Block]:
    """What is missing, unsure or against it; nothing once the card is decided."""
    if not sight.open:
        return []
    settle = [(blocks.words(sight.veil(sentence)),) for sentence in blockers]
    warnings = [(blocks.words(said),) for said in sight.overview.proposal.warnings(sight.now)]
    sections = (
        ("To be settled before it can be approved", settle),
        ("Read from the mail, but not sure", _unsure(sight)),
        ("Warnings", [*warnings, *_conflicts(sight.overview)]),
    )
    return [blocks.rich([], title=title, bullets=lines) for title, lines in sections if lines]


def origin(overview: Overview) -> Block:
    """Where the booking came from, and that nobody vouches for it."""
    mail = overview.mail.permalink if overview.mail else None
    return blocks.rich(
        [
            (
                blocks.bold("Sender not verified"),
                blocks.glue(": a forwarded mail does not prove who wrote it. "),
                blocks.link(mail, "Read the mail")
                if mail
                else blocks.glue("The mail has no link."),
            )
        ]
    )


def listed(names: tuple[str, ...], most: int = 12) -> str:
    """Names in a row; the first `most` of them, and how many more."""
    shown = ", ".join(plain(name, 60) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _guests(overview: Overview) -> str:
    boat, passengers = overview.proposal.boat, overview.proposal.booking.passengers
    if passengers is None:
        return "not known"
    return f"{passengers} (the boat holds {boat.capacity})" if boat else str(passengers)


def _end_alone(overview: Overview) -> str | None:
    ends_at = overview.proposal.booking.ends_at
    return f"start not known, ends {clock(ends_at, overview.proposal.boat)}" if ends_at else None


def _owners_money(sight: Sight) -> list[tuple[str, str]]:
    if not sight.show_payout:
        return []
    booking = sight.overview.proposal.booking
    payout = booking.owner_payout
    known = "not known" if payout is None else money(payout, booking.currency)
    return [("Payout", known), *list(sight.sums.items())[:MOST]]


def _unsure(sight: Sight) -> list[Line]:
    proposal = sight.overview.proposal
    hidden = frozenset() if sight.show_payout else _MONEY
    doubted = (
        name
        for name in LABELS
        if name in proposal.unsure
        or (name in sight.words and getattr(proposal.booking, name) is None)
    )
    return [_doubt(sight, name) for name in doubted if name not in hidden]


def _doubt(sight: Sight, name: str) -> Line:
    why = sight.veil(sight.overview.proposal.unsure.get(name)) or "not understood."
    line: list[RichTextElement] = [*blocks.fact(LABELS[name], why, 200)]
    said = sight.veil(sight.words.get(name))
    if said and name != "renter_email":  # crew may read the channel
        line += [blocks.glue(" The mail says: “"), blocks.words(said, 200), blocks.glue("”")]
    return line


def _conflicts(overview: Overview) -> list[Line]:
    shown = [_conflict(overview, conflict) for conflict in overview.conflicts[:MOST]]
    more = len(overview.conflicts) - len(shown)
    return [*shown, (blocks.words(f"and {more} more on the same boat"),)] if more else shown


def _conflict(overview: Overview, other: Conflict) -> Line:
    boat = overview.proposal.boat
    double = other.overlaps(overview.proposal.booking)
    apart = f" {boat.turnaround_minutes} min are needed in between." if boat and not double else ""
    return (
        blocks.glue("Double booking: at the same time as " if double else "Too close to "),
        blocks.link(other.permalink, shown_id(other.booking_id)),
        blocks.glue(f" on the same boat, {span(other.starts_at, other.ends_at, boat)}.{apart}"),
    )
