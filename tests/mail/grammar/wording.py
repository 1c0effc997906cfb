"""What Boatsetter writes about a booking: a subject and a row of things said, in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from grammar.sold import FIELDS, Sold, clock, dollars, lasting

Form = Literal["sentence", "link", "title", "heading", "pair", "named"]


@dataclass(frozen=True)
class Item:
    """One thing said. `pair`: label and value apart; `named`: `Label: value` on one line."""

    form: Form
    text: str
    label: str = ""


@dataclass(frozen=True)
class Wording:
    """A mail before any wrapping. `expected`: the JSON that a reader must make of it."""

    kind: str
    subject: str
    items: tuple[Item, ...]
    expected: dict[str, Any] = field(default_factory=dict)


def instant(sold: Sold) -> Wording:
    """A new booking that the marketplace approved by itself."""
    when = clock(sold.begins)
    earn = f"Get ready to earn {dollars(sold.payout)}. " if sold.payout is not None else ""
    opening = (
        Item("sentence", f"You received an Instant Booking for {when}."),
        Item("sentence", f"{earn}Instant Book means that this trip is automatically approved."),
        Item("link", "Learn more here »"),
    )
    subject = f"You have a new Instant Booking for {when}."
    return _booked("new", subject, (*opening, *_sold(sold)), sold)


def approved(sold: Sold) -> Wording:
    """A new booking that began as a request."""
    when = clock(sold.begins)
    opening = (Item("sentence", f"You received a booking for {when}."),)
    return _booked("new", f"You have a new booking for {when}", (*opening, *_sold(sold)), sold)


def accepted(sold: Sold) -> Wording:
    """The same in the other words that are known."""
    opening = (Item("sentence", "Your booking was approved."),)
    return _booked("new", "Your booking was approved", (*opening, *_sold(sold)), sold)


def cancelled(sold: Sold) -> Wording:
    """The renter will not come."""
    items = (
        Item("sentence", f"{sold.renter} has canceled their booking."),
        Item("sentence", "Canceled booking details:"),
        Item("title", sold.listing),
        Item("named", sold.renter, "Renter"),
        Item("pair", sold.booking_id, "Booking ID"),
        *_trip(sold),
    )
    when = clock(sold.begins)
    subject = f"{sold.renter} has canceled their booking {sold.booking_id} for {when}."
    unsaid = ("captain", "add_ons", "owner_payout", "currency", "cancellation_policy")
    return _booked("cancelled", subject, items, sold, *unsaid)


def changed(sold: Sold) -> Wording:
    """Another time; the mail carries only part of the fields."""
    subject = f"Your booking {sold.booking_id} has been updated"
    items = (
        Item("sentence", f"{subject}."),
        *_when(sold),
        Item("named", sold.booking_id, "Booking ID"),
        Item("title", sold.listing),
        Item("named", sold.renter, "Renter"),
    )
    said = {"booking_id", "listing", "renter", "starts_at", "ends_at"}
    return _booked("changed", subject, items, sold, *(set(FIELDS) - said))


def informing(subject: str, opening: str) -> Callable[[Sold], Wording]:
    """A mail that names a booking and sells none. `{…}`: the booking's own words."""

    def written(sold: Sold) -> Wording:
        words = {
            "renter": sold.renter,
            "listing": sold.listing,
            "when": clock(sold.begins),
            "amount": dollars(sold.payout or 0),
        }
        items = (
            Item("sentence", opening.format(**words)),
            Item("named", sold.booking_id, "Booking ID"),
            Item("title", sold.listing),
            Item("named", sold.renter, "Renter"),
            *_trip(sold),
        )
        told = {"kind": "informational", "booking": dict.fromkeys(FIELDS), "about": sold.booking_id}
        return Wording("informational", subject.format(**words), items, told)

    return written


reminder = informing(
    "Prepare your boat for your {when} booking", "Prepare your boat for your {when} booking"
)
deposit = informing(
    "{renter}'s security deposit payment failed!", "Security deposit payment failed."
)
payout = informing(
    "Your payout of {amount} is on its way", "Your payout of {amount} is on its way."
)
review = informing("{renter} left you a review!", "{renter} left you a review for {listing}.")
message = informing("New message from {renter}", "{renter} sent you a message:")
request = informing(
    "You have a new booking request for {when}.", "You received a booking request for {when}."
)
offer = informing("Your offer was sent to {renter}", "Your offer was sent.")


def unknown(sold: Sold) -> Wording:
    """A template that nobody has seen."""
    items = (
        Item("sentence", "Mind the wind this weekend."),
        Item("named", sold.booking_id, "Booking ID"),
        Item("title", sold.listing),
        *_when(sold),
    )
    told = {"kind": "unrecognised", "booking": dict.fromkeys(FIELDS), "about": sold.booking_id}
    return Wording("unrecognised", "Wind warning for the weekend", items, told)


KINDS = {
    made.__name__: made for made in (instant, approved, accepted, cancelled, changed, unknown)
} | {
    "reminder": reminder, "deposit": deposit, "payout": payout, "review": review,
    "message": message, "request": request, "offer": offer,
}  # fmt: skip


def _sold(sold: Sold) -> tuple[Item, ...]:
    """All of a booking, as the mails that sell one set it."""
    added = (Item("pair", sold.add_ons, "Add-ons"),) if sold.add_ons else ()
    earned = (
        (Item("heading", "Earnings"), Item("pair", dollars(sold.payout), "You earn"))
        if sold.payout is not None
        else ()
    )
    return (
        Item("named", sold.booking_id, "Booking ID"),
        Item("title", sold.listing),
        Item("named", sold.renter, "Renter"),
        *_trip(sold),
        Item("pair", sold.captain, "Captain"),
        *added,
        *earned,
        Item("link", "VIEW BOOKING DETAILS"),
        Item("link", "EDIT BOOKING"),
        Item("sentence", f"Your cancellation policy is: {sold.policy}"),
        Item("sentence", "Please review our cancellation policy for more information."),
    )


def _trip(sold: Sold) -> tuple[Item, ...]:
    return (
        Item("pair", sold.location, "Location"),
        *_when(sold),
        Item("pair", lasting(sold.minutes), "Duration"),
        Item("pair", str(sold.passengers), "Passengers"),
    )


def _when(sold: Sold) -> tuple[Item, ...]:
    return (
        Item("pair", clock(sold.begins), "Start"),
        Item("pair", clock(sold.ends), "End"),
    )


def _booked(kind: str, subject: str, items: tuple[Item, ...], sold: Sold, *unsaid: str) -> Wording:
    booking = {name: None if name in unsaid else value for name, value in sold.said.items()}
    return Wording(kind, subject, items, {"kind": kind, "booking": booking})
