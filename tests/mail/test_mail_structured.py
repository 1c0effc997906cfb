"""What a mail says for machines, beside what it says to people."""

import json

import mail_wrappings as wrap
import pytest

from bot.domain.booking import Kind, as_booking_id
from bot.mail.caps import Limits
from bot.mail.reader import examine_bytes, read_bytes

SUBJECT = "Fwd: Your boat is booked"
THANKS = "Thank you for hosting with us.\n"
LISTING = "Sail San Diego Bay aboard JADA"
CONFIRMED = "http://schema.org/ReservationConfirmed"


def reservation(**changes):
    """A BoatReservation; a name with `trip_` before it is of what was reserved."""
    trip = {
        "@type": "BoatTrip",
        "name": LISTING,
        "departureTime": "2026-05-30T10:00:00-07:00",
        "arrivalTime": "2026-05-30T13:00:00-07:00",
    }
    trip |= {k.removeprefix("trip_"): v for k, v in changes.items() if k.startswith("trip_")}
    own = {
        "@context": "https://schema.org",
        "@type": "BoatReservation",
        "reservationNumber": "xhqgmdh",
        "reservationStatus": CONFIRMED,
        "underName": {"@type": "Person", "name": "Marisol"},
        "numSeats": 4,
        "reservationFor": trip,
    }
    return own | {k: v for k, v in changes.items() if not k.startswith("trip_")}


def page(*scripts, body="<p>Thank you for hosting with us.</p>"):
    tags = (f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<!doctype html><html><head>{''.join(tags)}</head><body>{body}</body></html>"


def with_data(*data, subject=SUBJECT, text=THANKS, sender="Cap Tain <captain@example.com>"):
    scripts = [one if isinstance(one, str) else json.dumps(one) for one in data]
    return wrap.eml(subject, text, page(*scripts), sender=sender).as_bytes()


def event(*lines, method="REQUEST"):
    own = ("UID:1@x", f"SUMMARY:{LISTING}", "DESCRIPTION:Booking ID: xhqgmdh\\nGuests: 4")
    times = () if any(line.startswith("DTSTART") for line in lines) else TIMES
    head = ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT")
    return "\r\n".join((*head, *own, *times, *lines, "END:VEVENT", "END:VCALENDAR", ""))


TIMES = ("DTSTART:20260530T170000Z", "DTEND:20260530T200000Z")


def with_calendar(*calendars, subject=SUBJECT, text=THANKS):
    mail = wrap.eml(subject, text)
    for number, calendar in enumerate(calendars):
        mail.add_attachment(calendar.encode(), "application", "ics", filename=f"{number}.ics")
    return mail.as_bytes()


def read(raw, boats):
    return read_bytes(raw, name="x.eml", boats=boats)


def test_every_field_tells_where_it_stands(boats):
    by_script = read(with_data(reservation()), boats)
    by_event = read(with_calendar(event("LOCATION:San Diego")), boats)

    assert (by_script.kind, by_script.marketplace) == (Kind.NEW, "schema.org")
    assert (by_event.kind, by_event.marketplace) == (Kind.NEW, "icalendar")
    start, location = by_script.fields["starts_at"], by_event.fields["location"]
    assert start.place == "JSON-LD, reservationFor.departureTime"
    assert start.words == "2026-05-30T10:00:00-07:00"
    assert (location.place, location.words) == ("calendar, LOCATION", "San Diego")
    assert by_event.fields["passengers"].place == "calendar, DESCRIPTION, line 2"
    assert by_event.fields["starts_at"].words == "20260530T170000Z"


def test_what_the_renter_pays_is_never_taken_for_what_the_owner_earns(boats):
    paid = {"totalPrice": "$1,200.00", "price": "1200", "priceCurrency": "USD"}

    reading = read(with_data(reservation(**paid, trip_offers=paid)), boats)

    assert reading.booking.owner_payout is None
    assert "1200" not in json.dumps(reading.as_json()).replace(",", "")


@pytest.mark.parametrize(
    "kind", ["Flight", "Train", "Bus", "Lodging", "RentalCar", "FoodEstablishment", "Taxi"]
)
@pytest.mark.parametrize("also", [[], ["Reservation"], ["BoatReservation"]])
def test_other_reservations_are_no_bookings_even_if_they_name_our_boat(kind, also, boats):
    data = reservation(**{"@type": [f"http://schema.org/{kind}Reservation", *also]})

    reading = read(with_data(data), boats)

    assert (reading.kind, reading.marketplace) == (Kind.UNRECOGNISED, None)


def test_an_event_is_ours_by_its_listing_or_by_a_known_sender(boats):
    data = reservation(**{"@type": "EventReservation", "trip_name": "Somebody's boat"})
    boatsetter = {"sender": wrap.SENDER, "subject": "Ahoy", "text": "A new booking!\n"}

    unknown, known = read(with_data(data), boats), read(with_data(data, **boatsetter), boats)

    assert (unknown.kind, unknown.marketplace) == (Kind.UNRECOGNISED, None)
    assert (known.kind, known.marketplace) == (Kind.NEW, "boatsetter")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (CONFIRMED, Kind.NEW),
        ("https://schema.org/Confirmed", Kind.NEW),
        ("ReservationConfirmed", Kind.NEW),
        ({"@id": CONFIRMED}, Kind.NEW),
        ("http://schema.org/ReservationCancelled", Kind.CANCELLED),
        ("http://schema.org/ReservationPending", Kind.INFORMATIONAL),
        ("http://schema.org/ReservationHold", Kind.INFORMATIONAL),
        ("http://schema.org/Unconfirmed", Kind.UNRECOGNISED),
        ([CONFIRMED, "http://schema.org/ReservationCancelled"], Kind.UNRECOGNISED),
        ("", Kind.UNRECOGNISED),
    ],
)
def test_only_what_is_confirmed_is_new(status, kind, boats):
    assert read(with_data(reservation(reservationStatus=status)), boats).kind is kind


def test_a_name_that_is_said_twice_has_both_values(boats):
    twice = json.dumps(reservation()).replace('"numSeats": 4', '"numSeats": 4, "numSeats": 9')

    assert read(with_data(twice), boats).unsure == ("passengers",)


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: text.replace("&", "&amp;").replace('"', "&quot;"),
        lambda text: f"<!--\n{text}\n-->",
        lambda text: f"//<![CDATA[\n{text}\n//]]>",
        lambda text: f"{text};",
        lambda text: f"[[{text}]]",
        lambda text: json.dumps({"@context": "http://schema.org", "about": json.loads(text)}),
        lambda text: text.replace("https://schema.org", "http:\\/\\/www.schema.org\\/"),
        lambda text: text.replace('"reservationNumber"', '"schema:reservationNumber"'),
    ],
)
def test_json_ld_is_read_however_a_template_wraps_it(wrapped, boats):
    reading = read(with_data(wrapped(json.dumps(reservation()))), boats)

    assert (reading.kind, reading.unsure) == (Kind.NEW, ())
    assert reading.booking.booking_id == "xhqgmdh"


def test_another_vocabulary_of_the_same_words_is_not_schema_org(boats):
    foreign = reservation(**{"@context": "https://example.org/vocabulary"})

    assert read(with_data(foreign, {"@context": "schema.org"}), boats).marketplace is None


def test_the_same_said_in_several_notations_is_one_booking(boats):
    mail = wrap.eml(SUBJECT, THANKS, page(json.dumps(reservation())))
    mail.add_attachment(event().encode(), "application", "ics", filename="a.ics")

    reading = read(mail.as_bytes(), boats)

    assert (reading.kind, reading.unsure) == (Kind.NEW, ())
    assert reading.booking.starts_at.isoformat() == "2026-05-30T10:00:00-07:00"


def test_notations_that_disagree_are_doubted(boats):
    mail = wrap.eml(SUBJECT, THANKS, page(json.dumps(reservation(numSeats=5))))
    mail.add_attachment(event().encode(), "application", "ics", filename="a.ics")

    reading = read(mail.as_bytes(), boats)

    assert reading.unsure == ("passengers",)
    assert reading.fields["passengers"].why == "The mail says both '5' and '4'."


def test_an_utc_time_beside_the_same_in_the_text_is_sure(boats):
    text = (
        "You received an Instant Booking for May 30, 2026 • 10:00 AM.\n\nBooking ID: xhqgmdh\n\n"
        f"{LISTING}\n\nRenter: Marisol\n\nStart\nMay 30, 2026 • 10:00 AM\n\n"
        "End\nMay 30, 2026 • 1:00 PM\n\nPassengers\n4\n"
    )
    zulu = {"trip_departureTime": "2026-05-30T17:00:00Z", "trip_arrivalTime": "2026-05-30T20:00Z"}
    wrong = {"trip_departureTime": "2026-05-30T10:00:00Z"}
    mail = {"text": text, "subject": "You have a new Instant Booking", "sender": wrap.SENDER}

    same, other = (read(with_data(reservation(**one), **mail), boats) for one in (zulu, wrong))

    assert (same.kind, same.unsure) == (Kind.NEW, ())
    assert (other.kind, other.unsure) == (Kind.NEW, ("starts_at",))
    assert other.booking.starts_at.isoformat() == "2026-05-30T10:00:00-07:00"


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Your boat is booked", Kind.NEW),
        ("Your booking request was approved", Kind.NEW),
        ("Reminder: your charter", Kind.INFORMATIONAL),
        ("Your payout for Marisol", Kind.INFORMATIONAL),
        ("Marisol left a review", Kind.INFORMATIONAL),
        ("New message from Marisol", Kind.INFORMATIONAL),
        ("Booking request from Marisol", Kind.INFORMATIONAL),
        ("Your booking has been updated", Kind.CHANGED),
        ("Marisol cancelled", Kind.UNRECOGNISED),
    ],
)
@pytest.mark.parametrize("make", [lambda **k: with_data(reservation(), **k), with_calendar])
def test_data_alone_make_no_booking_of_a_mail_about_another_matter(subject, kind, make, boats):
    calendar = () if make is not with_calendar else (event(),)

    assert read(make(*calendar, subject=subject), boats).kind is kind
    forwarded = wrap.gmail(subject, THANKS).replace(wrap.SENDER, "Hire <a@hire.example>")
    assert read(make(*calendar, subject="Fwd: ours?", text=forwarded), boats).kind is kind


def test_an_opening_that_tells_of_a_cancellation_is_not_new_either(boats):
    text = "Dear captain,\nMarisol has cancelled their booking.\n"

    assert read(with_data(reservation(), text=text), boats).kind is Kind.UNRECOGNISED


@pytest.mark.parametrize(
    ("line", "start", "doubtful"),
    [
        ("DTSTART:20260530T170000Z", "2026-05-30T10:00:00-07:00", False),
        ("DTSTART:20260530T100000", "2026-05-30T10:00:00-07:00", False),
        ("DTSTART;TZID=US/Pacific:20260530T100000", "2026-05-30T10:00:00-07:00", False),
        ("DTSTART;TZID=Pacific Standard Time:20260530T100000", "2026-05-30T10:00:00-07:00", False),
        (
            "DTSTART;TZID=/x.example/2026/America/Los_Angeles:20260530T100000",
            "2026-05-30T10:00:00-07:00",
            False,
        ),
        ("DTSTART;TZID=America/Chicago:20260530T120000", "2026-05-30T10:00:00-07:00", True),
        ("DTSTART;TZID=America/Los_Angeles:20260530T100000Z", "2026-05-30T03:00:00-07:00", True),
        ("DTSTART;TZID=Nowhere:20260530T100000", "2026-05-30T10:00:00-07:00", True),
        ("DTSTART:20261101T083000Z", "2026-11-01T01:30:00-07:00", False),
        ("DTSTART:20261101T093000Z", "2026-11-01T01:30:00-08:00", False),
        ("DTSTART:20261101T013000", "2026-11-01T01:30:00-07:00", True),
        ("DTSTART;VALUE=DATE:20260530", None, True),
        ("DTSTART:soon", None, None),
    ],
)
def test_a_calendars_time_is_the_boats(line, start, doubtful, boats):
    reading = read(with_calendar(event(line)), boats)

    if doubtful is None:
        assert reading.kind is Kind.UNRECOGNISED
        return
    at = reading.booking.starts_at
    assert (at and at.isoformat()) == start
    assert ("starts_at" in reading.unsure) is doubtful


@pytest.mark.parametrize(
    ("lines", "method", "kind"),
    [
        ((), "PUBLISH", Kind.NEW),
        (("STATUS:CONFIRMED",), "REQUEST", Kind.NEW),
        (("STATUS:TENTATIVE",), "REQUEST", Kind.INFORMATIONAL),
        (("STATUS:CANCELLED",), "PUBLISH", Kind.CANCELLED),
        ((), "CANCEL", Kind.CANCELLED),
        (("SEQUENCE:0",), "REQUEST", Kind.NEW),
        (("SEQUENCE:3",), "REQUEST", Kind.CHANGED),
        (("RRULE:FREQ=DAILY",), "REQUEST", Kind.UNRECOGNISED),
        (("RECURRENCE-ID:20260530T170000Z",), "REQUEST", Kind.UNRECOGNISED),
        ((), "REPLY", Kind.UNRECOGNISED),
        ((), "COUNTER", Kind.UNRECOGNISED),
    ],
)
def test_what_an_event_is_for(lines, method, kind, boats):
    assert read(with_calendar(event(*lines, method=method)), boats).kind is kind


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Booking ID: bpzmzvw", "bpzmzvw"),
        ("Booking ID\\nbpzmzvw", "bpzmzvw"),
        ("Reservation #6033474", "6033474"),
        ("Confirmation code: HM4XQ29KZ", "hm4xq29kz"),
        ("<b>Booking ID:</b> bpzmzvw<br>Guests: 4", "bpzmzvw"),
        ("Reservation: confirmed", None),
        ("Booking: please be on time", None),
        ("Meeting ID: 1234567", None),
        ("Our reservation is at noon", None),
    ],
)
def test_an_event_is_a_booking_by_an_id_with_a_label(description, found, boats):
    calendar = event().replace("Booking ID: xhqgmdh\\nGuests: 4", description)

    reading = read(with_calendar(calendar), boats)

    assert (reading.kind is Kind.NEW) is (found is not None)
    assert reading.booking.booking_id == found


def test_an_event_that_names_no_boat_is_none_of_ours_unless_a_label_does(boats):
    meeting = event().replace(f"SUMMARY:{LISTING}", "SUMMARY:Dinner")
    boat = meeting.replace("SUMMARY:Dinner", "SUMMARY:Charter with Marisol").replace(
        "Guests: 4", "Guests: 4\\nBoat: Sea Ghost"
    )
    flat = meeting.replace("Guests: 4", "Nights: 4\\nListing: Loft by the sea")

    assert [read(with_calendar(one), boats).kind for one in (meeting, flat)] == [
        Kind.UNRECOGNISED
    ] * 2
    reading = read(with_calendar(boat), boats)
    assert (reading.kind, reading.booking.listing) == (Kind.NEW, "Sea Ghost")
    assert {"starts_at", "ends_at"} <= set(reading.unsure)


def test_one_listing_may_begin_another(boats):
    longer = boats[1].model_copy(update={"listings": (f"{LISTING} at night",)})
    named = event().replace(f"SUMMARY:{LISTING}", f"SUMMARY:{LISTING} at night")

    assert read(with_calendar(named), (boats[0], longer)).booking.listing == f"{LISTING} at night"


def test_a_zone_that_a_mail_defines_is_not_kept_for_the_next(boats):
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Nowhere\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:-0700\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    there = event("DTSTART;TZID=Nowhere:20260530T100000")

    for calendar in (there.replace("BEGIN:VEVENT", zone), there):
        assert "starts_at" in read(with_calendar(calendar), boats).unsure


def test_a_calendar_or_a_page_without_words_is_read_too(boats):
    page_alone = wrap.eml(SUBJECT, None, page(json.dumps(reservation()), body="")).as_bytes()
    calendar_alone = wrap.eml(SUBJECT, event())
    calendar_alone.replace_header("Content-Type", "text/calendar; charset=utf-8")

    assert read(page_alone, boats).kind is Kind.NEW
    assert read(calendar_alone.as_bytes(), boats).kind is Kind.NEW


def test_what_was_left_out_is_noted(boats):
    damaged = with_data("{", reservation())
    large = with_data(reservation(description="x" * Limits().data))

    noted, refused = (examine_bytes(raw, name="x.eml", boats=boats) for raw in (damaged, large))

    assert noted.chosen.alternatives[0].notes == (
        "The JSON-LD is damaged and cannot be taken apart.",
    )
    assert noted.reading.kind is Kind.NEW
    assert refused.chosen.alternatives[0].notes == (
        "There is too much data in it to read its JSON-LD.",
    )
    assert refused.reading.kind is Kind.UNRECOGNISED


def test_data_of_a_forward_vouch_for_nothing(boats):
    forward = with_data(reservation(), text=wrap.gmail("Your boat is booked", THANKS))
    direct = with_data(reservation(), subject="Your boat is booked")

    originals = [examine_bytes(raw, name="x.eml", boats=boats).chosen for raw in (forward, direct)]

    assert [one.is_original for one in originals] == [False, True]


def test_an_id_that_is_sure_fits_every_key(boats):
    for number in ("xhqgmdh", "BR-1437096751", "a-b", "../../x", "ab12", "x" * 40, "éé12345"):
        reading = read(with_data(reservation(reservationNumber=number)), boats)
        assert ("booking_id" in reading.unsure) is (as_booking_id(number) is None), number


REFERS = [{"@id": f"#{i}", "@type": "Trip", "x": [{"@id": f"#{i + 1}"}] * 9} for i in range(20)]
NESTED = '{"a":' * 5_000 + "1" + "}" * 5_000  # so deep that no data are read at all
ENDURED = {
    "nesting": "[" * 20_000,
    "nested objects": NESTED,
    "references that multiply": json.dumps({"@context": "http://schema.org", "@graph": REFERS}),
    "a reference to itself": json.dumps(
        {"@type": "BoatReservation", "@id": "#a", "schema.org": {"@id": "#a"}}
    ),
    "a long number": '{"a": ' + "9" * 25_000 + "}",
    "white space": " " * 28_000 + ";" + "\n;" * 500,
}


@pytest.mark.parametrize("script", ENDURED.values(), ids=ENDURED)
def test_hostile_json_hides_nothing(script, boats):
    reading = read(with_data(script, reservation()), boats)

    assert reading.kind is (Kind.UNRECOGNISED if script == NESTED else Kind.NEW)


@pytest.mark.parametrize(
    "line", ["A:b\r\n" * 5_000, "DESCRIPTION:" + "Booking " * 3_500, "DESCRIPTION:" + "<a" * 14_000]
)
def test_a_hostile_calendar_hides_nothing(line, boats):
    assert read(with_calendar(event(line)), boats).about == "xhqgmdh"


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("DTSTART:20260530T170000Z", "2026-05-30T13:00:00-07:00"),
        ("DTSTART;TZID=America/Los_Angeles:20261101T003000", "2026-11-01T02:30:00-08:00"),
        ("DTSTART;TZID=Nowhere:20260530T100000", None),
        ("DTSTART:20260530T100000", None),
        ("DTSTART;VALUE=DATE:20260530", None),
    ],
)
def test_a_duration_tells_the_end_where_the_clock_is_known(line, end, boats):
    calendar = event(line, "DURATION:PT3H").replace(TIMES[1] + "\r\n", "")

    at = read(with_calendar(calendar), boats).booking.ends_at

    assert (at and at.isoformat()) == end


@pytest.mark.parametrize("name", ["booking.ics", "-"])
def test_a_calendar_file_by_itself_reads_as_one_attached(name, boats):
    alone = read_bytes(event().encode(), name=name, boats=boats)

    assert alone.kind is Kind.NEW
    assert alone == read(with_calendar(event()), boats)


@pytest.mark.parametrize(
    "subject",
    [
        "See you in 3 days!",
        "Upcoming charter",
        "How was your trip?",
        "Your trip has ended",
        "Marisol signed the waiver",
        "Marisol didn't show up?",
        "Your new booking is coming up",
        "Is your boat booked?",
        "Your boat is not booked",
        "Ahoy",
    ],
)
def test_data_alone_sell_nothing_where_the_words_do_not_say_so(subject, boats):
    direct = with_data(reservation(), subject=subject, text="Here is what to bring.\n")
    forwarded = wrap.gmail(subject, THANKS).replace(wrap.SENDER, "Hire <a@hire.example>")
    noted = with_data(reservation(), subject="Fwd: new booking", text=f"New booking!\n{forwarded}")

    assert [read(one, boats).kind for one in (direct, noted)] == [Kind.UNRECOGNISED] * 2


@pytest.mark.parametrize(
    "said",
    [
        "You have a new booking for May 30",
        "Instant booking: May 30",
        "Reservation confirmed - Marisol arrives May 30",
        "Booking confirmation",
        "Marisol has booked your boat. If you have questions, write to us.",
        "Hello! Your charter is confirmed.",
    ],
)
def test_a_subject_or_an_opening_that_says_booked_sells(said, boats):
    by_subject = with_data(reservation(), subject=said)
    by_opening = with_data(reservation(), subject="Fwd: ours", text=f"Dear captain,\n{said}\n")

    for mail in (by_subject, by_opening):
        assert (read(mail, boats).kind, read(mail, boats).unsure) == (Kind.NEW, ())


def test_where_only_a_forwarders_subject_is_there_every_field_is_doubted(boats):
    silent = page(json.dumps(reservation()), body="")

    reading = read(wrap.eml("Fwd: ours", None, silent).as_bytes(), boats)

    assert reading.kind is Kind.NEW
    assert set(reading.unsure) == set(reading.fields)
    only = "Only the data inside the mail say that it is a booking."
    assert {field.why for field in reading.fields.values()} == {only}


@pytest.mark.parametrize(
    "summary",
    [
        "Engine service JADA",
        f"Talk about {LISTING}",
        "Haul-out at the yard",
        "JADA: prep for charter",
    ],
)
def test_an_event_that_is_not_called_a_booking_is_none(summary, boats):
    described = "Boat: JADA\\nConfirmation number: QX-4411\\nGuests: 4"
    calendar = event().replace(f"SUMMARY:{LISTING}", f"SUMMARY:{summary}")
    calendar = calendar.replace("Booking ID: xhqgmdh\\nGuests: 4", described)
    assert described in calendar

    for reading in (
        read(with_calendar(calendar), boats),
        read_bytes(calendar.encode(), name="a.ics", boats=boats),
    ):
        assert reading.kind is Kind.UNRECOGNISED


def test_half_a_character_in_data_is_replaced_and_can_be_written(boats):
    script = json.dumps(reservation()).replace("Marisol", "M\\ud800x")

    renter = read(with_data(script), boats).fields["renter"]

    assert (renter.value, renter.words) == ("M\ufffdx", "M\ufffdx")
