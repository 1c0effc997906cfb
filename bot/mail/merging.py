"""One reading out of all the ways in which a mail says what it says.

What people read and what machines read are held against each other. The words for people count:
the data stand in a reminder as in the booking's own mail. So they can doubt a kind that is known or
tell one that is not, and never make a booking out of a mail about another matter.
"""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat
from bot.domain.booking import Booking, Kind, Reading
from bot.mail.document import Document
from bot.mail.marketplaces.base import Extract, Marketplace
from bot.mail.moments import LocalZone
from bot.mail.normalise import Fields, fields_of, local_zone, reconciled, settled
from bot.mail.structured.matters import data_alone

_BOOKING_KINDS = {Kind.NEW, Kind.CHANGED, Kind.CANCELLED}


@dataclass(frozen=True)
class Pick:
    """A marketplace that took a document for its own, and what it read there."""

    marketplace: Marketplace
    document: Document
    extract: Extract


def reading_of(
    told: tuple[Pick, ...],
    data: tuple[Pick, ...],
    documents: tuple[Document, ...],
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
) -> Reading:
    """The reading of one mail.

    Args:
        told: what its text and its HTML say to people.
        data: what it says for machines.
        documents: all that it says to people, known marketplace or not.
        boats: that may be booked; their listings tell the time zone.
        default_zone: of times where no boat tells it.
    """
    picks = told or data
    if not picks:
        return Reading(kind=Kind.UNRECOGNISED)
    marketplace = picks[0].marketplace
    same = tuple(pick for pick in told if pick.marketplace is marketplace)
    every = (*documents, *(pick.document for pick in data))
    kind = _kind(_kinds(same), _kinds(data), every)
    if kind is Kind.NEW and any(_tells_otherwise(pick) for pick in same):
        kind = Kind.UNRECOGNISED
    fields = _fields(same, data, boats, default_zone)
    if kind is Kind.NEW and not _kinds(same) and (doubt := data_alone(every)[1]):
        fields = {name: field.doubted(doubt) for name, field in fields.items()}
    about = fields.get("booking_id")
    values = {name: reading.value for name, reading in fields.items()}
    sells = kind in _BOOKING_KINDS
    return Reading(
        kind=kind,
        marketplace=marketplace.name,
        booking=Booking(**values) if sells else Booking(),
        fields=fields if sells else {},
        about=str(about.value) if about and about.sure else None,
    )


def _tells_otherwise(pick: Pick) -> bool:
    """Whether the same booking is told in words that do not sell it: text and HTML disagree."""
    unknown = pick.extract.kind is Kind.UNRECOGNISED
    return unknown and bool(pick.extract.found.get("booking_id"))


def _kinds(picks: tuple[Pick, ...]) -> set[Kind]:
    return {pick.extract.kind for pick in picks} - {Kind.UNRECOGNISED}


def _kind(told: set[Kind], data: set[Kind], documents: tuple[Document, ...]) -> Kind:
    """The kind that people are told, unless the data contradict it."""
    if len(told) > 1:
        return Kind.UNRECOGNISED
    if not told:
        return _unknown_kind(data, documents)
    kind = next(iter(told))
    if kind in _BOOKING_KINDS and any(_contradict(kind, other) for other in data):
        return Kind.UNRECOGNISED
    return kind


def _unknown_kind(data: set[Kind], documents: tuple[Document, ...]) -> Kind:
    """The kind that only data tell, in a mail of a template that nobody knows."""
    kind = _single(data)
    return data_alone(documents)[0] if kind is Kind.NEW else kind


def _single(kinds: set[Kind]) -> Kind:
    return next(iter(kinds)) if len(kinds) == 1 else Kind.UNRECOGNISED


def _contradict(told: Kind, data: Kind) -> bool:
    """Whether both cannot be; a booking that was changed is still confirmed."""
    if Kind.CANCELLED in {told, data}:
        return told is not data and data in _BOOKING_KINDS
    return told is Kind.NEW and data is Kind.INFORMATIONAL


def zone_of(
    told: tuple[Pick, ...],
    data: tuple[Pick, ...],
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None = None,
) -> LocalZone:
    """The zone in which the times of one mail are read: of the boat whose listing it names."""
    listing = _listing(_settled(told, boats)) or _listing(data)
    return local_zone(listing, boats, default_zone)


def _fields(
    told: tuple[Pick, ...],
    data: tuple[Pick, ...],
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
) -> Fields:
    told = _settled(told, boats)
    local = zone_of(told, data, boats, default_zone)
    words = [fields_of(pick.extract, pick.marketplace, local) for pick in told]
    known = reconciled(*words)
    return reconciled(*words, *(_beside(known, pick, told, local) for pick in data))


def _settled(picks: tuple[Pick, ...], boats: tuple[Boat, ...]) -> tuple[Pick, ...]:
    return tuple(replace(pick, extract=settled(pick.extract, boats)) for pick in picks)


def _listing(picks: tuple[Pick, ...]) -> str | None:
    titles = (words for pick in picks for words in pick.extract.found.get("listing", ()))
    return next((words.text for words in titles), None)


def _beside(known: Fields, pick: Pick, told: tuple[Pick, ...], local: LocalZone) -> Fields:
    """What data add: where they say what people are told for sure, their own doubts are nothing.

    Whoever sent the mail names its bookings as it does in its words, so its alphabet counts.
    """
    marketplace = told[0].marketplace if told else pick.marketplace
    fields = fields_of(pick.extract, marketplace, local)
    return {
        name: reading
        for name, reading in fields.items()
        if name not in known or not known[name].sure or known[name].value != reading.value
    }
