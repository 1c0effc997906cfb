import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.mail import values
from bot.mail.moments import LocalZone, moment

LOCAL = LocalZone(ZoneInfo("America/Los_Angeles"))


@pytest.mark.parametrize(
    "written",
    [
        "May 30, 2026 • 10:00 AM",
        "May 30, 2026 · 10 AM",
        "Sat, May 30, 2026 at 10:00 AM",
        "Saturday May 30 2026 10:00 a.m.",
        "30 May 2026 - 10 AM",
        "2026-05-30 10:00 AM",
        "05/30/2026 10:00 AM",
        "30.05.2026, 10:00 AM",
        "May 30, 2026 • 10:00 AM PDT",
        "May 30, 2026 • 10:00 AM (PT).",
        "May 30, 2026 ? 10:00 AM",
        "May 30, 2026 \ufffd\ufffd\ufffd 10:00 AM",
        "May 30, 2026 ・ 10:00 AM",
    ],
)
def test_a_date_is_local_to_the_boat_however_it_is_written(written):
    read = moment(written, LOCAL)

    assert read.value == datetime.fromisoformat("2026-05-30T10:00:00-07:00")
    assert read.why is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/04/2026 10:00 AM", "can be 04 March or 03 April"),
        ("Fri, May 30, 2026 • 10:00 AM", "is a Saturday"),
        ("May 30, 2026 • 10:00", "neither AM nor PM"),
        ("May 30, 2026 • 10:00 AM EST", "says EST"),
        ("May 30, 2026 • 10:00 AM UTC", "says UTC"),
        ("March 8, 2026 • 2:30 AM", "there is no 02:30"),
        ("Nov 1, 2026 • 1:30 AM", "comes twice"),
    ],
)
def test_a_doubtful_date_is_read_and_asked_about(written, why):
    read = moment(written, LOCAL)

    assert isinstance(read.value, datetime)
    assert why in (read.why or "")


@pytest.mark.parametrize(
    "written",
    ["soon", "May 30 • 10:00 AM", "Feb 30, 2026 • 10:00 AM", "May 30, 2026 • 13:00 PM", "05/30/26"],
)
def test_what_is_no_date_becomes_a_question(written):
    read = moment(written, LOCAL)

    assert read.value is None
    assert read.why


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("$840.75", "840.75", "USD"),
        ("$1,120.00", "1120.00", "USD"),
        ("USD $831.90", "831.90", "USD"),
        ("840 USD", "840", "USD"),
        ("€641,25", "641.25", "EUR"),
        ("1.641,25 €", "1641.25", "EUR"),
        ("CA$90.00", "90.00", "CAD"),
        ("$1 120.00", "1120.00", "USD"),
        ("USD 12 345.67", "12345.67", "USD"),
        ("$1.234,50", "1234.50", "USD"),
        ("1 641,25 €", "1641.25", "EUR"),
    ],
)
def test_an_amount_is_exact(written, value, currency):
    assert values.amount(written) == values.Value(Decimal(value))
    assert values.currency(written, "USD") == values.Value(currency)


@pytest.mark.parametrize(
    "written", ["$-108.10", "-$108.10", "$840,75", "$1.120", "$12 or $15", "$1 120", "$12 50", "x"]
)
def test_a_doubtful_amount_is_asked_about_without_repeating_it(written):
    read = values.amount(written)

    assert read.why
    assert not any(char.isdigit() for char in read.why)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("3 hours", 180),
        ("1 hour", 60),
        ("2.5 hours", 150),
        ("1 hour and 30 minutes", 90),
        ("1h 30m", 90),
        ("45 minutes", 45),
        ("2 days", 2880),
    ],
)
def test_a_duration_is_in_minutes(written, minutes):
    assert values.minutes(written) == values.Value(minutes)


@pytest.mark.parametrize("written", ["half a day", "0 hours", "3 to 4 hours", "3", ""])
def test_a_doubtful_duration_is_asked_about(written):
    assert values.minutes(written).why


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("4", 4),
        ("14 guests", 14),
        ("1 person", 1),
        ("Four", 4),
        ("twelve guests", 12),
        ("2 Adults", 2),
        ("2 adults, 1 child", 3),
        ("2 Adults, 1 Child and two infants", 5),
    ],
)
def test_passengers_are_counted(written, people):
    assert values.people(written) == values.Value(people)


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("3 or 4", 3),
        ("2 adults, 1 dog", 2),
        ("2 adults 3", 2),
        ("0", None),
        ("0 adults", None),
        ("many", None),
    ],
)
def test_doubtful_passengers_are_asked_about(written, guess):
    read = values.people(written)

    assert read.value == guess
    assert read.why


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Captained", "captained"), ("Bareboat", "bareboat"), ("No captain", "bareboat")],
)
def test_a_captain_is_part_of_it_or_not(written, meant):
    assert values.captain(written) == values.Value(meant)
    assert values.captain(written + " maybe").why


def test_an_id_in_letters_that_only_resemble_its_alphabet_is_asked_about():
    sure = re.compile("[bcdfghjklmnpqrstvwxz]{7}")

    assert values.booking_id("BPZMZVK", sure) == values.Value("bpzmzvk")
    assert values.booking_id("bpzmzv\u212a", sure).why
    assert values.booking_id("bpzmzvе", sure).why  # noqa: RUF001 - Cyrillic


@pytest.mark.parametrize("written", ["strict", "Strict.", "flexible (48 hours)"])
def test_a_policy_has_a_short_name(written):
    assert values.policy(written) == values.Value(written.rstrip(".").lower())


def test_a_sentence_is_no_policy():
    assert values.policy("strict please review our policy for more information").why


def test_an_address_is_taken_alone():
    assert values.email("marisol@example.com") == values.Value("marisol@example.com")
    assert values.email("marisol@example.com or call").why
    assert values.email("nobody").value is None
