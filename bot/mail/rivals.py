"""One mail, several bookings: two forwarded at once, an older one quoted below, one attached.

One reading is given of each mail, so it must say where another could have been given as well.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.booking import Booking, Kind, Reading
from bot.mail.document import Document
from bot.mail.merging import Pick

_QUOTED = "It stands in another mail of a marketplace's, whose meaning is not known."


def quotes(outer: Pick, inner: Pick, documents: tuple[Document, ...]) -> bool:
    """Whether a marketplace's own mail quotes another: then the outer is what was sent.

    People's forwards quote as well, but theirs is the inner. `documents`: innermost first, of which
    one quotes another where everything between them is quoted more often than itself.
    """
    nestings = [one.nesting for one in documents]
    within = next((at for at, one in enumerate(documents) if one is inner.document), 0)
    around = next((at for at, one in enumerate(documents) if one is outer.document), 0)
    held = within < around and all(nestings[at] > nestings[around] for at in range(within, around))
    return held and outer.marketplace.can_handle(replace(outer.document, lines=()))


def is_past(quoted: Reading, sent: Reading) -> bool:
    """Whether what is quoted is only what the booking once was, or was written about it.

    A mail that sells leaves nothing behind it, and another booking is no past of this one.
    """
    another = bool(quoted.about and sent.about) and quoted.about != sent.about
    return sent.kind is not Kind.NEW and not another


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
        name: field.doubted(reasons[name]) if name in reasons else field
        for name, field in reading.fields.items()
    }
    return reading.model_copy(update={"fields": fields})
