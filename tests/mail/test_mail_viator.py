import pytest

from bot.domain.booking import Kind
from bot.mail.reader import read_text

SENDER = "Viator <booking@t1.viator.com>"
SUBJECT = "New Booking for Sat, Aug 15, 2026 (#BR-1437096751)"
TEXT = (
    "Tour Name: Sail San Diego Bay aboard JADA\nTravel Date: Sat, Aug 15, 2026\n"
    "Start Time: 10:00 AM\nTravelers: 4\nNet Rate: USD $512.40\n"
)


def read(text, boats, subject=SUBJECT, sender=SENDER):
    return read_text(f"From: {sender}\nSubject: {subject}\nDate: x\n\n{text}", boats=boats)


@pytest.mark.parametrize(
    "reference", ["", "Booking Reference: BR-1437096751\n", "Booking Reference\n#BR-1437096751\n"]
)
def test_a_booking_is_read(reference, boats):
    reading = read(reference + TEXT, boats)

    said = reading.as_json()["booking"]
    assert (reading.kind, reading.marketplace) == (Kind.NEW, "viator")
    assert said["booking_id"] == "br-1437096751"
    assert said["starts_at"] == "2026-08-15T10:00:00-07:00"
    assert (said["owner_payout"], said["currency"]) == ("512.40", "USD")
    assert (reading.missing, reading.unsure) == (("ends_at",), ())


def test_a_day_without_a_time_is_no_midnight(boats):
    reading = read(TEXT.replace("Start Time: 10:00 AM\n", ""), boats)

    assert reading.booking.starts_at is None
    assert reading.missing == ("starts_at", "ends_at")
    assert "starts_at" in reading.unsure


def test_two_references_are_a_question(boats):
    reading = read(f"Booking Reference: BR-1437096799\n{TEXT}", boats)

    assert set(reading.unsure) == set(reading.fields)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Cancelled Booking for Sat, Aug 15, 2026 (#BR-1437096751)", Kind.CANCELLED),
        ("Booking Cancellation: Sat, Aug 15, 2026 (#BR-1437096751)", Kind.UNRECOGNISED),
        ("Booking cancelled for Sat, Aug 15, 2026 (#BR-1437096751)", Kind.CANCELLED),
        ("Amended Booking for Sat, Aug 15, 2026 (#BR-1437096751)", Kind.CHANGED),
        ("Cancelled bookings: what to know", Kind.UNRECOGNISED),
        ("Your booking BR-1437096751 has been cancelled", Kind.CANCELLED),
        ("Message about booking BR-1437096751", Kind.INFORMATIONAL),
        ("Reminder: your booking tomorrow", Kind.INFORMATIONAL),
        ("New booking widgets", Kind.UNRECOGNISED),
    ],
)
def test_a_kind_is_what_the_subject_plainly_says(subject, kind, boats):
    assert read(TEXT, boats, subject).kind is kind


def test_other_senders_of_the_house_write_about_other_things(boats):
    reading = read("Sell more tours!\n", boats, "Grow with us", "Viator <partners@news.viator.com>")

    assert (reading.kind, reading.marketplace) == (Kind.INFORMATIONAL, "viator")
