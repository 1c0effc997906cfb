"""Mails in which a value may be another's: each is right, or it is said that a person must look."""

import pytest

from bot.mail.reader import read_bytes
from bot.mail.values import currency

OPENING = "You received an Instant Booking for May 30, 2026 • 10:00 AM.\n"
BODY = """
Booking ID: xhqgmdh

Sail San Diego Bay aboard JADA

Renter: Marisol

Location
San Diego, CA

Start
May 30, 2026 • 10:00 AM

End
May 30, 2026 • 1:00 PM

Duration
3 hours

Passengers
4

Captain
Captained

Earnings

You earn

$840.75
"""
UNPAID = BODY.replace("\nYou earn\n\n$840.75\n", "").replace("Earnings", "")
GETMYBOAT = """Dana just confirmed payment for Sunday Aug 23 2026 with 5 people.

Depart
10:00 AM
Sun, Aug 23, 2026
{}
https://www.getmyboat.com/inbox/6033474/
"""
VIATOR = """Booking Reference: #BR-1437096751
Tour Name: Sail San Diego Bay aboard JADA
Travel Date: Sat, Aug 15, 2026
Start Time: 2:00 PM
Travelers: 5
{}
"""


def read(boats, sender: str, subject: str, body: str):
    head = f"From: {sender}\nSubject: {subject}\nMIME-Version: 1.0\n"
    head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return read_bytes((head + body).encode(), name="x.eml", boats=boats)


def boatsetter(boats, body: str = BODY, opening: str = OPENING):
    subject = "You have a new Instant Booking for May 30, 2026 • 10:00 AM."
    return read(boats, "Boatsetter <boatsetter@mail.boatsetter.com>", subject, opening + body)


def getmyboat(boats, lines: str):
    sender = "GetMyBoat <noreply@getmyboat.com>"
    return read(boats, sender, "Booking Confirmed!", GETMYBOAT.format(lines))


def viator(boats, lines: str):
    subject = "New Booking for Sat, Aug 15, 2026 (#BR-1437096751)"
    return read(boats, "Viator <booking@t1.viator.com>", subject, VIATOR.format(lines))


def sure(reading, name: str):
    """The value of a field that nobody is asked about, or None."""
    field = reading.fields.get(name)
    return field.value if field and field.sure else None


def test_the_mail_itself_leaves_nothing_to_ask(boats):
    assert boatsetter(boats).unsure == ()
    assert boatsetter(boats).missing == ()


# Two bookings


def test_of_two_bookings_pasted_into_one_text_no_field_is_sure(boats):
    other = BODY.replace("xhqgmdh", "kxwgpzt").replace("\n4\n", "\n9\n")

    reading = boatsetter(boats, f"{BODY}\n{OPENING}{other}")

    assert set(reading.unsure) == set(reading.fields)
    assert "names booking KXWGPZT too" in reading.fields["location"].why


def test_an_id_that_is_said_twice_is_one_booking(boats):
    assert boatsetter(boats, f"{BODY}\nBooking ID: XHQGMDH\n").unsure == ()


def test_text_and_html_that_name_two_bookings_leave_no_field_sure(boats):
    html = f"<pre>{OPENING}{BODY.replace('xhqgmdh', 'kxwgpzt')}</pre>"
    mail = (
        "From: Boatsetter <boatsetter@mail.boatsetter.com>\nMIME-Version: 1.0\n"
        "Subject: You have a new Instant Booking for May 30, 2026\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{OPENING}{BODY}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    )

    reading = read_bytes(mail.encode(), name="x.eml", boats=boats)

    assert reading.fields
    assert set(reading.unsure) == set(reading.fields)


# Money


@pytest.mark.parametrize(
    ("text", "code"),
    [("S$840.75", "SGD"), ("HK$840.75", "HKD"), ("R$840.75", "BRL"), ("NT$840.75", "TWD")],
)
def test_a_dollar_of_another_country_is_that_countrys(text, code, boats):
    reading = boatsetter(boats, BODY.replace("$840.75", text))

    assert (sure(reading, "currency"), str(sure(reading, "owner_payout"))) == (code, "840.75")


@pytest.mark.parametrize("text", ["J$840.75", "RD$840.75", "USD J$840.75"])
def test_a_sign_that_nobody_knows_is_no_us_dollar(text):
    value = currency(text, "USD")

    assert value.value is None
    assert value.why.endswith(".")


@pytest.mark.parametrize(
    "earned",
    ["$400 - $500 for this trip.", "$400 per day.", "$400, plus tips.", "$4/5."],
)
def test_a_part_of_what_a_sentence_promises_is_not_the_payout(earned, boats):
    reading = boatsetter(boats, UNPAID, f"{OPENING}Get ready to earn {earned}\n")

    assert "owner_payout" in reading.unsure


@pytest.mark.parametrize(
    "earned",
    [
        "$1,234.50.",
        "$1,234.50!",
        "$1,234.50",
        "$1,234.50 for this trip.",
        "*$1,234.50*. Learn more here",
    ],
)
def test_an_amount_up_to_its_sentences_end_is_the_payout(earned, boats):
    reading = boatsetter(boats, UNPAID, f"{OPENING}Get ready to earn {earned}\n")

    assert str(sure(reading, "owner_payout")) == "1234.50"


@pytest.mark.parametrize("earned", ["$350.00 - $400.00", "$350.00 and tips"])
def test_a_part_of_what_was_earned_is_not_the_payout(earned, boats):
    reading = getmyboat(boats, f"Good news: all is paid.\nYou earned {earned}")

    assert "owner_payout" in reading.unsure


def test_a_whole_amount_that_was_earned_is_the_payout(boats):
    assert str(sure(getmyboat(boats, "You earned $350.00!"), "owner_payout")) == "350.00"


def test_a_no_break_space_does_not_cut_an_amount_off(boats):
    reading = boatsetter(boats, UNPAID, f"{OPENING}Get ready to earn $1\u00a0234.50.\n")

    assert str(sure(reading, "owner_payout")) in {"None", "1234.50"}


# Labels without values between them


def test_a_fee_in_a_column_before_the_payout_is_not_the_payout(boats):
    reading = getmyboat(boats, "Service Fee\nYour Payout\n$108.10\nUSD $831.90")

    assert "owner_payout" in reading.unsure


def test_a_fee_that_is_left_empty_leaves_a_payout_beside_its_label_alone(boats):
    reading = getmyboat(boats, "Service Fee:\nYour Payout: USD $831.90")

    assert str(sure(reading, "owner_payout")) == "831.90"


def test_a_moment_below_two_labels_may_be_of_either(boats):
    body = BODY.replace("Start\nMay 30, 2026 • 10:00 AM\n\nEnd", "Start\n\nEnd")

    assert "ends_at" in boatsetter(boats, body).unsure


def test_an_address_below_two_labels_may_be_of_either(boats):
    reading = getmyboat(boats, "Boat\nStreet Address For Arrival\nJADA\n1 Dock St\nMiami")

    assert "location" in reading.unsure


# Text that may be anything


@pytest.mark.parametrize(
    ("there", "instead", "field"),
    [
        ("Location\nSan Diego, CA", "Location\n\nCheck-in\n9:30 AM", "location"),
        ("Location\nSan Diego, CA", "Location\n\nCheck-in\n\n9:30 AM", "location"),
        ("Location\nSan Diego, CA", "Location\nPier 9, CA\nSan Diego", "location"),
        ("Renter: Marisol", "Renter\nVerified renter\nMarisol", "renter"),
        ("Captain\n", "Add-ons\nCooler\nTowels\n\nCaptain\n", "add_ons"),
    ],
)
def test_text_that_goes_on_below_its_first_line_is_not_sure(there, instead, field, boats):
    reading = boatsetter(boats, BODY.replace(there, instead))

    assert field in reading.unsure
    assert "passengers" not in reading.unsure


def test_an_address_of_three_lines_is_whole(boats):
    reading = getmyboat(boats, "Street Address For Arrival\n1 Dock St\nMiami\nFL 33101")

    assert sure(reading, "location") == "1 Dock St, Miami, FL 33101"


@pytest.mark.parametrize("label", ["Special Requirements", "Message", "Guest notes", "Comments"])
def test_what_a_guest_may_have_written_is_not_sure(label, boats):
    lines = f"{label}: please see\nMeeting Point: Pier 99, bring cash\nNet Rate: $1.00"

    reading = viator(boats, lines)

    assert set(reading.unsure) == {"location", "owner_payout", "currency"}
    assert "guest" in reading.fields["location"].why


@pytest.mark.parametrize("nothing", ["", " None", " n/a", " -"])
def test_where_a_guest_wrote_nothing_all_is_the_marketplaces(nothing, boats):
    lines = f"Special Requirements:{nothing}\nMeeting Point: Pier 9\nNet Rate: $840.75"

    assert viator(boats, lines).unsure == ()
