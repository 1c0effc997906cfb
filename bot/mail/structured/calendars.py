"""Calendars in iCalendar's notation, RFC 5545, read by the `icalendar` library.

Time zones are kept from it: it would remember a mail's own definitions for the next mail too, one
that repeats every second costs minutes, and names that it does not know it guesses or passes over.
A zone counts by its name here, IANA's or Windows', and one of no known name is told.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.cal.component import Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.mail.document import Item, Words, clean
from bot.mail.moments import zone_named
from bot.mail.unreadable import Unreadable

_FOLD = re.compile(r"\r?\n[ \t]")
_LINES = re.IGNORECASE | re.MULTILINE
_ZONE = re.compile(r"^BEGIN:VTIMEZONE[ \t\r]*$(?s:.*?)^END:VTIMEZONE[ \t\r]*$\n?", _LINES)
_ZONE_LEFT = re.compile(r"^(?:BEGIN|END)\b[^\n]*VTIMEZONE", _LINES)
_COMPONENT = re.compile(r"^BEGIN\b", _LINES)
_NAMED_ZONE = re.compile(r"^((?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)\b[^:\n]*;)TZID=", _LINES)
_MOST_COMPONENTS = 60
_LONGEST_ZONE = 3  # words of a zone's name, as in America/Argentina/Ushuaia
_TIMES = ("DTSTART", "DTEND")
_TEXTS = (
    "UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE", "DURATION", "RRULE", "RDATE",
    "RECURRENCE-ID",
)  # fmt: skip
_WALL = "%Y-%m-%dT%H:%M:%S"


def calendar_items(text: str) -> list[Item]:
    """The events of a calendar.

    Their times become ISO 8601, the zone's name in brackets behind it (RFC 9557): an absolute one
    ends in `Z[Etc/UTC]`, a floating one in nothing, a day without a time stays a day.

    Raises:
        Unreadable: it holds too much, or no event, and so may whatever the library raises.
    """
    whole = _without_zones(text)
    calendars = Calendar.from_ical(whole, multiple=True)
    events = [(calendar, event) for calendar in calendars for event in calendar.walk("VEVENT")]
    if not events:
        raise Unreadable("The calendar holds no event.")
    return [
        Item(("VEVENT",), _properties(calendar, event), siblings=len(events) - 1)
        for calendar, event in events
    ]


def _without_zones(text: str) -> str:
    """The calendar with no zones defined, and their names where the library leaves them alone."""
    unfolded = _FOLD.sub("", text)
    if len(_COMPONENT.findall(unfolded)) > _MOST_COMPONENTS:
        raise Unreadable(f"The calendar holds too much: more than {_MOST_COMPONENTS} components.")
    whole = _ZONE.sub("", unfolded)
    if _ZONE_LEFT.search(whole):
        raise Unreadable("The calendar's time zones are damaged.")
    return _NAMED_ZONE.sub(r"\1X-TZID=", whole)


def _properties(calendar: Component, event: Component) -> dict[str, tuple[Words, ...]]:
    found = {name: _texts(event, name) for name in _TEXTS}
    found |= {name: tuple(_time(value, name) for value in _all(event, name)) for name in _TIMES}
    found["METHOD"] = _texts(calendar, "METHOD")
    if not found["DTEND"]:
        found["DTEND"] = tuple(_end(event))
    return {name: words for name, words in found.items() if words}


def _all(component: Component, name: str) -> list[Any]:
    value = component.get(name)
    values = value if isinstance(value, list) else [value]
    return [one for one in values if one is not None]


def _texts(component: Component, name: str) -> tuple[Words, ...]:
    return tuple(
        Words(clean(said), said, f"calendar, {name}")
        for value in _all(component, name)
        if clean(said := _said(value))
    )


def _said(value: Any) -> str:
    """A text without its escapes, anything else as it is written."""
    return str(value) if isinstance(value, str) else str(value.to_ical().decode())


def _time(value: Any, name: str) -> Words:
    written = _said(value)
    moment = None if isinstance(value, str) else value.dt
    zone = "" if isinstance(value, str) else value.params.get("X-TZID", "")
    place = f"calendar, {name};TZID={zone}" if zone else f"calendar, {name}"
    if not isinstance(moment, datetime):
        return Words(clean(written), written, place)
    return Words(f"{moment:{_WALL}}{_zone_of(written, zone)}", written, place)


def _zone_of(written: str, tzid: str) -> str:
    """Which zone is meant; both `Z` and a name are against the rules, and so doubtful."""
    if written.upper().endswith("Z"):
        return "Z" if tzid else "Z[Etc/UTC]"
    return f"[{_iana(tzid)}]" if tzid else ""


def _iana(tzid: str) -> str:
    """The zone's own name, where Windows has another or a program has put its own before it."""
    named = WINDOWS_TO_OLSON.get(tzid, tzid)
    parts = named.rsplit("/", _LONGEST_ZONE)
    ends = ("/".join(parts[start:]) for start in range(1, len(parts) - 1))
    known = (end for end in (named, *ends) if zone_named(end))
    return next(known, re.sub(r"[\[\]]", "", named)[:80] or "?")


def _end(event: Component) -> Iterator[Words]:
    """The end of an event that tells how long it lasts, where its zone tells how long that is."""
    starts, spans = _all(event, "DTSTART"), _all(event, "DURATION")
    if len(starts) != 1 or len(spans) != 1:
        return
    start, span = getattr(starts[0], "dt", None), getattr(spans[0], "dt", None)
    zone = zone_named(_iana(starts[0].params.get("X-TZID", "")))
    if not isinstance(start, datetime) or not isinstance(span, timedelta):
        return
    if zone or start.tzinfo:
        begins = start if start.tzinfo else start.replace(tzinfo=zone)
        end = begins.astimezone(UTC) + span
        yield Words(f"{end:{_WALL}}Z[Etc/UTC]", _said(spans[0]), "calendar, DURATION")
