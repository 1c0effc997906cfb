"""What may be typed into the plain inputs of the edit modal, field by field."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.domain.booking import WHAT_AN_ID_IS, as_booking_id
from bot.views.inputs import CAPTAINS
from bot.views.text import is_amount

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST_GUESTS = 1000
_MOST_MINUTES = 60 * 24 * 60


def _booking_id(text: str) -> str:
    found = as_booking_id(text)
    if found is None:
        raise ValueError(WHAT_AN_ID_IS)
    return found


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("That is no e-mail address.")
    return text


def _captain(text: str) -> str:
    if text not in CAPTAINS:
        raise ValueError("Choose captained or bareboat.")
    return text


def _passengers(text: str) -> int:
    return _whole(text, _MOST_GUESTS)


def _minutes(text: str) -> int:
    return _whole(text, _MOST_MINUTES)


def _whole(text: str, most: int) -> int:
    sentence = f"A whole number from 1 to {most}."
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        raise ValueError(sentence)
    if not 1 <= int(text) <= most:
        raise ValueError(sentence)
    return int(text)


def _amount(text: str) -> Decimal:
    sentence = "An amount in figures, such as 840.75."
    try:
        found = Decimal(text.removeprefix("$").strip())
    except InvalidOperation as error:
        raise ValueError(sentence) from error
    if not is_amount(found) or found < 0 or found != round(found, 2):
        raise ValueError(sentence)
    return found


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text.upper()):
        raise ValueError("Three letters, such as USD.")
    return text.upper()


FIELDS: Mapping[str, Callable[[str], Any]] = {
    "booking_id": _booking_id,
    "listing": str,
    "renter": str,
    "renter_email": _email,
    "duration_minutes": _minutes,
    "passengers": _passengers,
    "location": str,
    "captain": _captain,
    "add_ons": str,
    "owner_payout": _amount,
    "currency": _currency,
    "cancellation_policy": str,
}
"""How each field is read; a ValueError is the sentence to show under its input."""
