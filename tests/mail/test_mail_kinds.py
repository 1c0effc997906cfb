import mail_wrappings as wrap
import pytest

from bot.domain.booking import Kind
from bot.mail.reader import read_bytes, read_text

DETAILS = (
    "Booking ID: bpzmzvw\n\nLake Travis Party Barge\n\nRenter: Raquel\n\n"
    "Start\nSep 11, 2026 • 11:00 AM\n\nEnd\nSep 11, 2026 • 2:00 PM\n\nPassengers\n4\n"
)
WHEN = "Sep 11, 2026 • 11:00 AM"
BOOKS = f"You received an Instant Booking for {WHEN}.\n\n{DETAILS}"


def forwarded(subject, opening, boats):
    return read_text(wrap.gmail(subject, f"{opening}\n\n{DETAILS}"), boats=boats)


@pytest.mark.parametrize(
    ("subject", "opening", "kind"),
    [
        (f"You have a new Instant Booking for {WHEN}.", BOOKS, Kind.NEW),
        (f"You have a new booking for {WHEN}", f"You received a booking for {WHEN}.", Kind.NEW),
        ("Your booking was approved", "Your booking was approved.", Kind.NEW),
        ("[EXTERNAL] Your booking was approved", "Your booking was approved.", Kind.NEW),
        ("Raquel has cancelled their booking bpzmzvw for x", "Raquel cancelled.", Kind.CANCELLED),
        ("Re Quest has canceled their booking bpzmzvw", "Sad news.", Kind.CANCELLED),
        ("Your booking bpzmzvw has been updated", "See what is new.", Kind.CHANGED),
    ],
)
def test_what_is_sold_changed_or_cancelled_is_known_by_its_wording(subject, opening, kind, boats):
    assert forwarded(subject, opening, boats).kind is kind


@pytest.mark.parametrize(
    "subject",
    [
        f"Prepare your boat for your {WHEN} booking",
        "Reminder: your trip is tomorrow",
        "Raquel's security deposit payment failed!",
        "Your payout of $464.62 is on its way",
        "Raquel left you a 5 star review",
        "New message from Raquel",
        f"You have a new booking request for {WHEN}",
        "Raquel sent you an offer",
        "Your booking request has been updated",
    ],
)
@pytest.mark.parametrize("opening", ["Hello!", f"You received an Instant Booking for {WHEN}."])
def test_what_only_mentions_a_booking_never_makes_one(subject, opening, boats):
    reading = forwarded(subject, opening, boats)

    assert reading.kind is Kind.INFORMATIONAL
    assert reading.about == "bpzmzvw"
    assert reading.fields == {}
    assert reading.booking.booking_id is None


def test_an_unknown_template_of_a_known_sender_is_unrecognised(boats):
    reading = forwarded("Wind warning for the weekend", "Mind the wind.", boats)

    assert (reading.kind, reading.marketplace) == (Kind.UNRECOGNISED, "boatsetter")
    assert reading.fields == {}


def test_subject_and_body_that_contradict_each_other_are_left_to_a_person(boats):
    reading = forwarded("Raquel has canceled their booking bpzmzvw for x", BOOKS, boats)

    assert reading.kind is Kind.UNRECOGNISED


def test_text_and_html_that_tell_different_stories_are_left_to_a_person(boats):
    cancelled = BOOKS.replace(
        f"You received an Instant Booking for {WHEN}.", "Raquel has canceled their booking."
    )
    raw = wrap.eml("Fwd: x", wrap.gmail("", BOOKS), wrap.as_html(cancelled)).as_bytes()

    assert read_bytes(raw, name="x.eml", boats=boats).kind is Kind.UNRECOGNISED


def test_a_pasted_text_without_any_headers_is_known_by_its_opening(boats):
    note = "Can we do this? Start\nSep 19, 2026 • 9:00 AM\n$100\n\n"

    reading = read_text(note + BOOKS, boats=boats)

    assert reading.kind is Kind.NEW
    assert reading.booking.starts_at.isoformat() == "2026-09-11T11:00:00-05:00"
    assert reading.unsure == ()


def test_an_address_that_only_resembles_the_marketplaces_is_not_it(boats):
    for sender in (
        "a@boatsetter.com.evil.example",
        "a@notboatsetter.com",
        "Boatsetter <a@b.example>",
    ):
        text = f"From: {sender}\nSubject: Wind warning\n\nMind the wind.\n"
        assert read_text(text, boats=boats).marketplace is None


def test_a_booking_for_no_known_boat_has_doubtful_times(boats):
    unknown = BOOKS.replace("Lake Travis Party Barge", "Some other boat")

    several, none = read_text(unknown, boats=boats), read_text(unknown, boats=())
    shared = read_text(unknown, boats=boats[1:2])

    assert several.unsure == none.unsure == ("starts_at", "ends_at")
    assert "America/Los_Angeles" in several.fields["starts_at"].why
    assert shared.unsure == ()
    assert shared.booking.starts_at.isoformat() == "2026-09-11T11:00:00-05:00"
    assert shared.booking.listing == "Some other boat"


def test_what_a_new_booking_lacks_is_missing(boats):
    bare = f"You received a booking for {WHEN}.\n\nBooking ID\nMercury Verado\n\nRenter: Raquel\n"

    reading = read_text(bare, boats=boats)

    assert reading.kind is Kind.NEW
    assert reading.missing == ("booking_id", "ends_at", "passengers")
    assert reading.booking.listing == "Mercury Verado"


APPROVED = "Instant Book means that this trip is automatically approved. Learn more here »"
NEW_SUBJECT = f"You have a new Instant Booking for {WHEN}."


@pytest.mark.parametrize(
    "opening",
    [
        f"You received an Instant Booking for {WHEN} and it is now complete.",
        f"You received an Instant Booking for {WHEN}. Here are some tips.",
        f"You received a booking for {WHEN} that needs your approval.",
        "Your booking was approved. Please sign the waiver.",
        "Your booking was approved.\nPlease sign the waiver.",
        "Your booking was approved.\n\nPlease sign the waiver.",
        "Your booking was approved last week. Tell us how it went.",
        "Your booking was approved? Not yet: awaiting the renter.",
        '"Your booking was approved in minutes, great captain!"',
        '"Your booking was approved"',
    ],
)
@pytest.mark.parametrize("shape", [wrap.gmail, wrap.outlook_2019, lambda _, text: text])
def test_an_opening_that_only_begins_like_a_new_bookings_is_unknown(opening, shape, boats):
    reading = read_text(shape(NEW_SUBJECT, f"{opening}\n\n{DETAILS}"), boats=boats)

    assert (reading.kind, reading.marketplace) == (Kind.UNRECOGNISED, "boatsetter")


@pytest.mark.parametrize(
    "opening",
    [
        f"You received an Instant Booking for {WHEN}. Get ready to earn $464.62. {APPROVED}",
        f"You received an Instant\nBooking for {WHEN}.\n{APPROVED}".replace("• ", "\n• "),
        f"You received a booking for {WHEN}.\n" + APPROVED.replace("that ", "that\n"),
        "You received a booking for Friday, 11 Sep 2026 at 11:00 a.m..",
        "🎉 Your booking was approved!\n\nGet ready to earn €1.234,50.",
    ],
)
def test_a_known_opening_may_be_broken_anywhere(opening, boats):
    reading = read_text(f"{opening}\n\n{DETAILS}", boats=boats)

    assert (reading.kind, reading.unsure) == (Kind.NEW, ())


@pytest.mark.parametrize(
    "subject", ["Your trip with raquel is complete", "Sign the waiver", "Still waiting", "Fwd"]
)
def test_an_unknown_subject_of_the_marketplaces_own_sells_nothing(subject, boats):
    direct = wrap.eml(subject, BOOKS, sender=wrap.SENDER).as_bytes()
    by_person = wrap.eml(subject, BOOKS).as_bytes()

    assert forwarded(subject, BOOKS, boats).kind is Kind.UNRECOGNISED
    assert read_bytes(direct, name="x.eml", boats=boats).kind is Kind.UNRECOGNISED
    assert read_bytes(by_person, name="x.eml", boats=boats).kind is Kind.NEW


@pytest.mark.parametrize(
    "text",
    [
        "Dana just confirmed payment for Sunday Aug 23 2026 with 5 people, but it failed.",
        "Dana just confirmed payment for Sunday Aug 23 2026 with 5 people.\nPlease approve it.",
    ],
)
def test_a_payment_that_is_told_with_more_words_is_unknown(text, boats):
    mail = f"From: noreply@getmyboat.com\nSubject: Booking Confirmed!\nDate: x\n\n{text}\n\n"
    trip = "Depart: 23 Aug 2026 - 10 AM\nReturn: 23 Aug 2026 - 1 PM\n"

    assert read_text(mail + trip, boats=boats).kind is Kind.UNRECOGNISED


def test_a_viator_booking_of_which_more_is_said_is_unknown(boats):
    said = "New Booking for Sat, Aug 15, 2026 was withdrawn (#BR-1437096751)"
    text = f"From: booking@t1.viator.com\nSubject: {said}\nDate: x\n\nStart Time: 10:00 AM\n"

    assert read_text(text, boats=boats).kind is Kind.UNRECOGNISED
