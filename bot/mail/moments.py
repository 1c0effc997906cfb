"""Dates and times as mails write them: local to the boat, never UTC, never guessed in silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.mail.values import Value

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The bullet between a date and a time; a charset that lacks it has others, or question marks.
BULLET = r"(?:[•·∙‧●・･]|[\ufffd?]{1,3})"
_DATE = (
    r"(?:(?P<weekday>[A-Za-z]{3,9})\.?,? )?"
    r"(?:(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"
    r"|(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?\.? (?P<month2>[A-Za-z]{3,9})\.?,? (?P<year2>[0-9]{4})"
    r"|(?P<year3>[0-9]{4})-(?P<month3>[0-9]{2})-(?P<day3>[0-9]{2})"
    r"|(?P<one>[0-9]{1,2})(?P<mark>[/.-])(?P<other>[0-9]{1,2})(?P=mark)(?P<year4>[0-9]{4}))"
)
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))? ?(?P<half>[AP]\.?M\.?)?"
    r"(?: ?\(?(?P<zone>[A-Z]{2,5})\)?)?"
)
_MOMENT = re.compile(
    _DATE + rf",?(?: ?(?:{BULLET}|[@|T\u2013\u2014-]) ?| at | )" + _TIME,
    re.IGNORECASE | re.ASCII,
)
# ISO 8601 as data have it, its zone named as in RFC 9557: `2026-05-30T10:00:00[America/New_York]`.
_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})(?P<dash>-?)(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})"
    r"(?:T|\s(?=[0-9]{2}:[0-9]{2}(?::[0-9]{2}|Z|[+-])))"
    r"(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r" ?(?P<offset>Z|[+\u2212-][0-9]{2}(?::?[0-9]{2})?)?(?:\[(?P<zone>[^\[\]]{1,100})\])?",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}")
_ABSOLUTE = "Etc/UTC"
_NOON = 12


@dataclass(frozen=True)
class LocalZone:
    """The zone to read times in. `why`: a sentence if it is not certain to be the boat's."""

    zone: ZoneInfo
    why: str | None = None


def moment(text: str, local: LocalZone) -> Value:
    """A date and time with the zone's offset."""
    if stamp := _TIMESTAMP.fullmatch(text):
        return _timestamp(stamp, local)
    match = _MOMENT.fullmatch(text.rstrip(". "))
    if not match:
        alone = _DAY_ALONE.fullmatch(text)
        form = "a day without a time" if alone else "not a date and time in a form that is known"
        return Value(None, f"{text!r} is {form}.")
    try:
        day, doubts = _day(match)
        read = datetime.combine(day, _clock(match, doubts), local.zone)
        read.astimezone(UTC)  # fails at the ends of the calendar
    except (ValueError, OverflowError):
        return Value(None, f"{text!r} is not a date and time that exists.")
    doubts += [
        *_clock_changes(read),
        *_other_zone(match, read),
        *([local.why] if local.why else []),
    ]
    return Value(read, " ".join(doubts) or None)


def _timestamp(match: re.Match[str], local: LocalZone) -> Value:
    """A moment as data write it; what names no zone is the boat's own time."""
    numbers = (match[name] for name in ("year", "month", "day", "hour", "minute", "second"))
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    try:
        wall = datetime.combine(date(year, month, day), time(hour, minute, second))
        read, doubts = _on_the_boat(wall, match["offset"], match["zone"], local.zone)
        read.astimezone(UTC)  # fails at the ends of the calendar
    except (ValueError, OverflowError):
        return Value(None, f"{match[0]!r} is not a date and time that exists.")
    return Value(read, " ".join([*doubts, *([local.why] if local.why else [])]) or None)


def _on_the_boat(
    wall: datetime, offset: str | None, zone: str | None, boat: ZoneInfo
) -> tuple[datetime, list[str]]:
    """What the boat's clock shows then, and what makes that doubtful.

    A bare `Z` is as doubtful as any other offset that is not the boat's: marketplaces write it
    behind local times too. Only with `[Etc/UTC]` is it meant.
    """
    named = zone_named(zone) if zone else None
    if offset:
        there = wall.replace(tzinfo=_offset(offset))
        read = there.astimezone(boat)
        meant = zone == _ABSOLUTE or read.utcoffset() == there.utcoffset()
        return read, [] if meant else [_elsewhere(wall, f"UTC{_sign(offset)}", read)]
    there = wall.replace(tzinfo=named or boat)
    doubts, read = list(_clock_changes(there)), there.astimezone(boat) if named else there
    if zone and named is None:
        doubts.append(f"Its time zone, {zone!r}, is not known; it was read as the boat's own.")
    elif read.utcoffset() != there.utcoffset():
        doubts.append(_elsewhere(wall, str(zone), read))
    return read, doubts


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offset(written: str) -> timezone:
    digits = written[1:].replace(":", "")
    minutes = int(digits[:2] or 0) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=minutes if written[0] == "+" else -minutes))


def _sign(offset: str) -> str:
    return "" if offset in {"Z", "z"} else offset


def _elsewhere(wall: datetime, zone: str, read: datetime) -> str:
    return (
        f"The mail says {wall:%H:%M} in {zone}, the boat's clock shows {read:%H:%M} then;"
        " it may have meant the boat's own time."
    )


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time that passes, across a change of clocks too (same-zone subtraction would not)."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def _day(match: re.Match[str]) -> tuple[date, list[str]]:
    said = match.groupdict()
    if said["one"]:
        return _numeric(int(said["one"]), int(said["other"]), int(said["year4"]), said["mark"])
    year = int(said["year"] or said["year2"] or said["year3"])
    name = said["month"] or said["month2"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(said["month3"])
    day = date(year, month, int(said["day"] or said["day2"] or said["day3"]))
    weekday = (said["weekday"] or "")[:3].lower()
    if weekday and weekday != _DAYS[day.weekday()]:
        return day, [f"The day of the week does not fit: {day:%d %B %Y} is a {day:%A}."]
    return day, []


def _numeric(one: int, other: int, year: int, mark: str) -> tuple[date, list[str]]:
    """Month first, as in the United States, unless only day first can be meant."""
    if one > _NOON:
        return date(year, other, one), []
    if other > _NOON or one == other:
        return date(year, one, other), []
    first, second = date(year, one, other), date(year, other, one)
    written = f"{one}{mark}{other}{mark}{year}"
    return first, [f"{written} can be {first:%d %B} or {second:%d %B}."]


def _clock(match: re.Match[str], doubts: list[str]) -> time:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(hour)
        return time(hour % _NOON + (_NOON if half[0] == "p" else 0), minute)
    if not match["minute"]:
        raise ValueError(hour)
    if 1 <= hour <= _NOON:
        doubts.append("The time says neither AM nor PM.")
    return time(hour, minute)


def _clock_changes(read: datetime) -> Iterator[str]:
    """An hour that the clocks skip has no offset of its own; one they repeat has two."""
    earlier, later = read.utcoffset(), read.replace(fold=1).utcoffset()
    if earlier is None or later is None or earlier == later:
        return
    if earlier > later:
        yield f"The clocks go back: {read:%H:%M} comes twice that night."
    else:
        yield f"The clocks go forward: there is no {read:%H:%M} that day."


def _other_zone(match: re.Match[str], read: datetime) -> Iterator[str]:
    zone = (match["zone"] or "").upper()
    if zone and zone not in {read.tzname(), _without_season(read.tzname())}:
        yield f"The mail says {zone}, the boat's clock is on {read.tzname()}."


def _without_season(name: str | None) -> str:
    """`PT` for both `PST` and `PDT`."""
    return f"{name[0]}{name[-1]}" if name else ""
