from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import mail_wrappings as wrap
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.mail.reader import Unreadable, read_bytes, read_text

ZONE = ZoneInfo("America/Los_Angeles")
BOAT = Boat(name="JADA", listings=("Known",), time_zone=ZONE.key, capacity=6)
MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
LABELS = {"start", "end", "location", "captain", "earnings", "duration", "passengers", "renter"}

names = (
    st.text(st.sampled_from("abcxyzABCXYZ éüñ 0123456789 '&,.-()!•<🙂\u200b\u00a0"), max_size=50)
    .map(lambda text: " ".join(text.replace("\u200b", "").split()))
    .filter(lambda text: text[:1].isalnum() and text.casefold() not in LABELS)
)


@st.composite
def bookings(draw: st.DrawFn) -> dict[str, Any]:
    """A booking as a marketplace would sell it, on the boat's wall clock."""
    start = draw(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 - wall clock
            lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        )
    )
    minutes = draw(st.integers(2, 48)) * 15
    begins = start.replace(tzinfo=ZONE)
    ends = (begins.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZONE)
    cents = draw(st.integers(1, 9_999_999))
    return {
        "booking_id": draw(
            st.text(st.sampled_from("bcdfghjklmnpqrstvwxz"), min_size=7, max_size=7)
        ),
        "listing": draw(names),
        "renter": draw(names),
        "starts_at": begins,
        "ends_at": ends,
        "duration_minutes": minutes,
        "passengers": draw(st.integers(1, 99)),
        "location": draw(names),
        "captain": draw(st.sampled_from(["captained", "bareboat"])),
        "owner_payout": Decimal(cents) / 100,
        "currency": "USD",
        "cancellation_policy": draw(st.sampled_from(["strict", "moderate", "flexible"])),
    }


def written(moment: datetime) -> str:
    return f"{moment:%b} {moment.day}, {moment.year} • {moment:%I:%M %p}".replace("• 0", "• ")


def lasting(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part
        for part in (f"{hours} hours" if hours else "", f"{rest} minutes" if rest else "")
        if part
    )


def in_words(booking: dict[str, Any]) -> tuple[str, str]:
    """The subject and the text in which Boatsetter sells a booking."""
    when, amount = written(booking["starts_at"]), f"${booking['owner_payout']:,.2f}"
    values = {
        "Location": booking["location"],
        "Start": when,
        "End": written(booking["ends_at"]),
        "Duration": lasting(booking["duration_minutes"]),
        "Passengers": booking["passengers"],
        "Captain": booking["captain"].title(),
    }
    text = (
        f"You received an Instant Booking for {when}.\nGet ready to earn {amount}. Instant Book "
        "means that this trip is automatically approved.\nLearn more here »\n\n"
        f"Booking ID: {booking['booking_id']}\n\n{booking['listing']}\n\n"
        f"Renter: {booking['renter']}\n\n"
        + "".join(f"{label}\n{value}\n\n" for label, value in values.items())
        + f"Earnings\n\nYou earn\n\n{amount}\n\nVIEW BOOKING DETAILS\nEDIT BOOKING\n"
        f"Your cancellation policy is: {booking['cancellation_policy']}\n"
    )
    return f"You have a new Instant Booking for {when}.", text


@MODEST
@given(booking=bookings(), shape=st.sampled_from(wrap.SHAPES), carry=st.sampled_from(wrap.CARRIERS))
def test_a_booking_reads_back_equal_or_unsure_however_it_is_handed_on(booking, shape, carry):
    subject, text = in_words(booking)

    reading = read_bytes(carry(subject, shape(subject, text)), name="-", boats=(BOAT,))

    assert reading.kind is Kind.NEW
    for name, value in booking.items():
        assert getattr(reading.booking, name) == value or name in reading.unsure, name


@MODEST
@given(st.binary(max_size=600), st.sampled_from(["x.eml", "x.html", "x.json", "x.txt", "-"]))
def test_any_bytes_are_a_reading_or_unreadable(raw, name):
    assert_read_or_refused(raw, name)


@MODEST
@given(st.data(), st.sampled_from(wrap.CARRIERS))
def test_a_damaged_mail_is_a_reading_or_unreadable(data, carry):
    whole = carry(
        "Your booking was approved", wrap.gmail("x", "You received a booking for\nStart\n")
    )
    start = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=40))
    cut = data.draw(st.integers(0, 200))

    assert_read_or_refused(whole[:start] + junk + whole[start + cut :], "x.eml")


@MODEST
@given(
    st.lists(
        st.sampled_from(
            [
                "Start",
                "End:",
                "Booking ID:",
                "bpzmzvw",
                "Renter: a",
                "May 30, 2026 • 10:00 AM",
                "",
                "You received a booking for x",
                "From: a",
                "Subject: b",
                "> ",
                "$5",
                "Passengers",
                "On x, y wrote:",
                "Get ready to earn $5",
                "Your booking bpzmzvw has been updated",
            ]
        )
    )
    .map("\n".join)
    .filter(str.strip)
)
def test_any_muddle_of_its_words_is_a_reading_whose_doubts_say_why(text):
    try:
        reading = read_text(text, boats=(BOAT,))
    except Unreadable as refused:
        pytest.fail(refused.reason)
    assert reading.as_json()
    assert all(field.sure == (field.why is None) for field in reading.fields.values())


def assert_read_or_refused(raw: bytes, name: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read_bytes(raw, name=name, boats=(BOAT,)), Reading)
