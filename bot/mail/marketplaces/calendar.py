"""Bookings attached as a calendar's event (`.ics`), whatever program made it."""

import re

from bot.domain.booking import Kind, as_booking_id
from bot.mail.document import Document, Item, Words, clean, lines_of
from bot.mail.labels import labelled
from bot.mail.marketplaces.base import Extract
from bot.mail.structured.found import Found, together
from bot.mail.structured.matters import kind_named

_METHODS = {"", "PUBLISH", "REQUEST", "CANCEL"}  # the others answer an invitation or ask for one
_REPEATED = ("RRULE", "RDATE", "RECURRENCE-ID")
_ID = re.compile(
    r"\b(?:booking|reservation|confirmation|charter)(?P<strong> ?(?:id|number|no\.?|code|ref"
    r"(?:erence)?)\b)?(?P<mark>[\s:#]{1,6})(?P<id>[A-Z0-9][A-Z0-9-]{3,19})(?![\w-])",
    re.IGNORECASE,
)
# How an event is called that is a booking; whatever else one owns a boat for has other names.
_CALLED = re.compile(
    r"(?:(?:new|instant|confirmed|boat|yacht|private|your|sailing|charter) ){0,3}"
    r"(?:charter|booking|reservation|rental|trip|cruise)"
    r"(?: (?:confirmed|confirmation|with|for|by|id|number|no|ref|reference)\b.{0,200}"
    r"|\W*| ?[:#\u2013\u2014(-].{0,200})",
    re.IGNORECASE,
)
_DAY = re.compile(r"[0-9]{4}")
_LIKE_AN_ID = re.compile(r".*[0-9].*|[bcdfghjklmnpqrstvwxz]+", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,20}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_LABELS = {
    **dict.fromkeys(("boat", "boat name", "vessel", "yacht"), "boat"),
    **dict.fromkeys(("listing", "listing name"), "listing"),
    **dict.fromkeys(("renter", "guest", "guest name", "booked by", "renter name"), "renter"),
    **dict.fromkeys(("email", "e-mail", "renter email", "guest email"), "renter_email"),
    **dict.fromkeys(("passengers", "guests", "number of guests", "party size"), "passengers"),
    **dict.fromkeys(("group size", "number of passengers"), "passengers"),
    "captain": "captain",
    "duration": "duration_minutes",
    # Labels that are not read, lest they be taken for a value that is missing.
    **dict.fromkeys(("booking id", "start", "end", "location", "you earn", "total", "price"), ""),
}
_OF_BOATS = {"passengers", "captain"}  # a flat has a listing too, but none of these


class ICalendar:
    """Reads events that name a booking and our boat; any other meeting is none of ours."""

    name = "icalendar"
    sure_id = re.compile(r"(?=.{0,14}[0-9])(?:[a-z]{2}-)?[a-z0-9]{6,12}|[bcdfghjklmnpqrstvwxz]{7}")
    currency = "USD"
    domains: tuple[str, ...] = ()

    def can_handle(self, document: Document) -> bool:
        """By an id with a label and the name of a boat."""
        return any(_is_ours(item) for item in document.items)

    def read(self, document: Document) -> Extract:
        """All events together: they must be one, told twice at most."""
        items = [item for item in document.items if _is_ours(item)]
        found = together(_fields(item) for item in items)
        kinds = {_kind(item) for item in items}
        ids = {_ids(item)[0].text.lower() for item in items}
        one = len(kinds) == 1 and len(ids) == 1
        return Extract(kinds.pop() if one else Kind.UNRECOGNISED, found)


def _is_ours(item: Item) -> bool:
    if "VEVENT" not in item.kinds or _method(item) not in _METHODS or not _ids(item):
        return False
    labels = _labels(item)
    listing = "listing" in labels and (item.from_marketplace or _OF_BOATS & labels.keys())
    return bool(item.listings or "boat" in labels or listing)


def _method(item: Item) -> str:
    return "".join(words.text.upper() for words in item.said("METHOD"))


def _kind(item: Item) -> Kind:
    status = {words.text.upper() for words in item.said("STATUS")}
    if _method(item) == "CANCEL" or status == {"CANCELLED"}:
        return Kind.UNRECOGNISED if _is_several(item) else Kind.CANCELLED
    if status == {"TENTATIVE"}:
        return Kind.INFORMATIONAL
    if status - {"CONFIRMED"} or _is_several(item) or not _names_a_day(item):
        return Kind.UNRECOGNISED
    if not _is_called_booking(item):
        return Kind.UNRECOGNISED
    named = kind_named([words.text for words in item.said("SUMMARY")], ())
    revised = any(words.text.strip("0") for words in item.said("SEQUENCE"))
    if named:
        return Kind.UNRECOGNISED if named is Kind.CANCELLED else named
    return Kind.CHANGED if revised else Kind.NEW


def _is_called_booking(item: Item) -> bool:
    """Whether the event is called by its listing or as a booking; a yard's work has an id too."""
    listings = {listing.text for listing in item.listings}
    names = [words.text for words in item.said("SUMMARY")]
    named = any({name, name.rpartition(" (")[0]} & listings for name in names)
    return named or any(_CALLED.fullmatch(name) for name in names)


def _names_a_day(item: Item) -> bool:
    return any(_DAY.match(words.text) for words in item.said("DTSTART"))


def _is_several(item: Item) -> bool:
    return bool(item.siblings or item.said(*_REPEATED))


def _ids(item: Item) -> tuple[Words, ...]:
    """What stands behind a label."""
    return tuple(
        Words(match["id"], match["id"], words.place)
        for words in item.said("SUMMARY", "DESCRIPTION")
        for match in _ID.finditer(_prose(words))
        if _is_labelled(match)
    )


def _is_labelled(match: re.Match[str]) -> bool:
    """After `Booking ID:` it is the id; after less than that only what looks like one is."""
    marked = bool(set(match["mark"]) & set(":#\n"))
    alike = bool(_LIKE_AN_ID.fullmatch(match["id"]) and as_booking_id(match["id"]))
    return (marked or alike) if match["strong"] else (marked and alike)


def _prose(words: Words) -> str:
    """A text as its reader sees it; some calendars take HTML."""
    return _TAG.sub("", _BREAK.sub("\n", words.words))


def _labels(item: Item) -> dict[str, tuple[Words, ...]]:
    """The labels of the description, and what stands beside or under them."""
    found: dict[str, tuple[Words, ...]] = {}
    for description in item.said("DESCRIPTION"):
        for label in labelled(lines_of(_prose(description), description.place), _LABELS):
            if label.field and label.value:
                found[label.field] = (*found.get(label.field, ()), label.value)
    return found


def _fields(item: Item) -> Found:
    labels = _labels(item)
    boat = labels.pop("boat", ())
    places = (
        Words(clean(words.words), words.words, words.place) for words in item.said("LOCATION")
    )
    return labels | {
        "booking_id": _ids(item),
        "listing": item.listings or labels.get("listing", ()) or boat,
        "starts_at": item.said("DTSTART"),
        "ends_at": item.said("DTEND"),
        "location": tuple(places),
    }
