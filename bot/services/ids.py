"""The gate that every id passes before it becomes part of a key, a path or a query."""

from urllib.parse import quote

from bot.domain.booking import WHAT_AN_ID_IS, as_booking_id
from bot.domain.errors import Refused

_LONGEST_ID = 256


def checked_booking_id(text: str) -> str:
    """`text` as a booking id, lower-case, fit for a key, a path or a query.

    Raises:
        Refused: it is none.
    """
    found = as_booking_id(text)
    if found is None:
        raise Refused("This is no booking id.", WHAT_AN_ID_IS)
    return found


def spellings(booking_id: str) -> tuple[str, ...]:
    """A booking id as it is stored and as people type it, each once; refused as above."""
    found = checked_booking_id(booking_id)
    return tuple(dict.fromkeys((found, found.upper())))


def as_segment(identifier: str, of: str) -> str:
    """A service's own id, quoted to be one segment of a path.

    Raises:
        Refused: it cannot be one.
    """
    if not 0 < len(identifier) <= _LONGEST_ID or set(identifier) <= {"."}:
        raise Refused(f"{of} gave an id that cannot be part of an address.")
    return quote(identifier, safe="")
