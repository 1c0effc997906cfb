"""Whatever stands below: what a marketplace says of anything but a new booking never makes one."""

import json

import mail_wrappings as wrap
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.boat import Boat
from bot.domain.booking import Kind
from bot.mail.reader import read_bytes, read_text

MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
BOATS = (Boat(name="JADA", listings=("Known",), time_zone="America/Los_Angeles", capacity=6),)
SENDERS = {
    "boatsetter": "Boatsetter <boatsetter@mail.boatsetter.com>",
    "getmyboat": "Getmyboat <noreply@getmyboat.com>",
    "viator": "Viator <booking@t1.viator.com>",
}
WHEN = "Sep 11, 2026 • 11:00 AM"
SELLS = {
    "boatsetter": [
        f"You received an Instant Booking for {WHEN}.", f"You received a booking for {WHEN}.",
        "Your booking was approved.", f"You have a new booking for {WHEN}", "Get ready to earn $4.62.",
        "Booking ID: bpzmzvw", "Known", "Renter: Raquel", "Start", WHEN, f"End: {WHEN}",
        "Passengers 4", "You earn", "$4.62", "Your cancellation policy is: strict",
    ],
    "getmyboat": [
        "Dana just confirmed payment for Sunday Aug 23 2026 with 5 people.", "Booking Confirmed!",
        "🎉 Booking Confirmed!", "Depart", "10:00 AM", "Sun, Aug 23, 2026",
        "Depart: 23 Aug 2026 - 10 AM", "Return: 23 Aug 2026 - 1 PM", "You earned $350.00",
        "Your Payout USD $831.90", "Group Size", "5 Guests", "With Captain",
        "https://www.getmyboat.com/inbox/6033474/",
    ],
    "viator": [
        "New Booking for Sat, Aug 15, 2026 (#BR-1437096751)", "Booking Reference: BR-1437096751",
        "Tour Name: Known", "Travel Date: Sat, Aug 15, 2026", "Start Time: 10:00 AM",
        "Travelers: 4", "Net Rate: USD $512.40",
    ],
}  # fmt: skip
NOT_NEW = {
    "boatsetter": [
        f"Raquel has canceled their booking bpzmzvw for {WHEN}.",
        f"Raquel has cancelled their booking bpzmzvw for {WHEN}.",
        "Canceled booking details:", "Cancelled booking details:",
        "Your booking bpzmzvw has been updated", "Your booking bpzmzvw has been canceled",
        f"Prepare your boat for your {WHEN} booking", "Raquel's security deposit payment failed!",
        "Your payout of $464.62 is on its way", "Raquel left you a 5 star review",
        "New message from Raquel", "Raquel sent you a booking request", "Raquel sent you an offer",
        "Your booking request was declined", "You changed your booking", "Reminder about tomorrow",
    ],
    "getmyboat": [
        "Your payout of €641.25 EUR is on the way", "Dana has cancelled the booking.",
        "Your booking with Dana has been canceled", "Booking cancelled",
        "Your trip with Dana has been updated.", "Dana sent you a message",
        "Dana left you a review", "You have a new booking request", "Dana made you an offer",
        "Your booking will be cancelled unless you act", "Dana wants to change the booking",
        "Dana asks to amend the booking", "A refund was made",
    ],
    "viator": [
        "Cancelled Booking for Sat, Aug 15, 2026 (#BR-1437096751)",
        "Canceled Booking for Sat, Aug 15, 2026 (#BR-1437096751)",
        "Amended Booking for Sat, Aug 15, 2026 (#BR-1437096751)",
        "Booking BR-1437096751 has been changed", "A question about booking BR-1437096751",
        "New message from your traveler", "Your payment is on the way", "A new review",
        "Cancellation of BR-1437096751", "Reminder for Sat, Aug 15, 2026",
    ],
}  # fmt: skip
PAIRS = [(market, said) for market, sentences in NOT_NEW.items() for said in sentences]
SUBJECTS_OF_THEIR_OWN = {
    "boatsetter": "ours?",
    "getmyboat": "Getmyboat Booking with Dana Rivera (Known)",
    "viator": "ours?",
}


def below(data, market):
    anything = st.text(st.sampled_from("abc XYZ 019 :$•\n#.!🎉"), max_size=40)
    line = st.one_of(st.sampled_from(SELLS[market]), anything, st.just(""))
    return "\n".join(data.draw(st.lists(line, max_size=16)))


def outer(market, subject, text):
    return f"From: {SENDERS[market]}\nSubject: {subject}\nDate: x\n\n{text}\n"


@pytest.mark.parametrize(("market", "said"), PAIRS)
@settings(MODEST, max_examples=12)
@given(data=st.data())
def test_a_subject_that_is_not_of_a_new_booking_makes_none(market, said, data):
    text = below(data, market)

    assert read_text(outer(market, said, text), boats=BOATS).kind is not Kind.NEW


@pytest.mark.parametrize(("market", "said"), PAIRS)
@settings(MODEST, max_examples=12)
@given(data=st.data())
def test_an_opening_that_is_not_of_a_new_booking_makes_none(market, said, data):
    subject = data.draw(st.sampled_from([SUBJECTS_OF_THEIR_OWN[market], said]))
    whole = outer(market, subject, f"{said}\n\n{below(data, market)}")

    assert read_text(whole, boats=BOATS).kind is not Kind.NEW


@pytest.mark.parametrize("market", SENDERS)
def test_every_marketplace_sells_in_these_tests(market):
    """Or the tests above would prove nothing."""
    subject = {
        "boatsetter": f"You have a new booking for {WHEN}",
        "getmyboat": "Booking Confirmed! 🎉",
        "viator": "New Booking for Sat, Aug 15, 2026 (#BR-1437096751)",
    }[market]

    reading = read_text(outer(market, subject, "\n".join(SELLS[market])), boats=BOATS)

    assert (reading.kind, reading.marketplace) == (Kind.NEW, market)


@MODEST
@given(
    market=st.sampled_from(sorted(SENDERS)),
    other=st.sampled_from(sorted(SENDERS)),
    data=st.data(),
)
def test_no_marketplaces_mail_is_sold_by_another(market, other, data):
    text = "Ahoy!\n" + below(data, other)

    reading = read_text(outer(market, "Ahoy", text), boats=BOATS)

    assert reading.marketplace == market
    assert reading.kind is not Kind.NEW or market == other


@pytest.mark.parametrize("shape", [wrap.gmail, wrap.apple, wrap.outlook_web, wrap.thunderbird])
@pytest.mark.parametrize("said", NOT_NEW["boatsetter"])
def test_however_it_was_handed_on_it_makes_none(shape, said):
    text = "\n".join(SELLS["boatsetter"])
    carried = json.dumps(
        {"event": {"files": [{"mode": "email", "plain_text": shape(said, text)}]}}
    ).encode()

    reading = read_bytes(carried, name="-", boats=BOATS)

    assert reading.kind is not Kind.NEW
