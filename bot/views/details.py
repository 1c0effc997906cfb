"""What a booking says, and what about it gives pause: the body of the approval card."""

from slack_sdk.models.blocks import Block, RichTextElement

from bot.domain.progress import Conflict, Overview
from bot.domain.sender import Proof
from bot.views import blocks, corrections
from bot.views.blocks import Line
from bot.views.sight import CONTACT, LABELS, MONEY, Sight, shortened
from bot.views.text import clock, money, plain, shown_id, span, when

MOST = 6
"""Of anything that can be long, so many are listed; the rest is counted."""
_PROOFS = {
    Proof.VERIFIED: "Sender verified",
    Proof.FAILED: "Signature failed",
    Proof.UNTOLD: "Sender not verified",
}

_LONGEST_WHY, _LONGEST_WORDS = 200, 150


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
    """What is missing, unsure or against it, and what an operator said; decided, the record of it.

    Conflicts are of the day: a decided card leaves them to the cards that wait.
    """
    settle = [(blocks.words(sight.veil(sentence)),) for sentence in blockers]
    at = "" if sight.open else " at the decision"
    sections = (
        ("To be settled before it can be approved", settle),
        (f"Read from the mail, but not sure{at}", _unsure(sight)),
        (corrections.TITLE, corrections.correction_lines(sight)),
        (f"Warnings{at}", _warnings(sight)),
    )
    return [blocks.rich([], title=title, bullets=lines) for title, lines in sections if lines]


def origin(overview: Overview) -> Block:
    """Where the booking came from, and whether its sender is proved."""
    mail, sender = overview.mail.permalink if overview.mail else None, overview.proposal.sender
    return blocks.rich(
        [
            (
                blocks.bold(_PROOFS[sender.proof]),
                blocks.glue(f": {plain(sender.why, 200)}. "),
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
    hidden = frozenset() if sight.show_payout else MONEY
    doubted = (
        name
        for name in LABELS
        if name in proposal.unsure
        or (name in sight.words and getattr(proposal.booking, name) is None)
    )
    return [_doubt(sight, name) for name in doubted if name not in hidden]


def _doubt(sight: Sight, name: str) -> Line:
    why = sight.veil(sight.overview.proposal.unsure.get(name)) or "not understood."
    if name == CONTACT:  # the reason quotes it, and crew may read the channel
        why = "press Edit to look at it."
    line: list[RichTextElement] = [*blocks.fact(LABELS[name], shortened(why, _LONGEST_WHY))]
    if said := sight.mail_says(name):
        place = f" ({sight.place(name)})" if sight.place(name) else ""
        line += [
            blocks.glue(" The mail says: “"),
            blocks.words(said, _LONGEST_WORDS),
            blocks.glue(f"”{place}"),
        ]
    return line


def _warnings(sight: Sight) -> list[Line]:
    overview, decision = sight.overview, sight.overview.decision
    said = overview.proposal.warnings(decision.at if decision else sight.now)
    if sight.open:
        said = (*overview.doubts, *said)
    lines: list[Line] = [(blocks.words(sentence),) for sentence in said]
    return [*lines, *_conflicts(overview)] if sight.open else lines


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
