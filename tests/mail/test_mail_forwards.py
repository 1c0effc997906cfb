import mail_wrappings as wrap
import pytest

from bot.mail.document import lines_of
from bot.mail.forwards import unwrap

SUBJECT = "Your booking was approved"
BODY = "Booking ID: bpzmzvw\nRenter: Raquel\n\nStart\nSep 11, 2026 • 11:00 AM\n"


def innermost(text: str, subject: str = f"Fwd: {SUBJECT}"):
    return unwrap(lines_of(text), sender="Cap Tain <captain@example.com>", subject=subject)[0]


@pytest.mark.parametrize("shape", wrap.SHAPES)
def test_the_mail_inside_is_found_whatever_client_forwarded_it(shape):
    inside = innermost(shape(SUBJECT, BODY))

    assert [line.text for line in inside.said] == [line for line in BODY.splitlines() if line]
    assert "Boatsetter" in inside.sender
    assert inside.subject == SUBJECT


def test_a_subject_that_was_folded_is_whole_again():
    text = wrap.quoted(
        "From: Boatsetter <a@mail.boatsetter.com>\nSubject: You have a new booking for\n"
        f"Sep 11, 2026\nDate: today\n\n{BODY}"
    )

    assert innermost(text).subject == "You have a new booking for Sep 11, 2026"


def test_a_forwarders_own_subject_is_known_for_what_it_is():
    assert not innermost("Look!\n", "Fwd: ours?").subject_is_own
    assert innermost("Look!\n", "ours?").subject_is_own
    assert innermost(wrap.gmail(SUBJECT, BODY), "ours?").subject_is_own


def test_a_signature_under_a_quoted_mail_is_left_out():
    text = wrap.apple(SUBJECT, BODY) + "\n--\nCap Tain\nStart\nalways early\n"

    assert "always early" not in [line.text for line in innermost(text).said]


def test_headers_in_another_language_are_headers():
    text = f"Von: Boatsetter <a@mail.boatsetter.com>\nGesendet: heute\nBetreff: WG: {SUBJECT}\n\n{BODY}"

    assert innermost(text).subject == SUBJECT


def test_two_blocks_of_headers_on_end_are_two_mails():
    block = "From: {0}\nSent: today\nTo: x\nSubject: {0}\n\n"
    documents = unwrap(
        lines_of(block.format("outer") + block.format("inner") + BODY), sender="", subject=""
    )

    assert [document.sender for document in documents] == ["inner", "outer", ""]


def test_words_that_only_look_like_a_header_open_no_mail():
    documents = unwrap(lines_of("From: Tuesday on\nBooking ID: x\nTo: all"), sender="", subject="")

    assert len(documents) == 1


def test_a_line_keeps_the_words_it_came_from():
    line = lines_of("> \u200eSep\u00a011,  2026 \u2022\u202f11:00\u00adAM\u200f ")[0]

    assert line.text == "Sep 11, 2026 • 11:00AM"
    assert line.depth == 1
    assert line.words == "Sep\u00a011,  2026 \u2022\u202f11:00\u00adAM"
    assert line.piece(4, 12).words == "11,  2026"


def test_the_addresses_behind_links_are_not_read():
    line = lines_of("JADA <https://click.example.com/x?y=1> sails<mailto:a@example.com>")[0]

    assert line.text == "JADA sails"
    assert line.piece(5).words == "sails"
    assert lines_of("[cid:logo@example.com]")[0].text == ""
