"""An iCalendar file of one event (RFC 5545), in the zone of the place where it happens."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_LINE_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_STEP = timedelta(hours=12)  # no zone changes its clocks twice within it


def calendar_file(
    *,
    uid: str,
    title: str,
    place: str,
    notes: str,
    zone: ZoneInfo,
    starts_at: datetime,
    ends_at: datetime,
) -> bytes:
    """The file: local times of `zone`, which comes along with the year's clock changes up to it.

    A calendar that knows the zone by its name uses its own rules, any other these. An event that
    begins or ends in an hour that the clocks show twice is told in UTC: the local time would be
    taken for the first of the two.
    The stamp is the start: a file that named the moment of its making would differ every time.
    """
    starts_at, ends_at = starts_at.astimezone(zone), ends_at.astimezone(zone)
    twice = _is_shown_twice(starts_at) or _is_shown_twice(ends_at)

    def shown(at: datetime) -> str:
        return f":{_universal(at)}" if twice else f";TZID={zone.key}:{_local(at)}"

    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//charter-bot//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(() if twice else _time_zone(zone, starts_at, ends_at)),
        "BEGIN:VEVENT",
        f"UID:{_escaped(uid)}",
        f"DTSTAMP:{_universal(starts_at)}",
        f"DTSTART{shown(starts_at)}",
        f"DTEND{shown(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        *([f"DESCRIPTION:{_escaped(notes)}"] if notes else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _time_zone(zone: ZoneInfo, starts_at: datetime, ends_at: datetime) -> Iterator[str]:
    """What the zone's clocks showed before the year, and each change until the event ends."""
    at = datetime(starts_at.year, 1, 1, tzinfo=UTC) - 2 * _STEP  # it has begun nowhere on earth
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(at.astimezone(zone), at.astimezone(zone))
    while at < ends_at:
        before, after = at.astimezone(zone), (at + _STEP).astimezone(zone)
        if before.utcoffset() != after.utcoffset():
            yield from _observance(before, _change(at, zone))
        at += _STEP
    yield "END:VTIMEZONE"


def _change(after: datetime, zone: ZoneInfo) -> datetime:
    """The first minute that has another offset than `after`, a moment in UTC within a step of it.

    By halving: the offset changes once in between.
    """
    old = after.astimezone(zone).utcoffset()
    low, high = 0, _STEP // timedelta(minutes=1)
    while high - low > 1:
        middle = (low + high) // 2
        same = (after + timedelta(minutes=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return (after + timedelta(minutes=high)).astimezone(zone)


def _observance(before: datetime, onset: datetime) -> Iterator[str]:
    """From `onset` on, by the clocks that were in force `before`, its own time is shown."""
    kind = "DAYLIGHT" if onset.dst() else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{_local(onset.astimezone(UTC) + (before.utcoffset() or timedelta()))}"
    yield f"TZOFFSETFROM:{before:%z}"
    yield f"TZOFFSETTO:{onset:%z}"
    yield f"TZNAME:{onset.tzname()}"
    yield f"END:{kind}"


def _is_shown_twice(at: datetime) -> bool:
    """Whether the clocks are put back past it, so that its local time comes a second time."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def _universal(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _local(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, never cut inside a character; each but the first is indented."""
    pieces, room = [b""], _LINE_OCTETS
    for octets in (character.encode() for character in line):
        if len(octets) > room:
            pieces.append(b"")
            room = _LINE_OCTETS - 1
        pieces[-1] += octets
        room -= len(octets)
    return b"\r\n ".join(pieces)
