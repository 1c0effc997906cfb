"""Dates, times and other people's text as the crew read them."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_HOME = ZoneInfo("America/Los_Angeles")
_NOON = 12
_ZERO = timedelta(0)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_UNPRINTABLE = re.compile(  # controls but white space, halves of characters, changes of direction
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def shown(text: object, limit: int = 4000) -> str:
    """`text` on one line, without what a page cannot show or what would turn the page around."""
    return clipped(" ".join(_UNPRINTABLE.sub("", str(text)).split()), limit)


def shown_lines(text: object, limit: int = 20_000) -> str:
    """Likewise, with its lines."""
    lines = (" ".join(line.split()) for line in _UNPRINTABLE.sub("", str(text)).splitlines())
    return clipped("\n".join(lines).strip(), limit)


def clipped(text: str, limit: int) -> str:
    """`text`, or its beginning and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def moment(value: object) -> datetime:
    """A stored time. Times without an offset are the house's."""
    at = datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=_HOME)


def zone_of(at: datetime) -> tzinfo:
    """The zone to show an event in: the house's if its clock agrees with the time's offset."""
    if at.astimezone(_HOME).utcoffset() == at.utcoffset():
        return _HOME
    return timezone(at.utcoffset() or _ZERO)


def day(at: datetime) -> str:
    """A date: "Saturday 30 May 2026"."""
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def short_day(at: datetime) -> str:
    """A date: "Sat 30 May"."""
    return f"{at:%a} {at.day} {at:%b}"


def time_of_day(at: datetime) -> str:
    """A time: "10:00 AM"."""
    return f"{at.hour % _NOON or _NOON}:{at:%M} {'AM' if at.hour < _NOON else 'PM'}"


def zone_name(at: datetime) -> str:
    """The zone: "PDT", "UTC", "UTC+05:30"."""
    return at.tzname() or "UTC"


def full(at: datetime) -> str:
    """A moment: "Saturday 30 May 2026, 1:00 PM PDT"."""
    return f"{day(at)}, {time_of_day(at)} {zone_name(at)}"


def brief(at: datetime) -> str:
    """A moment near today: "Sat 30 May, 1:00 PM"."""
    return f"{short_day(at)}, {time_of_day(at)}"


def hours(start: datetime, end: datetime) -> str:
    """Start to end, the end's day only where it is another: "10:00 AM to 1:00 PM PDT"."""
    other_zone = f" {zone_name(start)}" if zone_name(start) != zone_name(end) else ""
    other_day = f"{day(end)}, " if end.date() != start.date() else ""
    return f"{time_of_day(start)}{other_zone} to {other_day}{time_of_day(end)} {zone_name(end)}"


def length(span: timedelta) -> str:
    """A length of time: "3 hours", "2 hours 30 minutes"; nothing for none."""
    full_hours, minutes = divmod(max(0, round(span.total_seconds() / 60)), 60)
    parts = [count(full_hours, "hour")] if full_hours else []
    return " ".join([*parts, count(minutes, "minute")] if minutes else parts)


def countdown(start: datetime, end: datetime, now: datetime) -> str:
    """How far off it is: "in 3 days", "in 2 hours", "under way", "over"."""
    if now >= end:
        return "over"
    if now >= start:
        return "under way"
    left = start - now
    if left >= 2 * _DAY:
        return f"in {left // _DAY} days"
    if left >= 2 * _HOUR:
        return f"in {left // _HOUR} hours"
    return f"in {count(max(1, round(left.total_seconds() / 60)), 'minute')}"


def count(number: int, one: str) -> str:
    """A number and its noun: "1 guest", "3 guests"."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def size(octets: int) -> str:
    """A file's size: "640 KB", "2.4 MB"."""
    if octets < 1_000_000:  # noqa: PLR2004 - a megabyte
        return f"{max(1, round(octets / 1000))} KB"
    return f"{octets / 1_000_000:.1f} MB"


def notes(value: Any) -> tuple[str, list[tuple[str, str]]]:
    """An event's notes as prose and as named lines; one of the two is empty.

    Notes are prose, a map, or a JSON object as a string.
    """
    found = value if isinstance(value, Mapping) else _object(value)
    if found is None:
        return shown_lines("" if value is None else value), []
    return "", [(shown(name).replace("_", " "), _line(inner)) for name, inner in found.items()]


def _object(value: object) -> Mapping[str, Any] | None:
    try:
        found = json.loads(str(value))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _line(value: Any) -> str:
    if isinstance(value, str):
        return shown_lines(value)
    return shown(json.dumps(value, ensure_ascii=False, default=str))
