"""Words for people: dates, money, names; and text from outside made harmless.

Two ways to show text from outside. `plain` is for places that Slack does not interpret (plain_text
objects and the text elements of rich_text). `inert` is for places that it does (a message's
fallback text, mrkdwn): nothing of it becomes a mention, a link, an emoji or formatting there.
"""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from urllib.parse import urlsplit

from bot.domain.boat import Boat
from bot.domain.progress import Overview

_ELLIPSIS = "…"
_TO = "\N{EN DASH}"
_JOINER = "\u2060"  # WORD JOINER: invisible, and no part of a link, mention or emoji name
_UNPRINTABLE = re.compile(  # controls but white space, halves of characters, changes of direction
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_AUTOMATIC = re.compile(r"[@#:](?=\S)|(?<=\w)\.(?=\w)|//")
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_HARMLESS = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "\u2217", "~": "\u223c", "`": "\u02cb"}
)
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_URL_CHARACTERS = re.compile(r"[!#-;=?-_a-{}~]+")  # printable ASCII but what ends a link
_MOST_DIGITS = Decimal(10) ** 12
_LONGEST_URL = 1000
_LONGEST_ID = 40


def width(text: str) -> int:
    """Length as Slack's clients count it, in UTF-16 units; never less than `len`."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """`text` cut to `limit` UTF-16 units, with an ellipsis where something was cut."""
    if width(text) <= limit:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore") + _ELLIPSIS


def plain(text: object, limit: int = 300, *, lines: bool = False) -> str:
    """`text` without control, direction and surrogate characters; on one line unless `lines`."""
    cleaned = _UNPRINTABLE.sub("", str(text))
    if not lines:
        return clip(" ".join(cleaned.split()), limit)
    rows = (" ".join(row.split()) for row in cleaned.splitlines())
    return clip("\n".join(filter(None, rows)), limit)


def inert(text: object, limit: int = 150) -> str:
    """`text` on one line, for mrkdwn and fallback text, at most `limit` long as it is sent."""
    separated = _AUTOMATIC.sub(lambda found: found[0] + _JOINER, plain(text, limit))
    pieces = [c.translate(_HARMLESS) for c in _EMPHASIS.sub("\uff3f", separated)]
    if sum(map(width, pieces)) <= limit:
        return "".join(pieces)
    kept, room = [], limit - 1
    for piece in pieces:
        room -= width(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + _ELLIPSIS


def is_user(identifier: str) -> bool:
    """Whether `identifier` is a Slack user's id."""
    return _USER.fullmatch(identifier) is not None


def is_group(identifier: str) -> bool:
    """Whether `identifier` is a Slack user group's id."""
    return _GROUP.fullmatch(identifier) is not None


def mention(identifier: str) -> str:
    """A mention of a user or user group for mrkdwn; anything else is inert text."""
    if is_user(identifier):
        return f"<@{identifier}>"
    if is_group(identifier):
        return f"<!subteam^{identifier}>"
    return inert(identifier, 40)


def safe_url(url: str | None) -> str | None:
    """`url` if it is one that a person may be sent to, else None."""
    if not url or len(url) > _LONGEST_URL or not _URL_CHARACTERS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def shown_id(booking_id: str | None) -> str:
    """A booking id as people write it: in capitals."""
    kept = (c for c in booking_id or "" if c.isascii() and (c.isalnum() or c == "-"))
    return "".join(kept)[:_LONGEST_ID].upper() or "(no id)"


def local(at: datetime, boat: Boat | None) -> datetime:
    """`at` on the boat's clock; without a boat, on the clock that `at` came with."""
    return _moved(at, boat.zone) if boat else at


def clock(at: datetime, boat: Boat | None) -> str:
    """A moment on the boat's clock: "Sat 30 May 2026, 10:05 PDT"."""
    there = local(at, boat)
    return f"{day(there)}, {there:%H:%M} {_zone(there)}"


def day(at: datetime) -> str:
    """A date: "Sat 30 May 2026"."""
    return f"{at:%a} {at.day} {at:%b} {at.year}"


def when(overview: Overview) -> str | None:
    """The charter's time on the boat's clock: date, start to end, zone and length."""
    booking, boat = overview.proposal.booking, overview.proposal.boat
    if booking.starts_at is None:
        return None
    if booking.ends_at is None:
        return f"{clock(booking.starts_at, boat)}, end not known"
    return span(booking.starts_at, booking.ends_at, boat)


def span(starts_at: datetime, ends_at: datetime, boat: Boat | None) -> str:
    """From one moment to another on the boat's clock, with the true length in brackets."""
    start, end = local(starts_at, boat), local(ends_at, boat)
    zone = f" {_zone(start)}" if _zone(start) != _zone(end) else ""
    until = f"{_TO}{end:%H:%M}" if start.date() == end.date() else f" {_TO} {day(end)}, {end:%H:%M}"
    seconds = (_moved(ends_at, UTC) - _moved(starts_at, UTC)).total_seconds()
    length = duration(seconds) if seconds > 0 else "the end is not after the start"
    return f"{day(start)}, {start:%H:%M}{zone}{until} {_zone(end)} ({length})"


def duration(seconds: float) -> str:
    """A length of time in words: "3 h", "2 h 30 min", "45 min", "2.4 s"."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(
        filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""))
    )


def is_amount(amount: Decimal) -> bool:
    """Whether `amount` can be money at all, and not a number that fills the screen."""
    return amount.is_finite() and abs(amount) < _MOST_DIGITS


def money(amount: Decimal, currency: str | None = None) -> str:
    """An amount as people write it: "$840.75", "840.75 CHF"."""
    if not is_amount(amount):
        return plain(f"{amount:.4E} {currency or ''}", 40)
    figure = f"{abs(amount):,.2f}"
    sign = "-" if amount < 0 else ""
    code = currency if currency and _CURRENCY.fullmatch(currency) else None
    if code in _SYMBOLS:
        return f"{sign}{_SYMBOLS[code]}{figure}"
    return f"{sign}{figure} {code or plain(currency or '', 10)}".rstrip()


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 step", "3 steps"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _zone(at: datetime) -> str:
    return at.tzname() or "UTC"


def _moved(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:  # the first and last day that a date can hold
        return at
