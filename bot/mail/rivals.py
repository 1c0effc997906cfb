"""One mail, several bookings: two forwarded at once, an older one quoted below, one attached.

One reading is given of each mail, so it must say where another could have been given as well.
"""

from collections.abc import Iterable

from bot.domain.booking import Booking, FieldReading, Kind, Reading

_QUOTED = "It stands in another mail of a marketplace's, whose meaning is not known."


def weighed(reading: Reading, rivals: Iterable[Reading]) -> Reading:
    """A reading, held against what else the mail holds of marketplaces.

    Where they are about different matters (a booking, and its cancellation quoted below), nobody
    but a person can tell which is meant, and the kind is left open. Where they are two bookings,
    every field is doubtful, since all of them may be another's; so is what a marketplace's mail of
    an unknown kind quotes, since strangers get marketplaces to quote them.
    """
    for rival in rivals:
        if rival.kind is Kind.UNRECOGNISED:
            reading = _doubted(reading, dict.fromkeys(reading.fields, _QUOTED))
            continue
        if rival.kind is not reading.kind:
            return Reading(
                kind=Kind.UNRECOGNISED, marketplace=reading.marketplace, about=reading.about
            )
        ours, theirs = reading.booking.booking_id, rival.booking.booking_id
        if ours and theirs and ours != theirs:
            why = f"The mail holds booking {theirs.upper()} too: that may be the one meant."
            reading = _doubted(reading, dict.fromkeys(reading.fields, why))
        else:
            reading = _doubted(reading, _contradictions(reading, rival))
    return reading


def _contradictions(reading: Reading, rival: Reading) -> dict[str, str]:
    """A sentence for each field of which the mail says something else in another place."""
    return {
        name: f"Elsewhere the mail says {rival.fields[name].words!r}."
        for name in Booking.model_fields
        if name in reading.fields
        and name in rival.fields
        and rival.fields[name].value not in {None, reading.fields[name].value}
    }


def _doubted(reading: Reading, reasons: dict[str, str]) -> Reading:
    fields = {
        name: _unsure(field, reasons[name]) if name in reasons else field
        for name, field in reading.fields.items()
    }
    return reading.model_copy(update={"fields": fields})


def _unsure(field: FieldReading, why: str) -> FieldReading:
    said = " ".join(filter(None, (field.why, why)))
    return field.model_copy(update={"sure": False, "why": said})
