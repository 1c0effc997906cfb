# ruff: noqa: RUF001 - people read en dashes
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from view_samples import JADA

from bot.views.text import (
    clock,
    duration,
    inert,
    mention,
    money,
    plain,
    safe_url,
    shown_id,
    span,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_charter_is_told_in_the_boats_time_wherever_the_mail_was_read():
    told = span(at("2026-05-30T17:00:00+00:00"), at("2026-05-30T20:00:00+00:00"), JADA)
    assert told == "Sat 30 May 2026, 10:00–13:00 PDT (3 h)"


def test_a_charter_past_midnight_names_both_days():
    told = span(at("2026-05-30T22:00:00-07:00"), at("2026-05-31T02:30:00-07:00"), JADA)
    assert told == "Sat 30 May 2026, 22:00 – Sun 31 May 2026, 02:30 PDT (4 h 30 min)"


def test_the_night_on_which_the_clocks_go_back_is_an_hour_longer():
    zone = ZoneInfo("America/Los_Angeles")
    told = span(
        datetime(2026, 11, 1, 0, 30, tzinfo=zone), datetime(2026, 11, 1, 3, tzinfo=zone), JADA
    )
    assert told == "Sun 1 Nov 2026, 00:30 PDT–03:00 PST (3 h 30 min)"


def test_an_end_before_the_start_is_said():
    told = span(at("2026-05-30T13:00:00-07:00"), at("2026-05-30T10:00:00-07:00"), JADA)
    assert told.endswith("(the end is not after the start)")


def test_the_first_and_last_day_of_the_calendar_do_no_harm():
    assert clock(datetime.min.replace(tzinfo=UTC), JADA) == "Mon 1 Jan 1, 00:00 UTC"
    assert clock(datetime.max.replace(tzinfo=UTC), JADA) == "Fri 31 Dec 9999, 15:59 PST"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.61, "0.6 s"), (2700, "45 min"), (10800, "3 h"), (9000, "2 h 30 min")],
)
def test_durations(seconds, told):
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("840.75", "USD", "$840.75"),
        ("1234.5", "EUR", "€1,234.50"),
        ("-108.1", "USD", "-$108.10"),
        ("840.75", "CHF", "840.75 CHF"),
        ("840.75", None, "840.75"),
        ("840.75", "<!channel>", "840.75 <!channel>"),
        ("1E+900", "USD", "1.0000E+900 USD"),
    ],
)
def test_money(amount, currency, told):
    assert money(Decimal(amount), currency) == told


@pytest.mark.parametrize(
    ("identifier", "told"),
    [
        ("U0CAPTAIN", "<@U0CAPTAIN>"),
        ("S0OPS", "<!subteam^S0OPS>"),
        ("U0|<!here>", "U0|&lt;!here&gt;"),
        ("u0captain", "u0captain"),
        ("U0CAPTAIN\n", "U0CAPTAIN"),
    ],
)
def test_only_a_real_id_is_a_mention(identifier, told):
    assert mention(identifier) == told


def test_ids_are_shown_in_capitals():
    assert shown_id("xhqgmdh") == "XHQGMDH"
    assert shown_id(None) == "(no id)"


def test_text_loses_what_cannot_be_seen_and_keeps_what_can():
    assert plain("\u202eMari\x00sol\u2066 \r\n 🛥️") == "Marisol 🛥️"
    assert plain(" a \r\n\n b\x0bc ", lines=True) == "a\nb\nc"


def test_inert_text_still_reads_the_same():
    shown = inert("Reach me: a.b@c.com, crew_1 & co")
    assert shown.replace("\u2060", "") == "Reach me: a.b@c.com, crew_1 &amp; co"


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        "javascript:alert(1)",
        "http://",
        "https://a b",
        "https://a|b",
        "https://a>b",
        "//a.b",
    ],
)
def test_nobody_is_sent_to_a_doubtful_address(url):
    assert safe_url(url) is None
