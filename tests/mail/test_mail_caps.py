"""How much work a mail can make: by what is counted, not by the clock (bench/ has that)."""

import base64
from dataclasses import replace

import pytest
from grammar.forwards import Mail
from grammar.mime import Coding, both_mail, html_mail
from grammar.pages import html_of, page_of
from grammar.sold import Sold
from grammar.texts import text_of
from grammar.wording import instant

from bot.domain.booking import Kind
from bot.mail.caps import DEFAULT
from bot.mail.reader import Unreadable, read_bytes, read_text

WORDING = instant(Sold())
MAIL = Mail(WORDING.subject, text_of(WORDING), "")
CELLS = "<td>Start</td>" * DEFAULT.tags


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_may_have_so_many_lines_and_no_more(end, boats):
    few = MAIL.text + end * (DEFAULT.lines - MAIL.text.count("\n"))

    assert read_text(few, boats=boats).kind is Kind.NEW
    with pytest.raises(Unreadable, match="too long: more than 2500 lines"):
        read_text(few + end * 60, boats=boats)


def test_the_lines_of_all_attached_mails_count_together(boats):
    limits = replace(DEFAULT, lines=2 * MAIL.text.count("\n"))
    raw = both_mail(MAIL, Coding(), page_of(html_of(WORDING)))

    assert read_bytes(raw, name="x.eml", boats=boats, limits=limits).kind is Kind.NEW
    with pytest.raises(Unreadable, match="too long"):
        read_bytes(raw, name="x.eml", boats=boats, limits=replace(limits, lines=60))


def test_a_page_of_too_many_tags_is_not_opened_and_the_text_is_read_alone(boats):
    assert read_bytes(both_mail(MAIL, Coding(), CELLS), name="x.eml", boats=boats).unsure == ()
    with pytest.raises(Unreadable, match="no text"):
        read_bytes(html_mail(MAIL, Coding(), CELLS), name="x.eml", boats=boats)


def test_no_golden_mail_comes_near_the_limits(mails):
    for path in mails.glob("*/*.eml"):
        raw = path.read_bytes()
        assert raw.count(b"<") < DEFAULT.tags / 5, path.name
        assert raw.count(b"\n") < DEFAULT.lines / 5, path.name


def test_a_text_may_have_so_many_characters_and_no_more(boats):
    limits = replace(DEFAULT, characters=len(MAIL.text))

    assert read_text(MAIL.text, boats=boats, limits=limits).kind is Kind.NEW
    with pytest.raises(Unreadable, match="too long: more than"):
        read_text(MAIL.text + "x", boats=boats, limits=limits)


def test_a_text_that_flows_is_measured_before_it_is_put_together(boats):
    raw = b"Content-Type: text/plain; format=flowed\n\n" + (b"a" * 70 + b" \n") * 2_600

    with pytest.raises(Unreadable, match="too long: more than 2500 lines"):
        read_bytes(b"From: a@b.example\n" + raw, name="x.eml", boats=boats)


def mixed(parts):
    head = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    return (head + "".join(f"--x\n{part}\n" for part in parts) + "--x--\n").encode()


def attached(mail):
    sealed = base64.encodebytes(mail).decode()
    return f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{sealed}"


def test_the_parts_of_all_attached_mails_count_together(boats):
    inner = attached(mixed(["\nx"] * 90))

    assert read_bytes(mixed([inner] * 4), name="x.eml", boats=boats).kind is Kind.UNRECOGNISED
    with pytest.raises(Unreadable, match="too many parts"):
        read_bytes(mixed([inner] * 6), name="x.eml", boats=boats)


def test_of_too_many_mails_the_first_too_many_is_not_parsed(boats):
    damaged = attached(mixed([attached(b"From: a@b.example\n" * 500)]))

    with pytest.raises(Unreadable, match="too many mails attached: more than 10"):
        read_bytes(mixed([damaged] * 20), name="x.eml", boats=boats)


def test_parts_side_by_side_are_not_nested(boats):
    texts = mixed(["Content-Type: text/plain\n\nx"] * 150)
    holders = mixed(["Content-Type: multipart/mixed; boundary=y\n\nx"] * 150)

    assert read_bytes(texts, name="x.eml", boats=boats).kind is Kind.UNRECOGNISED
    with pytest.raises(Unreadable, match="nested too deep: more than 100 of them hold others"):
        read_bytes(holders, name="x.eml", boats=boats)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("From: a@b Subject: x Date: y To: z\n" * 600, "headers of other mails"),
        ("From: Boatsetter\nSubject: You have a new booking for\nBye\n" * 120, "quotes too many"),
    ],
)
def test_a_text_quotes_so_many_mails_and_no_more(text, reason, boats):
    with pytest.raises(Unreadable, match=reason):
        read_text(text, boats=boats)
