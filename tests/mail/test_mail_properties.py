"""For any booking and any wrapping the reading is right, or it says that it is not sure."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import cache

import pytest
from grammar.forwards import SHAPES, Mail, gmail
from grammar.mime import Coding, text_mail
from grammar.noise import BELOW, NOTES
from grammar.pages import PAGES, UNSEEN
from grammar.sold import Sold
from grammar.texts import LAYOUTS, text_of
from grammar.tongues import TONGUES
from grammar.wording import KINDS, Wording
from grammar.wrappings import Wrapping, wrap
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.mail.reader import Unreadable, read_bytes, read_text

MODEST = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    derandomize=True,
)
AT_ODDS = (
    "Start", "Captain", "O'Brien-Müller", "李 小龙", "משה כהן", "Mr Renter", "Location", "4",
    "Sunset • 3 hours • $99", "The Captain's Renter Special: Sep 11, 2026 • 11:00 AM",
    "🚤 Party! 🎉", "Your booking awaits", "VIEW BOOKING DETAILS", "approved", "Get ready to earn",
    "From: Here To: There", "Booking ID: zzzzzzz", "mercury verado", "--", "On 1/2/2026 she wrote:",
    "A very long name of a boat that goes on and on, past the end of any line that a mail may have",
    "End", "Duration of stay", "Earnings", "x" * 90, "Jan 1, 2020 • 9:00 AM", "$12.00", "3 hours",
    "Learn more here", "[EXTERNAL] JADA", "You received an award",
)  # fmt: skip
names = st.one_of(
    st.sampled_from(AT_ODDS),
    st.text(st.sampled_from("abcxyzABCXYZ éüñ 0123456789 '&,.-()!•<🙂:|/"), min_size=1, max_size=50)
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
)
wall_clocks = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
)
zones = st.sampled_from(["America/Los_Angeles", "America/Chicago", "America/New_York"])
bookings = st.builds(
    Sold,
    booking_id=st.text(st.sampled_from("bcdfghjklmnpqrstvwxz"), min_size=7, max_size=7),
    listing=names,
    renter=names,
    start=wall_clocks,
    minutes=st.integers(2, 48).map(lambda quarters: quarters * 15),
    zone=zones,
    passengers=st.integers(1, 99),
    location=names,
    captain=st.sampled_from(["Captained", "Bareboat"]),
    add_ons=st.none() | names,
    payout=st.none()
    | st.integers(1, 9_999_999).map(lambda cents: (Decimal(cents) / 100).quantize(Decimal("0.01"))),
    policy=st.sampled_from(["strict", "moderate", "flexible"]),
)
codings = st.builds(
    Coding,
    claimed=st.sampled_from(["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "nonsense", None]),
    transfer=st.sampled_from(["quoted-printable", "base64", "8bit"]),
    flowed=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    subject=st.sampled_from(["b", "q", "raw", "cut"]),
)
wrappings = st.builds(
    Wrapping,
    shapes=st.lists(st.sampled_from(sorted(SHAPES)), max_size=2).map(tuple),
    language=st.sampled_from(sorted(TONGUES)),
    layout=st.sampled_from(sorted(LAYOUTS)),
    page=st.sampled_from(sorted(PAGES)),
    carrier=st.sampled_from(["text", "html", "both", "attached", "file"]),
    coding=codings,
    unseen=st.sampled_from(sorted(UNSEEN)),
    seed=st.integers(0, 9),
    note=st.sampled_from(["", *NOTES]),
    below=st.sampled_from(["", *BELOW]),
    width=st.sampled_from([0, 0, 60, 76]),
)


@cache
def boat_in(zone: str) -> Boat:
    return Boat(name="JADA", listings=("Known",), time_zone=zone, capacity=6)


def wrongly_sure(wording: Wording, reading: Reading) -> dict[str, object]:
    """What a person would approve unseen although the mail says otherwise."""
    said = reading.as_json()
    return {
        name: said["booking"][name]
        for name, value in wording.expected["booking"].items()
        if said["booking"][name] not in {None, value} and name not in said["unsure"]
    }


@MODEST
@given(sold=bookings, kind=st.sampled_from(sorted(KINDS)), how=wrappings)
def test_no_reading_is_wrong_and_sure_however_the_mail_is_handed_on(sold, kind, how):
    wording = KINDS[kind](sold)

    reading = read_bytes(wrap(wording, how), name="x.eml", boats=(boat_in(sold.zone),))

    assert reading.kind.value in {wording.kind, "unrecognised", "informational"}
    assert wrongly_sure(wording, reading) == {}


@MODEST
@given(sold=bookings, how=wrappings)
def test_what_is_new_is_told_from_what_only_mentions_it_however_it_is_wrapped(sold, how):
    """Ordinary names: no reason for any doubt but an hour that comes twice."""
    plain = sold.but(listing="Known", renter="Zoë M.", location="Austin, TX", add_ons="2 selected")
    wording = KINDS["instant"](plain)

    reading = read_bytes(wrap(wording, how), name="x.eml", boats=(boat_in(sold.zone),))

    assert reading.kind is Kind.NEW
    assert reading.as_json()["booking"]["booking_id"] == sold.booking_id
    doubts = {reading.fields[name].why for name in reading.unsure}
    assert all("clocks" in (why or "") or "minutes" in (why or "") for why in doubts), doubts
    if not reading.unsure:
        assert reading.as_json()["booking"] == wording.expected["booking"]


@MODEST
@given(sold=bookings, other=bookings, how=wrappings)
def test_two_bookings_in_one_mail_are_never_one_that_is_sure(sold, other, how):
    assume(sold.booking_id != other.booking_id)
    first, second = (KINDS["instant"](one) for one in (sold, other))
    both = Wording("new", first.subject, first.items)
    outer = gmail(Mail(both.subject, text_of(first), ""), TONGUES["en"])[0]
    inner = gmail(Mail(second.subject, text_of(second), ""), TONGUES["en"])[0]
    sent = Mail(f"Fwd: {both.subject}", f"{outer}\n{inner}", "", "Cap Tain", "captain@example.com")

    reading = read_bytes(text_mail(sent, how.coding), name="x.eml", boats=(boat_in(sold.zone),))

    assert reading.kind is Kind.UNRECOGNISED or "booking_id" in (*reading.unsure, *reading.missing)


@MODEST
@given(st.binary(max_size=600), st.sampled_from(["x.eml", "x.html", "x.json", "x.txt", "-"]))
def test_any_bytes_are_a_reading_or_unreadable(raw, name):
    assert_read_or_refused(raw, name)


@MODEST
@given(data=st.data(), kind=st.sampled_from(sorted(KINDS)), how=wrappings)
def test_a_damaged_mail_is_a_reading_or_unreadable(data, kind, how):
    whole = wrap(KINDS[kind](Sold()), how)
    start = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=40))
    cut = data.draw(st.integers(0, 200))

    assert_read_or_refused(whole[:start] + junk + whole[start + cut :], "x.eml")


@MODEST
@given(
    st.lists(
        st.sampled_from(
            [
                "Start", "End:", "Booking ID:", "bpzmzvw", "Renter: a", "May 30, 2026 • 10:00 AM",
                "", "You received a booking for x", "From: a", "Subject: b", "> ", "$5",
                "Passengers", "On x, y wrote:", "Get ready to earn $5", "--",
                "Your booking bpzmzvw has been updated", "Von: b@mail.boatsetter.com", "Betreff: c",
            ]
        )
    )
    .map("\n".join)
    .filter(str.strip)
)  # fmt: skip
def test_any_muddle_of_its_words_is_a_reading_whose_doubts_say_why(text):
    try:
        reading = read_text(text, boats=(boat_in("America/Chicago"),))
    except Unreadable as refused:
        pytest.fail(refused.reason)
    assert reading.as_json()
    assert all(field.sure == (field.why is None) for field in reading.fields.values())


def assert_read_or_refused(raw: bytes, name: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read_bytes(raw, name=name, boats=(boat_in("America/Chicago"),)), Reading)
