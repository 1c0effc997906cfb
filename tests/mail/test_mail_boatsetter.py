import mail_wrappings as wrap
import pytest

from bot.domain.booking import Kind
from bot.mail.reader import read_bytes, read_text

WHEN = "Sep 11, 2026 • 11:00 AM"
TITLE = "Lake Travis Party Barge"
FIELDS = {
    "Location": "Austin, TX",
    "Start": WHEN,
    "End": "Sep 11, 2026 • 2:00 PM",
    "Duration": "3 hours",
    "Passengers": "14",
    "Captain": "Captained",
    "Add-ons": "3 selected",
}
SOLD = {
    "booking_id": "bpzmzvw",
    "listing": TITLE,
    "renter": "Raquel",
    "renter_email": None,
    "starts_at": "2026-09-11T11:00:00-05:00",
    "ends_at": "2026-09-11T14:00:00-05:00",
    "duration_minutes": 180,
    "passengers": 14,
    "location": "Austin, TX",
    "captain": "captained",
    "add_ons": "3 selected",
    "owner_payout": "464.62",
    "currency": "USD",
    "cancellation_policy": "strict",
}
LAYOUTS = {
    "stacked": "{0}\n{1}",
    "stacked, blank between": "{0}\n\n{1}",
    "stacked, colon": "{0}:\n{1}",
    "stacked, bold": "*{0}*\n{1}",
    "inline": "{0}: {1}",
    "inline, bold": "*{0}:* {1}",
    "inline, no colon": "{0} {1}",
    "columns": "{0}\t{1}",
}
EARNINGS = "Earnings\n\nYou earn\n\n$464.62"


def sold(*, title=TITLE, gap="\n\n", layout="{0}\n{1}", earnings=EARNINGS, fields=FIELDS):
    opening = (
        f"You received an Instant Booking for {WHEN}.\nGet ready to earn $464.62. Instant Book "
        "means that this trip is automatically approved.\nLearn more here »\n\n"
    )
    rows = [layout.format(*pair) for pair in {"Renter": "Raquel", **fields}.items()]
    parts = [layout.format("Booking ID", "bpzmzvw"), title, *rows, earnings]
    end = "VIEW BOOKING DETAILS\nEDIT BOOKING\nYour cancellation policy is: strict\n"
    return opening + gap.join(part for part in parts if part) + gap + end


def read(text, boats, subject=f"You have a new Instant Booking for {WHEN}."):
    return read_text(wrap.gmail(subject, text), boats=boats)


def booking(reading):
    return reading.as_json()["booking"]


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank", "tight"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_labels_and_values_are_read_in_every_layout(layout, gap, boats):
    reading = read(sold(layout=layout, gap=gap), boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()


@pytest.mark.parametrize("gap", ["\t", "   ", "\u00a0\u00a0"])
def test_a_column_tells_a_value_of_any_form(gap, boats):
    fields = {**FIELDS, "Location": "Pier 32, behind the chandler"}

    reading = read(sold(layout=f"{{0}}{gap}{{1}}", fields=fields), boats)

    assert booking(reading) == {**SOLD, "location": "Pier 32, behind the chandler"}


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank", "tight"])
@pytest.mark.parametrize(
    "title",
    [
        "Start", "Captain", "Earnings", "Booking ID", "42", "Thanks", "Confidential", "Mercury",
        "Captain: included! Sail", "Renter: the best", "End: of the world", "Location: Austin, TX",
        "Aug 21, 2026 • 2:00 PM special", "$200 off!", "Your booking was approved",
        "Get ready to earn your stripes", "[NEW] Sunset", "Reminder: sail more", "View of the bay",
        "Passengers: 3 or 4",
    ],
)  # fmt: skip
def test_a_title_may_look_like_anything(title, gap, boats):
    reading = read(sold(title=title, gap=gap), boats)

    assert booking(reading)["listing"] == title
    assert {
        **booking(reading),
        "listing": TITLE,
        "starts_at": SOLD["starts_at"],
        "ends_at": SOLD["ends_at"],
    } == SOLD
    assert set(reading.unsure) <= {"starts_at", "ends_at"}  # the boat is not known


TITLE_AND_MORE = [
    "{}\nSailboat · 38 ft", "Sailboat · 38 ft\n{}", "{}\nVerified owner", "Location\nPier 9, behind the inn\n{}",
    "Ahoy\n{}\nAhoy",
]  # fmt: skip


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank", "tight"])
@pytest.mark.parametrize("more", TITLE_AND_MORE)
def test_of_several_lines_only_a_listing_of_ours_is_sure(more, gap, boats):
    ours = read(sold(title=more.format(TITLE).replace("\n", gap), gap=gap), boats)
    theirs = read(sold(title=more.format("Lake Travis Barge").replace("\n", gap), gap=gap), boats)

    assert ours.booking.listing == TITLE
    assert "listing" not in ours.unsure
    assert "Lake Travis Barge" in theirs.booking.listing
    assert "listing" in theirs.unsure


@pytest.mark.parametrize("title", ["Sail away!\nwith the whole family", "Captain\nJack sails"])
def test_a_title_on_two_lines_is_asked_about(title, boats):
    reading = read(sold(title=title), boats)

    assert title.splitlines()[1] in reading.booking.listing
    assert "listing" in reading.unsure


@pytest.mark.parametrize(
    "title",
    [
        "[image: Boat photo]\n{}", "[image: image.png]\n<https://a.example/b>\n{}", "<my boat.jpg>\n\n{}",
        "*{}*", "**{}**", "★★★★★ 4.9 (120)\n{}", "{}\n4.9 (120 reviews)", "{}\nView listing",
        "[{}](https://www.boatsetter.com/boats/xyz)", "Location\nSydney, NSW\n{}",
        "{}\nLocation\nBarcelona, Spain", "Location: Austin, TX\n{}", "Passengers\n14\n{}",
    ],
)  # fmt: skip
def test_what_is_no_title_is_no_part_of_one(title, boats):
    fields = {name: value for name, value in FIELDS.items() if f"{name}\n" not in title}

    reading = read(sold(title=title.format("Golden Hour Yacht"), fields=fields), boats)

    assert reading.booking.listing == "Golden Hour Yacht"
    assert set(reading.unsure) <= {"starts_at", "ends_at"}  # the boat is not known


def test_a_field_where_a_title_should_stand_is_no_title(boats):
    text = f"Your booking was approved.\n\nBooking ID: bpzmzvw\n\nPassengers: 14\n\nRenter: Bob\n\nStart\n{WHEN}\n"

    reading = read(text, boats, "Your booking was approved")

    assert (reading.booking.listing, reading.booking.passengers) == (None, 14)


@pytest.mark.parametrize("written", ["#bpzmzvw", "bpzmzvw.", "(bpzmzvw)", "*bpzmzvw*"])
@pytest.mark.parametrize("label", ["Booking ID: ", "Booking ID:\n", "Booking ID\n\n"])
def test_marks_around_an_id_are_no_part_of_it_and_it_is_none_of_the_title(label, written, boats):
    text = sold().replace("Booking ID\nbpzmzvw", f"{label}{written}")

    reading = read(text, boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()


def test_ids_and_places_in_two_columns_leave_the_title_alone(boats):
    columns = "Booking ID\nLocation\nbpzmzvw\nAustin, TX"
    fields = {name: value for name, value in FIELDS.items() if name != "Location"}
    text = sold(gap="\n", fields=fields).replace("Booking ID\nbpzmzvw", columns)

    reading = read(text, boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()


@pytest.mark.parametrize("order", ["{id}{renter}{title}", "{renter}{title}{id}"])
def test_a_title_below_the_renter_is_asked_about_unless_it_is_ours(order, boats):
    parts = {"id": "Booking ID: bpzmzvw\n\n", "renter": "Renter: Raquel\n\n"}
    fields = "".join(f"{name}\n{value}\n\n" for name, value in FIELDS.items())
    opening = f"You received a booking for {WHEN}.\n\n"

    def reading(title):
        return read(f"{opening}{order.format(title=title, **parts)}{fields}", boats)

    ours, theirs = reading(f"{TITLE}\n\n"), reading("Golden Hour Yacht\n\n")
    assert (ours.booking.listing, ours.unsure) == (TITLE, ())
    assert "listing" in theirs.unsure


CHANGED = {
    "Start": ("Jun 10, 2026 • 9:00 AM", "Jun 11, 2026 • 2:00 PM", "starts_at"),
    "Passengers": ("4", "8", "passengers"),
    "Duration": ("3 hours", "4 hours", "duration_minutes"),
    "Captain": ("Bareboat", "Captained", "captain"),
    "You earn": ("$400.00", "$500.00", "owner_payout"),
    "Location": ("Austin, TX", "San Diego, CA", "location"),
    "Renter": ("Bob", "Alice", "renter"),
}


@pytest.mark.parametrize(
    "layout", ["{}\n{}\n{}", "{}\n\n{}\n\n{}", "{}\n{}\nnow: {}", "{}\n{}\n→ {}"]
)
@pytest.mark.parametrize("label", CHANGED)
def test_what_a_field_was_and_what_it_is_are_a_question(label, layout, boats):
    old, new, name = CHANGED[label]
    subject = "Your booking bpzmzvw has been updated"
    body = f"Booking ID: bpzmzvw\n\n{TITLE}\n\n"

    reading = read(f"{subject}.\n\n{body}{layout.format(label, old, new)}\n", boats, subject)

    assert name in reading.unsure


def test_a_date_and_its_time_may_stand_on_two_lines(boats):
    fields = {**FIELDS, "Start": "Sep 11, 2026\n11:00 AM", "End": "Sep 11, 2026\n2:00 PM"}

    reading = read(sold(fields=fields), boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()


def test_question_marks_for_bullets_are_bullets(boats):
    reading = read(sold().replace("•", "?"), boats, f"You have a new booking for {WHEN}.")

    assert booking(reading) == SOLD
    assert reading.unsure == ()


@pytest.mark.parametrize("opening", ["Your booking was approved.", "Great news for you, captain!"])
def test_a_sentence_is_not_taken_for_the_boats_name(opening, boats):
    text = f"{opening}\n\nRenter: Raquel\n\nBooking ID: bpzmzvw\n\nStart\n{WHEN}\n"

    reading = read(text, boats, "Your booking was approved")

    assert reading.booking.listing is None or "listing" in reading.unsure


@pytest.mark.parametrize(
    "earnings",
    [
        "Earnings\nBoat\n$400.00\nCaptain fee\n$64.62\nYou earn\n$464.62",
        "Earnings\nBoat\n$400.00\nCaptain\n$44.62\nAdd-ons\n$20.00\n\nYou earn: $464.62",
        "Earnings\n$400.00\n$64.62\nYou earn\n$464.62",
        "Earnings: $464.62\nYou earn $464.62",
        "You earn $464.62",
        "Earnings\n\nYou earn\nUSD $464.62",
    ],
)
def test_the_payout_is_the_sum_and_never_one_of_its_parts(earnings, boats):
    reading = read(sold(earnings=earnings), boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()


@pytest.mark.parametrize(
    "earnings",
    [
        "Earnings\n$512.00\nYou earn\n$464.62",
        "Earnings: $512.00\nYou earn: $464.62",
        "Earnings\nYou earn\n$512.00",
        "You earn\n$464.62\nSee below.\nYou earn\n$512.00",
    ],
)
def test_two_different_amounts_are_a_question(earnings, boats):
    reading = read(sold(earnings=earnings), boats)

    assert reading.unsure == ("owner_payout",)


UNANNOUNCED = "Cap Tain, Master Mariner\nEmail: cap@example.com\nLocation: Dock 5\nPhone: 5\n"
SIGNATURES = [
    "--\nCap Tain\nLocation: Dock 5\nEmail: cap@example.com\nCaptain\nJane\n",
    "Best regards,\nCap\nLocation\nDock 5\nStart: Jan 1, 2020 9:00 AM\n+1 619 555 0100\n",
    "CONFIDENTIALITY NOTICE: for you alone.\nEmail: x@example.com\nDuration: 3 years\n",
    "Sent from my iPhone\nYou earn\n$1.00\n",
    UNANNOUNCED,
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
def test_nothing_is_taken_from_a_signature_in_silence(signature, whole, boats):
    bare = {name: FIELDS[name] for name in ("Start", "End", "Passengers")}
    text = sold() if whole else sold(fields=bare, earnings="").partition("VIEW")[0]

    plain, signed = read(text, boats), read(f"{text}\n{signature}", boats)

    for name, value in booking(signed).items():
        assert value == booking(plain)[name] or name in signed.unsure, name
    if signature is not UNANNOUNCED:
        assert signed.as_json() == plain.as_json()


def test_a_renters_address_is_taken_where_it_stands_among_the_labels(boats):
    reading = read(sold(fields={"Email": "raquel@example.com", **FIELDS}), boats)

    assert booking(reading) == {**SOLD, "renter_email": "raquel@example.com"}
    assert reading.unsure == ()


@pytest.mark.parametrize("spelling", ["canceled", "cancelled"])
@pytest.mark.parametrize("id_line", ["Booking ID\nbpzmzvw", "Booking ID:\n\nBPZMZVW", ""])
def test_a_cancellation_is_read_in_both_spellings(spelling, id_line, boats):
    subject = f"Raquel has {spelling} their booking bpzmzvw for {WHEN}."
    heading = f"{spelling.title()} booking details:"
    details = id_line or "bpzmzvw"
    text = f"Raquel has {spelling} their booking.\n\n{heading}\n{details}\n\n"

    reading = read(f"{text}{TITLE}\n\nRenter: Raquel\n\nStart\n{WHEN}\n", boats, subject)

    assert reading.kind is Kind.CANCELLED
    assert reading.unsure == ()
    assert (reading.booking.booking_id, reading.booking.listing) == ("bpzmzvw", TITLE)


def test_a_cancellation_whose_details_are_lost_still_names_the_booking(boats):
    reading = read(
        "See the app.\n", boats, f"Raquel has canceled their booking bpzmzvw for {WHEN}."
    )

    assert reading.kind is Kind.CANCELLED
    assert reading.booking.booking_id == "bpzmzvw"
    assert reading.booking.starts_at is not None


@pytest.mark.parametrize("order", [("Start", "End"), ("Passengers",), ("End", "Duration", "Start")])
@pytest.mark.parametrize("above", [True, False], ids=["above the id", "between id and title"])
def test_a_change_carries_what_it_carries_and_no_more(order, above, boats):
    fields = "".join(f"{name}\n{FIELDS[name]}\n\n" for name in order)
    head = "Booking ID: bpzmzvw\n\n"
    head = f"{fields}{head}" if above else f"{head}{fields}"
    subject = "Your booking bpzmzvw has been updated"

    reading = read(f"{subject}.\n\n{head}{TITLE}\n\nRenter: Raquel\n", boats, subject)

    names = {"Start": "starts_at", "End": "ends_at", "Duration": "duration_minutes"}
    said = {names.get(name, "passengers") for name in order} | {"booking_id", "listing", "renter"}
    assert reading.kind is Kind.CHANGED
    assert reading.unsure == ()
    assert booking(reading) == {**dict.fromkeys(SOLD), **{name: SOLD[name] for name in said}}


@pytest.mark.parametrize("under", ["Mercury Verado", "Yamaha 300", TITLE])
def test_a_deposit_that_failed_names_an_engine_for_an_id(under, boats):
    text = f"Security deposit payment failed.\n\nBooking ID\n{under}\n\nRenter: Raquel\n"

    reading = read(text, boats, "Raquel's security deposit payment failed!")

    assert (reading.kind, reading.about) == (Kind.INFORMATIONAL, None)


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("Boatsetter <boatsetter@mail.boatsetter.com>", Kind.UNRECOGNISED),
        ("Boatsetter", Kind.UNRECOGNISED),
        ("'Boatsetter' via Charters <charters@example.com>", Kind.UNRECOGNISED),
        ("Boatsetter Fleet <fleet@boatsetter.com>", Kind.INFORMATIONAL),
        ("Boatsetter Support <support@boatsetter.com>", Kind.INFORMATIONAL),
    ],
)
def test_only_the_sender_of_bookings_raises_an_alarm_with_an_unknown_template(sender, kind, boats):
    text = f"From: {sender}\nDate: x\nSubject: Your summer\n\nTrips: 12\nBooking ID: bpzmzvw was best.\n"

    reading = read_text(text, boats=boats)

    assert (reading.kind, reading.marketplace) == (kind, "boatsetter")


def test_a_booking_laid_out_by_another_sender_in_unknown_words_raises_the_alarm(boats):
    text = sold().replace("You received an Instant Booking", "Ahoy, here is one")
    mail = f"From: Boatsetter <next@boatsetter.com>\nSubject: Ahoy\n\n{text}"

    assert read_text(mail, boats=boats).kind is Kind.UNRECOGNISED


def test_an_opening_broken_over_two_lines_is_an_opening(boats):
    text = sold().replace("Instant Booking for Sep", "Instant\nBooking for Sep")

    reading = read(text, boats)

    assert reading.kind is Kind.NEW
    assert booking(reading) == SOLD


def test_a_mail_saved_as_text_and_attached_is_read(boats):
    saved = wrap.gmail("Your booking was approved", sold())
    mail = (
        "From: Cap Tain <captain@example.com>\nSubject: Fwd: a booking\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nsee attachment\n"
        "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"Content-Disposition: attachment; filename=mail.txt\n\n{saved}\n--b--\n"
    )

    reading = read_bytes(mail.encode(), name="x.eml", boats=boats)

    assert booking(reading) == SOLD
    assert reading.unsure == ()
