"""The mails as they leave: links first, one-line subjects, nothing that is not for the reader."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from lxml import html

from bot.domain.artefact import Artefact
from bot.domain.boat import Boat
from bot.domain.errors import NeedsPerson
from bot.domain.mail_parts import MailParts
from bot.domain.money import Costs, assert_no_money
from bot.domain.money_search import holds_amount
from bot.services.ports import Templates
from bot.views.templates import JinjaTemplates

HOSTILE = "Ann\r\nBcc: thief@example.com\u2028<script>alert(1)</script>"
GUEST = "\u05d0\u05d5\u05e8\u05d7"  # "guest", from right to left
COSTS = Costs(crew_cost=Decimal(250), captain_fee=Decimal(150), port_fee_percent=Decimal(18))


def links_of(mail: MailParts) -> list[str]:
    return [link.get("href") for link in html.fromstring(mail.html).iter("a")]


def test_the_operations_mail_begins_with_the_links(templates: JinjaTemplates, charter) -> None:
    mail = templates.operations_mail(charter)
    assert mail.text.splitlines()[:5] == [
        "Guest page:",
        "https://queenofsandiego.com/g/xhqgmdh",
        "",
        "Crew page:",
        "https://sailjada.com/crew/event/event-9",
    ]
    assert links_of(mail) == [
        "https://queenofsandiego.com/g/xhqgmdh",
        "https://sailjada.com/crew/event/event-9",
    ]


def test_the_operations_mail_tells_what_was_set_up(templates, charter) -> None:
    mail = templates.operations_mail(charter)
    assert mail.subject == "Set up: JADA, Sat 30 May 2026, 10:00 (XHQGMDH)"
    for body in (mail.text, html.fromstring(mail.html).text_content()):
        for words in (
            "10:00\N{EN DASH}13:00 PDT (3 h)", "Marisol", "captain, crew_1", "Paddle board",
            "Check fuel", "Calendar entry entry-7", "Crew event event-9", "Boatsetter XHQGMDH",
        ):  # fmt: skip
            assert words in body


def test_the_crew_summary_calls_the_crew(templates, charter) -> None:
    mail = templates.crew_summary(charter)
    assert "You are called" in mail.text
    assert "- Stock cooler" in mail.text
    assert "Calendar entry" not in mail.text


def test_a_fresh_crew_link_is_the_first_line(templates) -> None:
    link = "https://sailjada.com/crew/event/e?magic_link=a.b-c_d&x=1"
    mail = templates.crew_link_mail("JADA Sat 30 May", link)
    assert mail.text.splitlines()[0] == link
    assert links_of(mail) == [link]
    assert mail.subject == "Your crew link: JADA Sat 30 May"


def test_a_link_that_is_none_is_not_sent(templates) -> None:
    with pytest.raises(NeedsPerson, match="cannot be mailed") as told:
        templates.crew_link_mail("JADA", "javascript:alert(1)")
    assert "crew_link" in told.value.hint


def test_nothing_set_up_is_not_announced(templates, charter) -> None:
    mail = templates.operations_mail(charter.model_copy(update={"artefacts": {}}))
    assert "What was set up" not in mail.text + mail.html


def test_no_mail_holds_money(templates, charter) -> None:
    for mail in (templates.operations_mail(charter), templates.crew_summary(charter)):
        for part in (mail.subject, mail.text, mail.html):
            assert_no_money("mail", part, charter, COSTS)


def test_hostile_words_stay_on_one_line_and_are_text(templates, boat: Boat, charter) -> None:
    hostile = charter.model_copy(
        update={
            "boat": boat.model_copy(update={"name": HOSTILE}),
            "guest_name": HOSTILE,
            "add_ons": HOSTILE,
            "crew_tasks": (HOSTILE,),
        }
    )
    for mail in (
        templates.operations_mail(hostile),
        templates.crew_summary(hostile),
        templates.crew_link_mail(HOSTILE, "https://a.example/"),
    ):
        assert len(mail.subject.splitlines()) == 1
        assert not re.search(r"^Bcc:", mail.text, re.MULTILINE)
        assert not list(html.fromstring(mail.html).iter("script"))
        assert "<script>alert(1)</script>" in html.fromstring(mail.html).text_content()


def test_the_mails_load_nothing_and_fit_a_narrow_client(templates, charter) -> None:
    mail = templates.operations_mail(charter)
    tree = html.fromstring(mail.html)
    assert not list(tree.iter("img", "link", "script"))
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/1999)", _head(mail.html))
    shown = re.sub(r"<!--.*?-->", "", mail.html, flags=re.DOTALL)  # a client without max-width
    assert not [w for w in re.findall(r'width="?(\d+)(?!%|\d)', shown) if int(w) > 320]


def test_the_list_of_mails_shows_what_a_mail_is_about(templates, charter) -> None:
    mail = templates.operations_mail(charter)
    first = html.fromstring(mail.html).body[0]
    assert "display:none" in first.get("style")
    assert first.text_content() == "The crew has been called and the guest page is live."


@pytest.mark.parametrize("name", ["operations_mail", "crew_summary"])
def test_plain_text_has_readable_lines_and_whole_links(templates, boat, charter, name) -> None:
    address = "https://queenofsandiego.com/g/" + "x" * 90
    long = charter.model_copy(
        update={
            "boat": boat.model_copy(update={"meeting_point": "Gate B, " * 60}),
            "crew_tasks": ("Look at everything " * 6,),
            "artefacts": {"live_check": Artefact(id="page", url=address)},
        }
    )
    lines = getattr(templates, name)(long).text.splitlines()
    assert [line for line in lines if len(line) > 72] == [address]
    assert ("", "") not in set(pairwise(lines))
    assert lines[-1]


def test_three_thousand_characters_and_markup_leave_the_mail_whole(
    templates, boat, charter
) -> None:
    hostile = charter.model_copy(
        update={
            "boat": boat.model_copy(update={"meeting_point": f"{HOSTILE} {'W' * 3000}"}),
            "guest_name": f'\u202e{GUEST} 🏴\u200d☠️ "O\'Neil" <b>',
            "add_ons": "word " * 600,
        }
    )
    mail = templates.operations_mail(hostile)
    said = html.fromstring(mail.html).text_content()
    assert f'{GUEST} 🏴\u200d☠️ "O\'Neil" <b>' in said
    assert "\u202e" not in mail.html + mail.text
    assert len(list(html.fromstring(mail.html).iter("b"))) == len(_rows_of(mail))


@pytest.mark.parametrize("name", ["operations_mail", "crew_summary"])
def test_nothing_in_the_looks_of_a_mail_reads_as_an_amount(templates, charter, name) -> None:
    """Else a charter of just that payout would never be set up."""
    mail = getattr(templates, name)(charter)
    looks = re.findall(
        r'style="[^"]*"|bgcolor="[^"]*"|width="[^"]*"|<style>.*?</style>', mail.html, re.DOTALL
    )
    for figures in {f for look in looks for f in re.findall(r"\d+", look) if int(f)}:
        amount = Decimal(figures)
        assert not holds_amount(" ".join(looks), (amount, amount / 100)), figures


def test_every_name_of_the_port_is_there() -> None:
    wanted = [name for name in vars(Templates) if not name.startswith("_")]
    assert [name for name in wanted if not hasattr(JinjaTemplates, name)] == []


@pytest.mark.parametrize("missing", ["crew_event", "live_check"])
def test_a_mail_without_an_earlier_artefact_leaves_its_link_out_or_derives_it(
    templates, charter, missing
) -> None:
    left = {name: a for name, a in charter.artefacts.items() if name != missing}
    links = links_of(templates.operations_mail(charter.with_artefacts(left)))
    assert "https://queenofsandiego.com/g/xhqgmdh" in links
    assert len(links) == (1 if missing == "crew_event" else 2)


def _head(text: str) -> str:
    return text.partition("<body")[0]


def _rows_of(mail: MailParts) -> list[str]:
    """The names of the facts in the plain text."""
    names = "Boat|When|Where|Guests|Guest|Crew|Captain|Add-ons|Booking"
    return re.findall(rf"^({names}): ", mail.text, re.MULTILINE)
