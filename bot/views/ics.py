"""An iCalendar file of one event (RFC 5545)."""

from datetime import UTC, datetime

_LINE_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_file(
    *, uid: str, title: str, place: str, notes: str, starts_at: datetime, ends_at: datetime
) -> bytes:
    """The file, with times in UTC, which every calendar shows in its reader's zone.

    The stamp is the start: a file that named the moment of its making would differ every time.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//charter-bot//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(uid)}",
        f"DTSTAMP:{_utc(starts_at)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        *([f"DESCRIPTION:{_escaped(notes)}"] if notes else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


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
