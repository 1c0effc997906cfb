"""Scrubbed notes hold no revenue and everything else, to the byte."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.scrub import scrub


def test_json_in_a_string_loses_revenue_and_keeps_every_other_byte() -> None:
    notes = '{"payout": 840.75, "guest_count": 4,  "captain_fee":150.00,\n "from":"10:00" }'
    scrubbed = scrub(notes)
    assert scrubbed.notes == '{ "guest_count": 4,\n "from":"10:00" }'
    assert scrubbed.removed == ("payout", "captain_fee")


def test_a_map_loses_revenue_at_every_depth_in_every_style() -> None:
    notes = {
        "ownerPayout": Decimal("840.75"),
        "guestCount": Decimal(4),
        "money": {"NET-RATE": "1,0", "crewCost": 250, "crew": ["captain"], "total_guests": 4},
        "legs": [{"label": "Boat payout", "value": 690}, {"label": "guests", "value": 4}],
        "phone": "619-555-0100",
    }
    scrubbed = scrub(notes)
    assert scrubbed.notes == {
        "guestCount": Decimal(4),
        "legs": [{"label": "Boat payout"}, {"label": "guests", "value": 4}],
        "phone": "619-555-0100",
    }
    assert scrubbed.removed == ("ownerPayout", "money", "legs.value")


@pytest.mark.parametrize(
    ("prose", "left"),
    [
        (
            "Boatsetter XHQGMDH, payout $840.75, 4 guests at 10:00, call 619-555-0100.",
            "Boatsetter XHQGMDH, payout [removed], 4 guests at 10:00, call 619-555-0100.",
        ),
        ("Captain fee 150, gross is 1,200 and net 840", "Captain fee [removed], gross is [removed] and net [removed]"),
        ("840.75 payout, slip 12", "[removed] payout, slip 12"),
        ("Payout: eight hundred forty dollars", "Payout: [removed] dollars"),
        ("port fee 18%, 20% chance of rain", "port fee [removed], 20% chance of rain"),
        ("You will earn 464.62 on Sep 11, 2026", "You will earn [removed] on Sep 11, 2026"),
        ('{"payout": 840.75, broken', '{"payout": [removed], broken'),
        ("tip USD 20", "tip [removed]"),
        ("captain_fee=150\nslip=12", "captain_fee=[removed]\nslip=12"),
    ],
)  # fmt: skip
def test_prose_loses_its_amounts_and_keeps_its_words(prose: str, left: str) -> None:
    assert scrub(prose).notes == left


@pytest.mark.parametrize(
    "notes",
    [
        None, "", "   ", {}, [], "4 guests, 10:00 to 13:00, 30 May 2026", "840.75", "12",
        '{"guest_count": 4, "from": "10:00", "phone": "+1 619 555 0100"}', "Tip: bring 2 towels",
        "total of 4 guests", '{"tips": "Bring sunscreen", "total_guests": 4}', "crew paid 30 May",
        {"start": Decimal(10), "ok": True, "none": None, "tags": {"a", "b"}}, "coffee at 9, 2 nets",
    ],
)  # fmt: skip
def test_notes_without_revenue_stay_as_they_are(notes) -> None:
    scrubbed = scrub(notes)
    assert scrubbed.notes == notes
    assert scrubbed.removed == ()


def test_json_within_json_is_scrubbed_where_it_lies() -> None:
    inner = json.dumps({"fee": 3, "a": 1.0})
    scrubbed = scrub(json.dumps({"n": inner, "b": [1, {"tip": 20}, "payout: 5.00"]}))
    outer = json.loads(scrubbed.notes)
    assert json.loads(outer["n"]) == {"a": 1.0}
    assert outer["b"] == [1, {}, "payout: [removed]"]
    assert scrubbed.removed == ("n.fee", "b.tip", "b: an amount after 'payout'")


def test_a_list_in_json_loses_what_follows_a_word_of_money() -> None:
    assert scrub('["payout", 840.75, "slip", 12]').notes == '["payout", "slip", 12]'


def test_the_charters_own_amounts_go_even_without_a_word_of_money() -> None:
    known = (Decimal("840.75"),)
    assert scrub("JADA 840.75, slip 12", known).notes == "JADA [removed], slip 12"
    assert scrub({"x": Decimal("840.75"), "y": 4}, known).notes == {"y": 4}


def test_what_was_removed_is_told_without_values() -> None:
    scrubbed = scrub({"fee_150": 1, "$840.75": "x", "a\nfee": 2, "notes": "net 840 and $12"})
    assert scrubbed.notes == {"notes": "net [removed] and [removed]"}
    assert not any(digit in "".join(scrubbed.removed) for digit in "0123456789\n")


def test_notes_too_deep_to_read_as_json_are_read_as_prose() -> None:
    deep = "[" * 100_000 + '"payout $840"' + "]" * 100_000
    assert "840" not in scrub(deep).notes


names = st.sampled_from(
    ["payout", "captainFee", "net-rate", "guest_count", "start", "notes", "tip", "legs", "total"]
)
words = st.lists(
    st.sampled_from(
        ["payout", "net", "fee", "840.75", "$1,200", "4 guests", "10:00", "slip 12", "tip 20", "150",
         "30 May 2026", "619-555-0100", "eight hundred forty", "dollars", "[removed]", "of", ",", "is"]
    ),
    max_size=8,
).map(" ".join)  # fmt: skip
leaves = st.none() | st.booleans() | st.integers(0, 2000) | words
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(names, inner, max_size=4)
        | inner.map(json.dumps)
    ),
    max_leaves=10,
)


@settings(max_examples=70, deadline=None)
@given(values)
def test_scrubbing_twice_removes_nothing_the_second_time(notes) -> None:
    once = scrub(notes)
    assert scrub(once.notes).removed == ()
    assert scrub(once.notes).notes == once.notes


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(names, leaves, max_size=5), st.sampled_from([None, 0, 2]))
def test_json_text_and_map_lose_the_same(notes, indent) -> None:
    text = scrub(json.dumps(notes, indent=indent))
    assert json.loads(text.notes) == scrub(notes).notes
    assert text.removed == scrub(notes).removed


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_scrubbed(text) -> None:
    assert isinstance(scrub(text).notes, str)
