"""The calendar file: read by somebody else's reader, in the boat's zone."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from page_parsed import Page

from bot.views.ics import calendar_file


def made(zone: str, start: datetime, end: datetime | None = None, **words: str) -> str:
    named = {"uid": "x@example.com", "title": "Sailing", "place": "", "notes": "", **words}
    ends = end or start + timedelta(hours=3)
    return calendar_file(zone=ZoneInfo(zone), starts_at=start, ends_at=ends, **named).decode()


def moment(text: str, name: str) -> datetime:
    """A moment of the event, by dateutil's reading of the zone that came along."""
    event = text[text.index("BEGIN:VEVENT") :].split("\r\n")
    (line,) = [line for line in event if re.match(f"{name}[;:]", line)]
    if line.startswith(f"{name}:"):
        return datetime.strptime(line, f"{name}:%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone, _, local = line.partition("=")[2].partition(":")
    zones = tz.tzical(StringIO(text[: text.index("BEGIN:VEVENT")] + "END:VCALENDAR\r\n"))
    read = datetime.strptime(local, "%Y%m%dT%H%M%S").replace(tzinfo=zones.get(zone))
    return read.astimezone(UTC)


def test_the_pages_file_names_the_boats_zone_and_place(templates, charter) -> None:
    text = Page(templates.guest_page(charter)).calendar
    lines = text.split("\r\n")
    assert "DTSTART;TZID=America/Los_Angeles:20260530T100000" in lines
    assert "DTEND;TZID=America/Los_Angeles:20260530T130000" in lines
    assert "LOCATION:1880 Harbor Island Drive\\, San Diego\\, CA 92101" in lines
    assert "SUMMARY:Sailing aboard JADA" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert moment(text, "DTSTART") == charter.starts_at


def test_the_zone_comes_along_as_the_standard_wants_it() -> None:
    text = made("America/Los_Angeles", datetime(2026, 12, 1, 18, tzinfo=UTC))
    zone = text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")].split("\r\n")
    assert zone[:2] == ["BEGIN:VTIMEZONE", "TZID:America/Los_Angeles"]
    assert zone[-2:] == ["END:VTIMEZONE", ""]
    assert zone[8:20] == [
        "BEGIN:DAYLIGHT",
        "DTSTART:20260308T020000",
        "TZOFFSETFROM:-0800",
        "TZOFFSETTO:-0700",
        "TZNAME:PDT",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20261101T020000",
        "TZOFFSETFROM:-0700",
        "TZOFFSETTO:-0800",
        "TZNAME:PST",
        "END:STANDARD",
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "America/Los_Angeles",
        "Europe/Berlin",
        "Australia/Lord_Howe",  # half an hour of summer time
        "Asia/Kathmandu",  # 5:45, and no change
        "Europe/Dublin",  # winter is its exception
        "Africa/Casablanca",  # two changes about Ramadan
        "Pacific/Kiritimati",  # the first to begin a year
        "Pacific/Pago_Pago",  # the last
        "America/St_Johns",
        "UTC",
    ],
)
def test_every_start_of_a_year_is_read_as_the_moment_it_is(zone: str) -> None:
    at = datetime(2026, 1, 1, 0, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    while at.year < 2027:
        text = made(zone, at)
        assert (moment(text, "DTSTART"), moment(text, "DTEND")) == (at, at + timedelta(hours=3))
        at += timedelta(days=10, hours=5)


@pytest.mark.parametrize(("day", "hour"), [(8, 0), (8, 4), (7, 22)])
def test_a_charter_about_the_change_of_clocks_keeps_its_moments(day: int, hour: int) -> None:
    zone = "America/Los_Angeles"
    start = datetime(2026, 3, day, hour, tzinfo=ZoneInfo(zone))
    end = (start.astimezone(UTC) + timedelta(hours=6)).astimezone(ZoneInfo(zone))
    text = made(zone, start, end)
    assert moment(text, "DTSTART") == start.astimezone(UTC)
    assert moment(text, "DTEND") == end.astimezone(UTC)


@pytest.mark.parametrize("minutes", [-1, 0, 30, 60, 90, 119, 120])
@pytest.mark.parametrize("which", ["starts", "ends"])
def test_an_hour_that_the_clocks_show_twice_is_told_so_that_it_is_one(
    which: str, minutes: int
) -> None:
    first = datetime(2026, 11, 1, 8, tzinfo=UTC)  # 1:00 PDT; an hour later it is 1:00 PST
    at = first + timedelta(minutes=minutes)
    start = at if which == "starts" else at - timedelta(hours=3)
    text = made("America/Los_Angeles", start)
    assert moment(text, "DTSTART") == start
    assert moment(text, "DTEND") == start + timedelta(hours=3)
    in_doubt = 0 <= minutes < 120
    assert ("VTIMEZONE" in text) is not in_doubt
    assert (f":{at:%Y%m%dT%H%M%SZ}" in re.sub("DTSTAMP.*", "", text)) is in_doubt


def test_long_lines_are_folded_between_characters() -> None:
    place = "Café; \\ Ünïcödé \U0001f6a4 " * 12
    text = made("UTC", datetime(2026, 5, 30, 10, tzinfo=UTC), place=place)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:Café\\; \\\\ Ünïcödé \U0001f6a4 Café" in unfolded
