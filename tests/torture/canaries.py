"""What must not be read where it does not belong, in the ways in which it can be written."""

from base64 import b64encode
from functools import lru_cache
from urllib.parse import quote

from tests.torture.outside import BOOKINGS
from tests.torture.people import PAYOUTS

SECRET, CONTACT = "a secret", "a contact"
_IN_WORDS = {
    "8431.57": "eight thousand four hundred thirty one",
    "9642.68": "nine thousand six hundred forty two",
    "7253.79": "seven thousand two hundred fifty three",
}


def spellings(amount: str) -> tuple[str, ...]:
    """The ways in which an amount is written, in lower case; of base64 as it is."""
    whole, _, cents = amount.partition(".")
    grouped, rounded = f"{whole[:-3]},{whole[-3:]}", round(float(amount))
    plain = (amount, f"{grouped}.{cents}")
    return (
        *(amount, f"{whole}{cents}", f"{whole},{cents}", f"{whole[:-3]}.{whole[-3:]},{cents}"),
        *(grouped, f"{rounded:,}", f"${whole}", f"${rounded}", _IN_WORDS[amount]),
        *(quote(grouped).lower(), f"{whole}%2e{cents}", f"{whole}%2c{cents}"),
        *(core for text in plain for core in _in_base64(text)),
    )


def _in_base64(text: str) -> tuple[str, ...]:
    """What base64 makes of a text, wherever in a longer one it stands."""
    return tuple(
        b64encode(b"\0" * before + text.encode())[
            -(-before * 4 // 3) : (before + len(text)) * 4 // 3
        ].decode()
        for before in range(3)
    )


_SPELLINGS = {booking_id: spellings(PAYOUTS[number]) for booking_id, number in BOOKINGS.items()}
_OTHERS = {
    SECRET: ("canary", "xoxb-", "xapp-"),
    CONTACT: ("example.com", "example%2ecom", "555 0142", "555-0142", "5550142"),
}


@lru_cache(maxsize=8192)
def private(written: str) -> frozenset[str]:
    """What a text gives away: the bookings whose payout it holds, `SECRET`, `CONTACT`."""
    lower = written.lower()
    seen = f"{written} {lower} {lower.replace('-', ' ').replace(' and ', ' ')}"
    known = (*_SPELLINGS.items(), *_OTHERS.items())
    return frozenset(what for what, ways in known if any(way in seen for way in ways))
