"""How much work a mail can make: by what is counted, not by the clock (bench/ has that)."""

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
