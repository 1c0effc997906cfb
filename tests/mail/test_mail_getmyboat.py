import pytest

from bot.domain.booking import Kind
from bot.mail.reader import read_bytes, read_text

SENDER = "Getmyboat <noreply@getmyboat.com>"
LISTING = "Sail San Diego Bay aboard JADA"
SUBJECT = f"Getmyboat Booking with Dana Rivera ({LISTING})"
PAID = "Dana just confirmed payment for Sunday Aug 23 2026 with 5 people."
TRIP = (
    "Depart\n10:00 AM\nSun, Aug 23, 2026\n\nReturn\n1:00 PM\nSun, Aug 23, 2026\n\n"
    "Duration\n3 hours\n\nGroup Size\n5 Guests\n\nYou earned $350.00\n"
)
LINK = "https://www.getmyboat.com/inbox/6033474/"


def read(text, boats, subject=SUBJECT, sender=SENDER):
    return read_text(f"From: {sender}\nSubject: {subject}\nDate: x\n\n{text}", boats=boats)


def test_a_booking_is_read(boats):
    reading = read(f"{PAID}\n\n{TRIP}\n{LINK}\n", boats)

    assert (reading.kind, reading.marketplace) == (Kind.NEW, "getmyboat")
    assert (reading.missing, reading.unsure) == ((), ())
    assert reading.booking.booking_id == "6033474"
    assert reading.fields["booking_id"].words in LINK


@pytest.mark.parametrize(
    "start",
    [
        "Depart\n10:00 AM\nSun, Aug 23, 2026",
        "Depart\n\n10:00 AM\n\nSun, Aug 23, 2026",
        "Depart\nSun, Aug 23, 2026\n10:00 AM",
        "Depart\n10:00 AM, Sun, Aug 23, 2026",
        "Depart\n10 AM",
        "Depart: 23 Aug 2026 - 10 AM",
        "Depart: 10:00 AM on Sunday, Aug 23, 2026",
        "Depart\t23 Aug 2026 - 10:00 AM",
        "*Depart*\n10:00 a.m.\nAug 23rd, 2026",
    ],
)
def test_a_departure_is_read_on_one_line_or_two_in_any_order(start, boats):
    trip = TRIP.replace("Depart\n10:00 AM\nSun, Aug 23, 2026", start)

    reading = read(f"{PAID}\n\n{trip}{LINK}\n", boats)

    assert reading.booking.starts_at.isoformat() == "2026-08-23T10:00:00-07:00"
    assert reading.unsure == ()


@pytest.mark.parametrize(
    ("headed", "kind", "unsure"),
    [
        (LISTING, Kind.NEW, ()),
        ("Golden Hour Yacht", Kind.NEW, ("listing",)),
        ("Dana sent you a message", Kind.UNRECOGNISED, ()),
    ],
)
def test_the_listing_may_stand_under_the_headline(headed, kind, unsure, boats):
    text = f"Booking Confirmed! 🎉\n\n{headed}\n\n{PAID}\n\n{TRIP}\n{LINK}\n"

    reading = read(text, boats[:1], "🎉 Booking Confirmed!")

    assert (reading.kind, reading.unsure) == (kind, unsure)
    assert reading.booking.listing == (headed if kind is Kind.NEW else None)


def test_a_day_without_a_time_is_no_midnight(boats):
    reading = read(f"{PAID}\n\nReturn\n1:00 PM\nSun, Aug 23, 2026\n{LINK}\n", boats)

    assert reading.booking.starts_at is None
    assert "starts_at" in reading.unsure
    assert "starts_at" in reading.missing


@pytest.mark.parametrize(
    ("payout", "value", "currency"),
    [
        ("You earned $350.00", "350.00", "USD"),
        ("You earned\n$350.00", "350.00", "USD"),
        ("You earned $350.00 for this trip.", "350.00", "USD"),
        ("You earned €1.350,00", "1350.00", "EUR"),
        ("Service Fee $-108.10\nYour Payout USD $831.90", "831.90", "USD"),
        ("Service Fee\n$-108.10\nYour Payout\nUSD $831.90", "831.90", "USD"),
        ("Your Payout: USD $831.90\nService Fee: $-108.10", "831.90", "USD"),
        ("Your Payout CA$831.90", "831.90", "CAD"),
    ],
)
def test_the_payout_is_never_the_fee(payout, value, currency, boats):
    trip = TRIP.replace("You earned $350.00", payout)

    reading = read(f"{PAID}\n\n{trip}{LINK}\n", boats)

    said = reading.as_json()["booking"]
    assert (said["owner_payout"], said["currency"]) == (value, currency)
    assert reading.unsure == ()


@pytest.mark.parametrize(
    ("named", "renter", "listing"),
    [
        (f"Dana Rivera ({LISTING})", "Dana Rivera", LISTING),
        ("Dana (Dee) Rivera (Cat 30 (blue))", "Dana (Dee) Rivera", "Cat 30 (blue)"),
        ("Dana Rivera (Dawn: 6 AM, $5)", "Dana Rivera", "Dawn: 6 AM, $5"),
        ("Dana Rivera (A title that was cut", "Dana", None),
        ("Dana Rivera", "Dana", None),
    ],
)
def test_the_subject_names_renter_and_listing(named, renter, listing, boats):
    reading = read(f"{PAID}\n\n{TRIP}{LINK}\n", boats, f"Getmyboat Booking with {named}")

    assert (reading.booking.renter, reading.booking.listing) == (renter, listing)


def test_another_name_in_the_sentence_is_a_question(boats):
    reading = read(f"{PAID.replace('Dana', 'Bo')}\n\n{TRIP}{LINK}\n", boats)

    assert "renter" in reading.unsure


@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["lines", "paragraphs"])
def test_an_address_is_its_three_lines_and_no_more(gap, boats):
    address = gap.join(["1380 Harbor Island Dr", "San Diego, CA 92101", "United States"])
    below = "\n\nBring a jacket.\n\nWith Captain\n"

    reading = read(f"{PAID}\n\n{TRIP}\nStreet Address For Arrival\n{address}{below}{LINK}\n", boats)

    assert reading.booking.location == "1380 Harbor Island Dr, San Diego, CA 92101, United States"
    assert reading.booking.captain == "captained"


def test_a_shorter_address_ends_at_its_blank_line(boats):
    text = f"{PAID}\n\n{TRIP}\nStreet Address For Arrival\nDock 5\nSan Diego\n\nBring a jacket.\n"

    assert read(text, boats).booking.location == "Dock 5, San Diego"


@pytest.mark.parametrize(
    "link",
    [
        f'<a href="{LINK}">View</a>',
        '<a href="https://t.example.com/?u=https%3A%2F%2Fwww.getmyboat.com%2Finbox%2F6033474%2F">V</a>',
        f'<table><tr><td><a href="{LINK}?utm=1"><img src="x"></a></td></tr></table>',
    ],
)
def test_the_id_is_found_behind_a_link(link, boats):
    page = "".join(f"<p>{line}</p>" for line in f"{PAID}\n{TRIP}".splitlines() if line)
    raw = (
        f"From: {SENDER}\nSubject: {SUBJECT}\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
        f"<html><body>{page}{link}</body></html>"
    )

    reading = read_bytes(raw.encode(), name="x.eml", boats=boats)

    assert reading.booking.booking_id == "6033474"
    assert (reading.missing, reading.unsure) == ((), ())


@pytest.mark.parametrize(
    "link",
    ["", "https://www.getmyboat.com/inbox/", "https://evil.example.com/inbox/6033474/"],
)
def test_without_the_link_there_is_no_id(link, boats):
    assert "booking_id" in read(f"{PAID}\n\n{TRIP}{link}\n", boats).missing


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("Dana Rivera has cancelled the booking.", Kind.CANCELLED),
        ("Dana canceled their trip.", Kind.CANCELLED),
        ("Your booking with Dana has been canceled.", Kind.CANCELLED),
        ("Your trip with Dana was rescheduled.", Kind.CHANGED),
        ("Your booking has been updated", Kind.CHANGED),
        ("Dana asks to cancel the booking.", Kind.UNRECOGNISED),
        ("If your booking was cancelled, call us.", Kind.UNRECOGNISED),
        ("Dana requested a change of the booking.", Kind.INFORMATIONAL),
        ("Dana sent you a message", Kind.INFORMATIONAL),
        ("Dana left a review", Kind.INFORMATIONAL),
        ("Your payout of €641.25 EUR is on the way", Kind.INFORMATIONAL),
    ],
)
def test_one_subject_is_borne_by_mails_of_many_kinds(opening, kind, boats):
    assert read(f"{opening}\n\n{TRIP}{LINK}\n", boats).kind is kind


def test_what_is_no_template_of_theirs_raises_the_alarm(boats):
    reading = read("Ahoy!\n\nBook more with us.\n", boats, "Boatsetter and Getmyboat are one")

    assert (reading.kind, reading.marketplace) == (Kind.UNRECOGNISED, "getmyboat")


@pytest.mark.parametrize("sender", ["a@getmyboat.com.example.com", "Getmyboat <a@b.example>"])
def test_a_sender_that_only_resembles_theirs_is_not_theirs(sender, boats):
    assert read("Book more!", boats, "Ahoy", sender).marketplace is None
