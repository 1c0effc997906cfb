"""Reservations in schema.org's vocabulary, as any marketplace may put them into its HTML."""

import re

from bot.domain.booking import Kind
from bot.mail.document import Document, Item, Words, clean
from bot.mail.marketplaces.base import Extract
from bot.mail.structured.found import Found, together

_OURS = "BoatReservation"
# What may be anything: ours only if it names our boat, or a marketplace of boats sent it.
_PERHAPS_OURS = {"Reservation", "EventReservation", "TouristTrip", "BoatTrip", "Trip"}
_KINDS = {
    "confirmed": Kind.NEW,
    "cancelled": Kind.CANCELLED,
    "canceled": Kind.CANCELLED,
    "pending": Kind.INFORMATIONAL,
    "hold": Kind.INFORMATIONAL,
}
_STATUS = re.compile(r"(?:reservation)?([a-z]+)", re.IGNORECASE)
_TRIP = ("reservationFor.", "")  # properties of what was reserved, or of the item itself
_STARTS = ("departureTime", "startTime", "startDate")
_ENDS = ("arrivalTime", "endTime", "endDate")
_SEATS = ("numSeats", "numSeats.value", "partySize", "partySize.value")
_PLACES = ("departureBoatTerminal", "location")
_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode")
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_NAMES_A_DAY = re.compile(r"[0-9]{4}")


class SchemaOrg:
    """Reads reservations of boats. Their price is what the renter pays, so it is never read."""

    name = "schema.org"
    sure_id = re.compile(r"(?:[a-z]{2}-)?[a-z0-9]{6,12}")  # what `as_booking_id` takes
    currency = "USD"
    domains: tuple[str, ...] = ()

    def can_handle(self, document: Document) -> bool:
        """By the type of what is reserved; a flight, a room or a table is never ours."""
        return any(_is_ours(item) for item in document.items)

    def read(self, document: Document) -> Extract:
        """All reservations together: they must be one, told twice at most."""
        items = [item for item in document.items if _is_ours(item)]
        found = together(_fields(item) for item in items)
        kinds = {kind for item in items for kind in _kinds(item)}
        kind = kinds.pop() if len(kinds) == 1 else Kind.UNRECOGNISED
        if kind is Kind.NEW and not _is_whole(found):
            kind = Kind.UNRECOGNISED
        several = len({words.text.lower() for words in found.get("booking_id", ())}) > 1
        return Extract(Kind.UNRECOGNISED if several else kind, found)


def _is_ours(item: Item) -> bool:
    kinds = set(item.kinds)
    foreign = any(kind.endswith("Reservation") for kind in kinds - _PERHAPS_OURS - {_OURS})
    if foreign:
        return False
    known = bool(item.listings) or item.from_marketplace
    return _OURS in kinds or bool(
        kinds & _PERHAPS_OURS and known and item.said("reservationNumber")
    )


def _kinds(item: Item) -> set[Kind]:
    """What the statuses say; none, or an unknown one, confirms nothing."""
    named = [words.text.rstrip("/").rpartition("/")[2] for words in item.said("reservationStatus")]
    matches = [_STATUS.fullmatch(name.rpartition(":")[2]) for name in named]
    kinds = {
        _KINDS.get(match[1].lower(), Kind.UNRECOGNISED) if match else Kind.UNRECOGNISED
        for match in matches
    }
    events = item.said("reservationFor.eventStatus")
    if any(not words.text.endswith("EventScheduled") for words in events):
        kinds.add(Kind.CANCELLED if all("Cancel" in one.text for one in events) else Kind.CHANGED)
    return kinds or {Kind.UNRECOGNISED}


def _is_whole(found: Found) -> bool:
    """A booking has an id and a day, or nobody could tell which one it is."""
    starts = found.get("starts_at", ())
    return bool(found.get("booking_id")) and any(_NAMES_A_DAY.search(one.text) for one in starts)


def _fields(item: Item) -> Found:
    return {
        "booking_id": item.said("reservationNumber", "reservationId"),
        "listing": item.said("reservationFor.name") or item.listings,
        "renter": item.said("underName", "underName.name"),
        "renter_email": tuple(_address(words) for words in item.said("underName.email")),
        "starts_at": _times(item, _STARTS) or item.said("checkinTime"),
        "ends_at": _times(item, _ENDS) or item.said("checkoutTime"),
        "passengers": item.said(*_SEATS),
        "location": _location(item),
    }


def _times(item: Item, names: tuple[str, ...]) -> tuple[Words, ...]:
    """Every time that is given; a day alone only where no time of that day is."""
    said = item.said(*(trip + name for trip in _TRIP for name in names))
    timed = [words.text for words in said if not _DAY.fullmatch(words.text)]
    return tuple(
        words
        for words in said
        if words.text in timed or not any(text.startswith(words.text) for text in timed)
    )


def _address(words: Words) -> Words:
    return Words(words.text.removeprefix("mailto:"), words.words, words.place)


def _location(item: Item) -> tuple[Words, ...]:
    """The first place that is described: its name and its address, as one would write them."""
    for trip in _TRIP:
        for place in _PLACES:
            base = trip + place
            parts = item.said(base, f"{base}.name", f"{base}.address") or ()
            parts += item.said(*(f"{base}.address.{part}" for part in _ADDRESS))
            if parts:
                text = clean(", ".join(dict.fromkeys(part.text for part in parts)))
                words = "\n".join(part.words for part in parts)
                return (Words(text, words, parts[0].place),)
    return ()
