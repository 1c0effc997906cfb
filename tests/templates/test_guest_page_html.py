"""What a guest's browser gets, parsed as a browser would."""

import base64
import re
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from page_parsed import Page

from bot.domain.charter import Charter
from bot.domain.money import Costs, assert_no_money
from bot.domain.money_search import holds_amount
from bot.views.guest_page import House
from bot.views.templates import JinjaTemplates

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202emoc.live\x07"
LOADS = {"src", "srcset", "poster", "action", "formaction", "data", "background", "xlink:href"}


@pytest.fixture
def page(templates: JinjaTemplates, charter: Charter) -> Page:
    return Page(templates.guest_page(charter))


def with_(charter: Charter, **changes) -> Charter:
    return charter.model_copy(update=changes)


def test_the_page_says_all_that_a_guest_needs(page: Page) -> None:
    for words in (
        "JADA", "Welcome aboard, Marisol", "Saturday 30 May 2026", "10:00 AM to 1:00 PM PDT",
        "3 hours", "4 guests", "XHQGMDH", "1880 Harbor Island Drive", "Sunscreen",
        "Please be at the dock ten minutes before we sail", "until Sunday 31 May 2026, 1:00 PM PDT",
    ):  # fmt: skip
        assert words in page.words


def test_the_page_is_small_and_the_same_every_time(templates, charter) -> None:
    page = templates.guest_page(charter)
    assert len(page) < 40_000
    assert page == templates.guest_page(charter.model_copy())


def test_the_pages_policy_allows_its_own_script_and_style_and_no_other(page: Page) -> None:
    def hashed(source: str) -> str:
        return f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'"

    assert page.csp["default-src"] == "'none'"
    assert page.csp["script-src"] == hashed(page.inside("script"))
    assert page.csp["style-src"] == hashed(page.inside("style"))
    assert page.csp["connect-src"] == "'self' https://crew.example https://*.amazonaws.com"
    assert page.csp["img-src"] == "data:"
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert not [attrs for _, attrs in page.elements if "style" in attrs]


def test_a_service_on_this_machine_may_have_its_bucket_on_another_port(charter) -> None:
    local = JinjaTemplates(
        public_url="http://127.0.0.1:9001/g/{slug}",
        presign_url="http://127.0.0.1:9002/g/presign",
        house=House(upload_origins=()),
    )
    page = Page(local.guest_page(charter))
    assert page.csp["connect-src"] == "'self' http://127.0.0.1:9002 http://127.0.0.1:*"


def test_nothing_is_loaded_from_anywhere(page: Page) -> None:
    assert not [attrs for _, attrs in page.elements if LOADS & attrs.keys()]
    assert not {"img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.elements}
    (icon,) = page.all("link")
    assert icon["href"].startswith("data:image/svg+xml,")
    assert "url(" not in page.inside("style")
    assert "@import" not in page.inside("style")


def test_search_engines_and_other_sites_learn_nothing(page: Page) -> None:
    metas = {meta.get("name"): meta.get("content") for meta in page.all("meta")}
    assert "noindex" in metas["robots"]
    assert metas["referrer"] == "no-referrer"


def test_text_from_a_mail_is_text(templates, charter) -> None:
    boat = charter.boat.model_copy(update={"name": HOSTILE, "meeting_point": HOSTILE * 40})
    page = Page(templates.guest_page(with_(charter, boat=boat, guest_name=HOSTILE * 40)))
    assert len(page.all("script")) == 1
    assert "alert(1)" not in page.inside("script")
    assert "<script>alert(1)</script>" in page.words
    assert not {"\u202e", "\x07"} & set(page.words)
    assert len(templates.guest_page(with_(charter, boat=boat))) < 40_000


def test_without_javascript_the_page_reads_whole_and_says_what_needs_it(page: Page) -> None:
    assert [form["id"] for form in page.all("form") if "hidden" in form] == ["confirm"]
    assert page.all("noscript")
    assert "needs JavaScript" in page.words


def test_the_map_link_holds_the_meeting_point(page: Page) -> None:
    (link,) = [a for a in page.all("a") if a.get("class") == "map"]
    assert link["href"].endswith("query=1880+Harbor+Island+Drive%2C+San+Diego%2C+CA+92101")
    assert "noopener" in link["rel"]


def test_a_boat_without_a_meeting_point_promises_one(templates, charter) -> None:
    boat = charter.boat.model_copy(update={"meeting_point": ""})
    page = Page(templates.guest_page(with_(charter, boat=boat)))
    assert "We will tell you the meeting point" in page.words
    assert not [a for a in page.all("a") if a.get("class") == "map"]


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("+1 619 555 0100", "tel:+16195550100"),
        ("crew@sailjada.com", "mailto:crew@sailjada.com"),
        ("javascript:alert(1)", None),
        ("The harbour office", None),
    ],
)
def test_who_to_call_becomes_a_link_only_where_it_is_one(charter, contact, href) -> None:
    templates = JinjaTemplates(
        public_url="https://g.example/g/{slug}", presign_url="https://c.example/g/presign", house=House(contact=contact),
    )  # fmt: skip
    page = Page(templates.guest_page(charter))
    links = [a["href"] for a in page.all("a") if a["href"].startswith(("tel:", "mailto:", "java"))]
    assert links == ([href] if href else [])
    assert contact in page.words


def test_nobody_to_call_is_not_mentioned(page: Page) -> None:
    assert "Who to call" not in page.words


def test_a_charter_over_midnight_and_the_clock_change_names_both(templates, charter) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    start = datetime(2026, 10, 31, 22, tzinfo=zone)
    end = datetime(2026, 11, 1, 2, 30, tzinfo=zone)
    page = Page(templates.guest_page(with_(charter, starts_at=start, ends_at=end)))
    assert "10:00 PM PDT to Sunday 1 November 2026, 2:30 AM PST" in page.words
    assert "5 hours 30 minutes" in page.words


def test_times_are_the_boats_whatever_zone_the_booking_came_in(templates, charter) -> None:
    moved = with_(
        charter,
        starts_at=charter.starts_at.astimezone(ZoneInfo("Europe/Berlin")),
        ends_at=charter.ends_at.astimezone(ZoneInfo("Asia/Tokyo")),
    )
    assert templates.guest_page(moved) == templates.guest_page(charter)


def test_the_page_knows_where_to_confirm_and_to_send_photos_and_until_when(page: Page) -> None:
    (trip,) = page.all("main")
    assert trip["data-confirm"] == "https://crew.example/prod/g/confirm"
    assert trip["data-presign"] == "https://crew.example/prod/g/presign"
    starts, closes = (datetime.fromisoformat(trip[f"data-{n}"]) for n in ("ends", "closes"))
    assert closes - starts == timedelta(hours=24)


def test_no_money_surname_or_contact_is_on_the_page(templates, charter) -> None:
    page = templates.guest_page(charter)
    costs = Costs(crew_cost=Decimal(250), captain_fee=Decimal(150), port_fee_percent=Decimal(18))
    assert_no_money("guest page", page, charter, costs)
    assert not {b"payout", b"fee", b"Paddle board"} & set(
        re.findall(rb"payout|fee|Paddle board", page)
    )


def test_the_pages_own_numbers_are_never_taken_for_money(templates, charter) -> None:
    every = tuple(Decimal(cents) / 100 for cents in range(1000, 200_000, 101))
    assert not holds_amount(templates.guest_page(charter).decode(), every)
    whole = tuple(Decimal(units) for units in range(10, 3000))
    assert not holds_amount(templates.guest_page(charter).decode(), whole)


def test_a_bigger_party_than_the_boat_holds_can_still_confirm(templates, charter) -> None:
    page = Page(templates.guest_page(with_(charter, passengers=9)))
    (guests,) = [field for field in page.all("input") if field.get("name") == "guests"]
    assert (guests["max"], guests["value"]) == ("9", "9")
