"""From words to values: every field with its origin, and a reason wherever a person must look."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat, boat_for_listing
from bot.domain.booking import Booking, FieldReading
from bot.mail import values
from bot.mail.document import Words
from bot.mail.labels import LONGEST_VALUE
from bot.mail.marketplaces.base import Extract, Marketplace
from bot.mail.moments import LocalZone, elapsed, moment
from bot.mail.values import Value

Fields = Mapping[str, FieldReading]
_FALLBACK_ZONE = ZoneInfo("America/Los_Angeles")
_MINUTE = timedelta(minutes=1)
_OURS_IN_PART = "Only a part of it is the name of a listing of ours."


def local_zone(
    listing: str | None, boats: tuple[Boat, ...], default: ZoneInfo | None = None
) -> LocalZone:
    """The zone of the listing's boat, or the one that all boats share, or a doubtful one."""
    boat = boat_for_listing(boats, listing) if listing else None
    if boat:
        return LocalZone(boat.zone)
    if len({known.time_zone for known in boats}) == 1:
        return LocalZone(boats[0].zone)
    zone = boats[0].zone if boats else default or _FALLBACK_ZONE
    return LocalZone(zone, f"The boat is not known, so the time was read in {zone.key}.")


def settled(extract: Extract, boats: tuple[Boat, ...]) -> Extract:
    """An extract whose listing is ours, where the mail leaves open which of its words are meant."""
    listings = extract.found.get("listing", ())
    if not any(words.instead for words in listings):
        return extract
    ours = tuple(_settled(words, boats) for words in listings)
    return replace(extract, found={**extract.found, "listing": ours})


def _settled(words: Words, boats: tuple[Boat, ...]) -> Words:
    if boat_for_listing(boats, words.text):
        return replace(words, doubt=None) if words.instead else words
    ours = {part.text: part for part in words.instead if boat_for_listing(boats, part.text)}
    if words.doubt and len(ours) == 1:
        return next(iter(ours.values()))
    return replace(words, doubt=words.doubt or _OURS_IN_PART) if ours else words


def fields_of(extract: Extract, marketplace: Marketplace, local: LocalZone) -> Fields:
    """Every field that the mail names, each place read, doubts noted."""
    readers = _readers(marketplace, local)
    found = dict(extract.found)
    ids = [_read(readers["booking_id"], words) for words in found.get("booking_id", ())]
    if "owner_payout" in found:
        found["currency"] = found["owner_payout"]
    fields = {
        name: _agreed([_read(readers[name], words) for words in found[name]])
        for name in Booking.model_fields
        if name in found
    }
    return _of_one_booking(fields, ids)


def reconciled(*alternatives: Fields) -> Fields:
    """All that one mail says: what only one place says is taken, contradictions are doubted."""
    together = {
        name: _agreed([fields[name] for fields in alternatives if name in fields])
        for name in Booking.model_fields
        if any(name in fields for fields in alternatives)
    }
    ids = [fields["booking_id"] for fields in alternatives if "booking_id" in fields]
    return _checked(_of_one_booking(together, ids))


def _readers(marketplace: Marketplace, local: LocalZone) -> Mapping[str, Callable[[str], Value]]:
    return {
        "booking_id": lambda text: values.booking_id(text, marketplace.sure_id),
        "listing": values.plain,
        "renter": values.plain,
        "renter_email": values.email,
        "starts_at": lambda text: moment(text, local),
        "ends_at": lambda text: moment(text, local),
        "duration_minutes": values.minutes,
        "passengers": values.people,
        "location": values.plain,
        "captain": values.captain,
        "add_ons": values.plain,
        "owner_payout": values.amount,
        "currency": lambda text: values.currency(text, marketplace.currency),
        "cancellation_policy": values.policy,
    }


def _read(reader: Callable[[str], Value], words: Words) -> FieldReading:
    value = reader(words.text[:LONGEST_VALUE])
    why = value.why or words.doubt
    if len(words.text) > LONGEST_VALUE:
        why = f"It is longer than {LONGEST_VALUE} characters and was cut."
    place = words.place or None
    return FieldReading(
        value=value.value, words=words.words, place=place, sure=why is None, why=why
    )


def _agreed(readings: list[FieldReading]) -> FieldReading:
    """The first reading, unsure if another place says otherwise."""
    first, *others = readings
    odd = next((other for other in others if _differ(first, other)), None)
    if odd is None:
        return next((reading for reading in readings if not reading.sure), first)
    return first.doubted(f"The mail says both {first.words!r} and {odd.words!r}.")


def _of_one_booking(fields: Fields, ids: list[FieldReading]) -> Fields:
    """Every field doubted where two bookings are named for sure: any may be the other's."""
    sure = dict.fromkeys(str(one.value) for one in ids if one.sure)
    if len(sure) < 2:  # noqa: PLR2004 - two bookings
        return fields
    other = next(one for one in sure if one != fields["booking_id"].value)
    why = f"The mail names booking {other.upper()} too: that may be the one meant."
    return _doubting(fields, why, *fields)


def _differ(one: FieldReading, other: FieldReading) -> bool:
    if isinstance(one.value, str) and isinstance(other.value, str):
        return one.value.split() != other.value.split()
    return one.value != other.value


def _checked(fields: Fields) -> Fields:
    """Doubts that only several fields together can raise."""
    start, end = _moment_of(fields, "starts_at"), _moment_of(fields, "ends_at")
    if start is None or end is None:
        return fields
    lasts = elapsed(start, end)
    if lasts <= timedelta():
        return _doubting(fields, "The end is not after the start.", "starts_at", "ends_at")
    said = fields.get("duration_minutes")
    if said and isinstance(said.value, int) and said.value * _MINUTE != lasts:
        why = f"From start to end it is {lasts // _MINUTE} minutes, the mail says {said.value}."
        return _doubting(fields, why, "ends_at", "duration_minutes")
    return fields


def _doubting(fields: Fields, why: str, *names: str) -> Fields:
    return {
        name: reading.doubted(why) if name in names else reading for name, reading in fields.items()
    }


def _moment_of(fields: Fields, name: str) -> datetime | None:
    value = fields[name].value if name in fields else None
    return value if isinstance(value, datetime) else None
