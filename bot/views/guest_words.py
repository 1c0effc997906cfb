"""Dates, times and contacts as guests read them."""

import re
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.views.text import count

_TELEPHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,24}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def weekday(at: datetime) -> str:
    """A date: "Saturday 30 May 2026"."""
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def _time(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon


def hours(start: datetime, end: datetime) -> str:
    """Start to end; the end's day and the start's zone only where they differ."""
    zone = f" {start.tzname()}" if start.tzname() != end.tzname() else ""
    day = f"{weekday(end)}, " if end.date() != start.date() else ""
    return f"{_time(start)}{zone} to {day}{_time(end)} {end.tzname()}"


def length(time: timedelta) -> str:
    """A length of time: "3 hours", "2 hours 30 minutes"."""
    full, minutes = divmod(round(time.total_seconds() / 60), 60)
    parts = [count(full, "hour")] if full else []
    return " ".join([*parts, count(minutes, "minute")] if minutes else parts)


def until(at: datetime) -> str:
    """A moment as a limit: "Sunday 31 May 2026, 1:00 PM PDT"."""
    return f"{weekday(at)}, {_time(at)} {at.tzname()}"


def contact_link(contact: str) -> str:
    """A link that calls or writes, or "" for words."""
    wanted = contact.strip()
    if _TELEPHONE.fullmatch(wanted):
        return "tel:" + re.sub(r"[^0-9+]", "", wanted)
    return f"mailto:{quote(wanted, safe='@')}" if _ADDRESS.fullmatch(wanted) else ""
