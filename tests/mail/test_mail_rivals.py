"""Mails that say two things: which is meant is left to a person, and told in a sentence."""

import pytest
from grammar.forwards import Mail, gmail
from grammar.mime import Coding, attached_mail, both_mail, text_mail
from grammar.pages import html_of, page_of
from grammar.sold import Sold
from grammar.texts import text_of
from grammar.tongues import TONGUES
from grammar.wording import KINDS, approved, cancelled, instant, reminder

from bot.domain.booking import Kind
from bot.mail.reader import read_bytes, read_text

OURS = Sold()
OTHER = Sold(booking_id="kxwgpzt", renter="Bob", passengers=9)


def forward(wording) -> str:
    mail = Mail(wording.subject, text_of(wording), "")
    return gmail(mail, TONGUES["en"])[0] + "\n"


def original(wording) -> bytes:
    return text_mail(Mail(wording.subject, text_of(wording), ""), Coding())


@pytest.mark.parametrize("first", [instant(OTHER), approved(OTHER)])
def test_of_two_bookings_in_one_forward_neither_is_sure(first, boats):
    reading = read_text(forward(first) + forward(instant(OURS)), boats=boats)

    assert reading.booking.booking_id == "bpzmzvw"
    assert set(reading.unsure) == set(reading.fields)
    assert "The mail holds booking KXWGPZT too" in reading.fields["starts_at"].why


def test_a_made_up_booking_in_the_note_above_makes_the_real_one_doubtful(boats):
    reading = read_text(text_of(instant(OTHER)) + "\n" + forward(instant(OURS)), boats=boats)

    assert reading.booking.booking_id == "bpzmzvw"
    assert "passengers" in reading.unsure


def test_the_same_mail_twice_is_no_contradiction(boats):
    reading = read_text(forward(instant(OURS)) * 2, boats=boats)

    assert (reading.kind, reading.unsure) == (Kind.NEW, ())


def test_the_same_booking_told_twice_differently_is_doubtful_where_it_differs(boats):
    reading = read_text(
        forward(instant(OURS.but(passengers=9))) + forward(instant(OURS)), boats=boats
    )

    assert reading.unsure == ("passengers",)
    assert reading.fields["passengers"].why == "Elsewhere the mail says '9'."


@pytest.mark.parametrize("kind", ["cancelled", "changed", "reminder", "payout"])
@pytest.mark.parametrize("above", [True, False])
def test_a_booking_quoted_with_what_became_of_it_makes_no_card(kind, above, boats):
    later, sold = forward(KINDS[kind](OURS)), forward(instant(OURS))

    reading = read_text(later + sold if above else sold + later, boats=boats)

    assert (reading.kind, reading.marketplace) == (Kind.UNRECOGNISED, "boatsetter")


def test_a_renters_message_that_quotes_a_whole_booking_makes_no_card(boats):
    message = Mail(
        "New message from Raquel", f"Raquel sent you a message:\n\n{forward(instant(OURS))}", ""
    )

    reading = read_bytes(text_mail(message, Coding()), name="x.eml", boats=boats)

    assert (reading.kind, reading.fields) == (Kind.INFORMATIONAL, {})


def test_an_attached_booking_and_another_quoted_beside_it_are_both_doubtful(boats):
    outer = Mail("Fwd: x", forward(instant(OTHER)), "", "Cap Tain", "captain@example.com")

    reading = read_bytes(
        attached_mail(outer, original(instant(OURS)), Coding()), name="x.eml", boats=boats
    )

    assert set(reading.unsure) == set(reading.fields)


def test_a_booking_attached_inside_a_mail_that_carries_a_reminder_is_left_to_a_person(boats):
    outer = Mail("Fwd: x", forward(instant(OURS)), "", "Cap Tain", "captain@example.com")

    reading = read_bytes(
        attached_mail(outer, original(reminder(OURS)), Coding()), name="x.eml", boats=boats
    )

    assert reading.kind is Kind.UNRECOGNISED


def test_text_that_sells_and_html_that_calls_off_make_no_card(boats):
    sold, off = instant(OURS), cancelled(OURS)
    mail = Mail(sold.subject, text_of(sold), "")

    reading = read_bytes(
        both_mail(mail, Coding(), page_of(html_of(off))), name="x.eml", boats=boats
    )

    assert reading.kind is Kind.UNRECOGNISED


@pytest.mark.parametrize(
    ("gone", "field"),
    [
        ("Passengers\n14", "passengers"),
        ("Location\nAustin, TX", "location"),
        ("Captain\nCaptained", "captain"),
        ("Add-ons\n3 selected", "add_ons"),
        ("Duration\n3 hours", "duration_minutes"),
        ("Start\nSep 11, 2026 • 11:00 AM", None),
    ],
)
@pytest.mark.parametrize("layout", ["paired", "dense"])
def test_a_label_without_a_value_takes_none_from_its_neighbours(gone, field, layout, boats):
    label = gone.partition("\n")[0]
    text = text_of(approved(OURS)).replace(gone, label)
    text = text if layout == "paired" else "\n".join(line for line in text.split("\n") if line)

    reading = read_text(text, boats=boats)

    right = approved(OURS).expected["booking"]
    for name, said in reading.as_json()["booking"].items():
        assert said in {None, right[name]}, name
    assert field is None or reading.as_json()["booking"][field] is None


def test_no_button_is_taken_for_a_value_that_is_missing(boats):
    text = text_of(instant(OURS.but(payout=None))).replace("3 selected\n", "")

    assert read_text(text, boats=boats).booking.add_ons is None


def replying(later, sold) -> str:
    """What a marketplace wrote later, the booking's mail quoted below."""
    old = "".join(f"> {line}\n" for line in text_of(sold).splitlines())
    above = "On Thu, May 14, 2026 at 10:00 AM Boatsetter <boatsetter@mail.boatsetter.com> wrote:"
    return f"{text_of(later)}\n\n{above}\n\n{old}"


@pytest.mark.parametrize("kind", [name for name in KINDS if KINDS[name](OURS).kind != "new"])
@pytest.mark.parametrize("by", ["the marketplace", "a person"])
def test_what_a_marketplace_quotes_changes_nothing_of_what_it_says(kind, by, boats):
    later = KINDS[kind](OURS)
    mail = Mail(later.subject, replying(later, instant(OURS)), "")
    if by == "a person":
        text = gmail(mail, TONGUES["en"])[0]
        mail = Mail(f"Fwd: {later.subject}", text, "", "Cap Tain", "captain@example.com")

    reading = read_bytes(text_mail(mail, Coding()), name="x.eml", boats=boats)

    assert reading.as_json()["kind"] == later.expected["kind"]
    assert reading.as_json()["booking"] == later.expected["booking"]
    assert reading.unsure == ()


def test_a_change_that_quotes_another_booking_is_left_to_a_person(boats):
    later = KINDS["changed"](OURS)
    mail = Mail(later.subject, replying(later, instant(OTHER)), "")

    reading = read_bytes(text_mail(mail, Coding()), name="x.eml", boats=boats)

    assert reading.kind is Kind.UNRECOGNISED


@pytest.mark.parametrize("kind", ["instant", "cancelled", "changed"])
def test_a_captains_answer_is_nobodys_booking(kind, boats):
    sold = KINDS[kind](OURS)
    text = "Got it.\n" + replying(reminder(OURS), sold).partition("\n\nOn ")[2].join(["\nOn ", ""])
    mail = Mail(f"Re: {sold.subject}", text, "", "Cap Tain", "captain@example.com")

    reading = read_bytes(text_mail(mail, Coding()), name="x.eml", boats=boats)

    assert (reading.kind, reading.marketplace, reading.fields) == (Kind.UNRECOGNISED, None, {})
