import mail_wrappings as wrap
import pytest
from grammar.forwards import SHAPES, Mail
from grammar.pages import plain_html
from grammar.texts import wrapped
from grammar.tongues import TONGUES

from bot.mail.document import lines_of
from bot.mail.forwards import unwrap, without_prefix
from bot.mail.markup import seen_text

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


@pytest.mark.parametrize("language", sorted(TONGUES))
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("way", ["text", "html"])
def test_the_mail_inside_is_found_whatever_language_the_client_speaks(shape, language, way):
    mail = Mail(SUBJECT, BODY, plain_html(BODY))
    text, page = shape(mail, TONGUES[language])
    shown = text if way == "text" else seen_text(f"<html><body>{page}</body></html>")

    inside = innermost(shown)

    assert [line.text for line in inside.said] == [line for line in BODY.splitlines() if line]
    assert "boatsetter@mail.boatsetter.com" in inside.sender
    assert inside.forwarded


@pytest.mark.parametrize(
    "line",
    [
        'On 28/10/2021 12:46, "Boatsetter" wrote:',
        "On Oct 28, 2021, at 12:46 PM, Boatsetter <b@mail.boatsetter.com> wrote:",
        "Boatsetter <b@mail.boatsetter.com> schrieb am 28.10.2021 um 12:46:",
        "Am 28.10.2021 um 12:46 schrieb Boatsetter:",
        "Le jeu. 28 oct. 2021 \u00e0 12:46, Boatsetter a \u00e9crit\u00a0:",
        "Den tors 28 okt. 2021 kl 12:46 skrev Boatsetter <b@mail.boatsetter.com>:",
    ],
)
def test_who_wrote_stands_before_or_after_the_verb(line):
    inside = innermost(f"{line}\n\n    {BODY}")

    assert inside.sender.lstrip('"').startswith("Boatsetter")
    assert inside.said[0].text == "Booking ID: bpzmzvw"


@pytest.mark.parametrize("line", ["Raquel wrote:", "On time she wrote:", "She wrote on Sep 11:"])
def test_a_sentence_about_writing_opens_no_mail(line):
    assert len(unwrap(lines_of(f"{line}\n{BODY}"), sender="", subject="")) == 1


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Fwd: Re: x", "x"), ("WG: x", "x"), ("TR : x", "x"), ("ENC: RES: x", "x"), ("[EXT] x", "x"),
        ("Reminder: x", "Reminder: x"), ("For: x", "For: x"), ("Mirror: x", "Mirror: x"),
    ],
)  # fmt: skip
def test_only_what_clients_put_before_a_subject_is_taken_off(subject, bare):
    assert without_prefix(subject) == bare


def test_headers_that_run_on_are_found_though_a_client_broke_the_line():
    text = wrapped(wrap.yahoo(SUBJECT, BODY), 60)

    assert "boatsetter@mail.boatsetter.com" in innermost(text).sender
    assert innermost(text).subject == SUBJECT


def test_what_a_client_broke_off_a_quoted_line_is_no_end_of_the_quotation():
    text = wrapped(wrap.apple(SUBJECT, f"Renter: {'Raquel ' * 12}\n\n{BODY}"), 60)

    said = " ".join(line.text for line in innermost(text).said)
    assert said.count("Raquel") == 13


NOTE = "Got it, I can crew this."
ATTRIBUTED = (
    f"{NOTE}\n\nOn Thu, May 14, 2026 at 10:00 AM {wrap.SENDER} wrote:\n\n{wrap.quoted(BODY)}"
)
UNMARKED = [
    f"{NOTE}\n\n{shape(SUBJECT, BODY)}"
    for shape in (wrap.outlook_web, wrap.outlook_2013, wrap.new_outlook)
]


def answered(text, subject):
    return innermost(text, subject).answered


@pytest.mark.parametrize("before", ["Re: ", "RE[2]: ", "AW: ", "SV: ", "Odp: ", "[EXT] Re: Fwd: "])
@pytest.mark.parametrize("text", [ATTRIBUTED, *UNMARKED, f"{NOTE}\n\n{wrap.quoted(BODY)}"])
def test_what_a_person_answers_is_not_handed_on(before, text):
    assert answered(text, before + SUBJECT)


@pytest.mark.parametrize("before", ["", "Fwd: ", "FW: ", "WG: ", "RV: ", "TR : ", "Fwd: Re: "])
@pytest.mark.parametrize("text", [ATTRIBUTED, *UNMARKED])
def test_what_a_person_hands_on_is_no_answer(before, text):
    assert not answered(text, before + SUBJECT)


@pytest.mark.parametrize("shape", [wrap.gmail, wrap.apple, wrap.yahoo, wrap.thunderbird])
def test_a_client_that_says_so_forwards_whatever_the_subject_says(shape):
    assert not answered(shape(SUBJECT, BODY), f"Re: {SUBJECT}")


def test_a_norwegian_forward_is_no_finnish_answer():
    block = f"{{}}: {wrap.SENDER}\n{{}}: 14.05.2026\n{{}}: {SUBJECT}\n\n{BODY}"

    assert not answered(block.format("Fra", "Sendt", "Emne"), f"VS: {SUBJECT}")
    assert answered(block.format("Lähettäjä", "Lähetetty", "Aihe"), f"VS: {SUBJECT}")


def test_an_answer_pasted_with_its_headers_is_an_answer():
    head = f"From: Cap Tain <captain@example.com>\nSubject: Re: {SUBJECT}\nDate: x\n\n"

    assert answered(head + ATTRIBUTED, "")


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_words_above_an_attribution_are_not_swallowed(gap):
    text = f"Can we bring a dog?{gap}On May 14, 2026, {wrap.SENDER} wrote:\n{wrap.quoted(BODY)}"
    documents = unwrap(lines_of(text), sender="", subject="")

    assert [line.text for line in documents[-1].said] == ["Can we bring a dog?"]


def test_a_client_s_separator_is_not_among_the_words_above_it():
    documents = unwrap(lines_of(wrap.gmail(SUBJECT, BODY)), sender="", subject="")

    assert [line.text for line in documents[-1].said] == ["FYI"]
