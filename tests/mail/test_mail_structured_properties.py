"""Whatever stands in the data of a mail, it is read right, doubted, or left out."""

import json
from datetime import UTC, datetime, timedelta

import mail_wrappings as wrap
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.mail.reader import Unreadable, read_bytes

BOAT = Boat(name="JADA", listings=("Known",), time_zone="America/Los_Angeles", capacity=6)
MODEST = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
WALL = "%Y-%m-%dT%H:%M:%S"
CONFIRMED = "http://schema.org/ReservationConfirmed"

telling = st.sampled_from([
    "BoatReservation", "EventReservation", "FlightReservation", CONFIRMED, "Known", "xhqgmdh", "#a",
    "2026-05-30T10:00:00", "2026-05-30", "2026-05-30T99:00Z", "http://schema.org", "4", "",
])  # fmt: skip
names = st.sampled_from([
    "@type", "@context", "@graph", "@id", "@value", "@list", "reservationNumber", "underName",
    "reservationStatus", "reservationFor", "departureTime", "startDate", "name", "email",
    "numSeats", "location", "address", "eventStatus",
])  # fmt: skip
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | telling,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=8),
    max_leaves=30,
)
told = st.sampled_from([
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:VALARM",
    "SUMMARY:Known", "DESCRIPTION:Booking ID: xhqgmdh", "DESCRIPTION:Booking ID: a\\nBoat: x",
    "DTSTART:20260530T100000", "DTSTART;VALUE=DATE:20260530", "DTSTART:20269999T999999Z",
    "DTSTART;TZID=America/New_York:20260530T100000", "DTSTART;TZID=:x", "DTSTART", "DTEND:",
    "DTSTART:99991231T235959Z", "DURATION:PT3H", "DURATION:-P999999999D", "RRULE:x",
    "METHOD:CANCEL", "STATUS:CONFIRMED", "END:VCALENDAR", "BEGIN:VCALENDAR", 'X;Y="', " folded", ":",
])  # fmt: skip
lines = st.lists(told | st.text(max_size=12), max_size=16)


def read(raw: bytes) -> Reading | None:
    try:
        return read_bytes(raw, name="x.eml", boats=(BOAT,))
    except Unreadable:
        return None


def scripted(script: str) -> bytes:
    tag = f'<script type="application/ld+json">{script}</script>'
    text = "You have a new booking.\n"
    return wrap.eml("Fwd: x", text, f"<html>schema.org{tag}<p>{text}").as_bytes()


def attached(calendar: str) -> bytes:
    mail = wrap.eml("Fwd: x", "You have a new booking.\n")
    raw = calendar.encode("utf-8", "surrogatepass")
    mail.add_attachment(raw, "text", "calendar", filename="x.ics")
    return mail.as_bytes()


def assert_no_booking_out_of_nothing(reading: Reading | None) -> None:
    assert reading is not None, "an ordinary text is readable, whatever its data are"
    assert reading.as_json()
    assert all(field.sure == (field.why is None) for field in reading.fields.values())
    if reading.kind is Kind.NEW:
        assert reading.booking.booking_id
        start = reading.fields["starts_at"]
        assert start.value or (not start.sure and any(char.isdigit() for char in start.words))


@MODEST
@given(garbage)
@example([{"@type": "BoatReservation", "reservationStatus": CONFIRMED}])
@example([{"@type": "BoatReservation", "reservationStatus": CONFIRMED, "reservationNumber": "a"}])
def test_any_json_makes_no_booking_without_an_id_and_a_day(data):
    assert_no_booking_out_of_nothing(read(scripted(json.dumps(data))))


@MODEST
@given(st.text(max_size=200))
def test_any_script_is_read_or_left_out(script):
    assert_no_booking_out_of_nothing(read(scripted(script.encode("utf-8", "replace").decode())))


@MODEST
@given(lines)
@example(["BEGIN:VEVENT", "SUMMARY:Known", "DESCRIPTION:Booking ID: xhqgmdh", "END:VEVENT"])
def test_any_calendar_makes_no_booking_without_an_id_and_a_day(said):
    calendar = "\r\n".join(["BEGIN:VCALENDAR", *said, "END:VCALENDAR"])
    assert_no_booking_out_of_nothing(read(attached(calendar)))


@MODEST
@given(st.text(max_size=300))
def test_any_markup_is_read_or_left_out(markup):
    page = f'<html>schema.org<div itemscope itemtype="http://schema.org/BoatReservation">{markup}'
    raw = wrap.eml("Fwd: x", "Thank you.\n", page.encode("utf-8", "replace").decode()).as_bytes()

    assert_no_booking_out_of_nothing(read(raw))


DST = [datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)]  # noqa: DTZ001 - wall clock
moments = st.sampled_from(DST) | st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - wall clock
    datetime(2027, 12, 31),  # noqa: DTZ001 - wall clock
).map(lambda moment: moment.replace(second=0, microsecond=0))
zones = st.sampled_from([
    "", "America/Los_Angeles", "US/Pacific", "Pacific Standard Time", "America/New_York",
    "W. Europe Standard Time", "Nowhere",
])  # fmt: skip


@MODEST
@given(moments, st.sampled_from(["", "Z", "-07:00", "-08:00", "-0700", "+02:00", ".000-08:00"]))
def test_a_time_in_json_is_the_boats_own_or_doubted(wall, offset):
    data = {
        "@type": "BoatReservation",
        "reservationNumber": "xhqgmdh",
        "reservationStatus": CONFIRMED,
        "reservationFor": {"name": "Known", "departureTime": f"{wall:{WALL}}{offset}"},
    }

    reading = read(scripted(json.dumps(data)))

    assert_the_boats(reading, wall, unless_twice=not offset)
    if offset in {"Z", "+02:00"}:
        assert reading.unsure == ("starts_at",)


@MODEST
@given(moments)
def test_an_absolute_time_in_a_calendar_is_that_moment_on_the_boats_clock(wall):
    at = read(attached(event(f"DTSTART:{wall:%Y%m%dT%H%M%S}Z"))).booking.starts_at

    assert at.astimezone(UTC) == wall.replace(tzinfo=UTC)
    assert at.utcoffset() in {timedelta(hours=-7), timedelta(hours=-8)}


@MODEST
@given(moments, zones)
def test_a_zones_time_in_a_calendar_is_the_boats_own_or_doubted(wall, zone):
    named = f";TZID={zone}" if zone else ""

    reading = read(attached(event(f"DTSTART{named}:{wall:%Y%m%dT%H%M%S}")))

    assert_the_boats(reading, wall, unless_twice=True)
    if zone in {"America/New_York", "W. Europe Standard Time", "Nowhere"}:
        assert reading.unsure == ("starts_at",)


def event(start: str) -> str:
    said = ["SUMMARY:Known", "DESCRIPTION:Booking ID: xhqgmdh", start]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *said, "END:VEVENT", "END:VCALENDAR", ""]
    )


def assert_the_boats(reading: Reading, wall: datetime, *, unless_twice: bool) -> None:
    """What is sure is what the boat's clock shows, once that day where nothing else tells."""
    assert reading.kind is Kind.NEW
    local = wall.replace(tzinfo=BOAT.zone)
    once = local.utcoffset() == local.replace(fold=1).utcoffset()
    if "starts_at" not in reading.unsure:
        assert reading.booking.starts_at.replace(tzinfo=None, fold=0) == wall
        assert once or not unless_twice
