"""The guest's page as guests find it: read, kept, confirmed, in daylight and at night."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.guest_charter import GuestCharter

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e שלום 🚤 "

Visit = Callable[..., Page]


@pytest.fixture
def charter(rehearsal: Keeper, booking_id: str) -> GuestCharter:
    return GuestCharter(rehearsal.sandbox, booking_id)


def test_a_page_is_one_request(charter: GuestCharter, watch) -> None:
    page, asked = watch.page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(charter.publish(ended=-DAY))
    expect(page.get_by_text("You sail in")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [charter.url]


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (-(2 * DAY + 3 * HOUR), "You sail in 2 days."),
        (-4 * HOUR, "You sail in 1 hour."),
        (-HOUR, "You are aboard: 1 hour to go."),
        (HOUR, "Thank you for sailing with us."),
    ],
)
def test_the_countdown_knows_before_during_and_after(charter, visit: Visit, ended, words) -> None:
    page = visit(charter.publish(ended=ended - timedelta(seconds=20)))
    expect(page.locator("#count")).to_have_text(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("ended", [-DAY, HOUR, 9 * DAY, None])
def test_everybody_can_read_and_use_it(charter, visit: Visit, axe, scheme, width, ended) -> None:
    url = charter.publish(ended=ended or -DAY, cancelled=ended is None)
    page = visit(url, color_scheme=scheme, viewport={"width": width, "height": 800})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_reads_whole_without_javascript(charter, visit: Visit) -> None:
    page = visit(charter.publish(ended=-DAY), java_script_enabled=False)
    for heading in ("Where to meet", "Who to call", "What to bring", "House rules"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    # A browser without scripts shows noscript, which Playwright's own text look-up passes over.
    assert page.inner_text("body").count("your browser needs JavaScript") == 2
    expect(page.get_by_role("button")).to_have_count(0)


def test_it_stays_readable_without_a_signal(charter, visit: Visit, watch) -> None:
    watch.expect_error("ERR_INTERNET_DISCONNECTED")
    page = visit(charter.publish(ended=-DAY))
    page.context.set_offline(True)
    page.get_by_role("button", name="Tell the captain").click()
    expect(page.get_by_text("You are offline. Nothing is lost")).to_be_visible()
    expect(page.get_by_text("You sail in")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()


def test_it_prints_on_one_sheet(charter, visit: Visit) -> None:
    page = visit(charter.publish(ended=-DAY))
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("Harbor Island Drive").first).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_hostile_words_are_text_and_the_layout_holds(charter, visit: Visit) -> None:
    boat = charter.boat.model_copy(update={"name": "W" * 3000, "meeting_point": HOSTILE * 60})
    url = charter.publish(ended=-DAY, boat=boat, guest_name=HOSTILE * 60)
    page = visit(url, viewport={"width": 360, "height": 800})
    expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("img").count() == 0


def test_a_cancelled_charter_says_so_and_asks_for_nothing(charter, visit: Visit) -> None:
    page = visit(charter.publish(ended=-DAY, cancelled=True))
    expect(page.get_by_role("heading", name="This charter is cancelled")).to_be_visible()
    expect(page.get_by_role("link", name="+1 619 555 0100")).to_be_visible()
    assert page.locator("form, input, button, script").count() == 0


def test_a_confirmation_reaches_the_crew_service_and_the_captain(
    charter, visit: Visit, axe, rehearsal: Keeper
) -> None:
    page = visit(charter.publish(ended=-DAY))
    page.get_by_label("How many are you?").fill("3")
    page.get_by_label("A note").fill("Olga brings <b>two</b> children")
    page.get_by_role("button", name="Tell the captain").click()
    expect(page.get_by_text("Thank you. Your captain knows.")).to_be_visible()
    expect(page.get_by_text("3 guests will come. Your note: “Olga brings")).to_be_visible()
    assert axe(page) == []
    assert charter.confirmation() == {"guest_count": 3, "note": "Olga brings <b>two</b> children"}
    assert any("Olga" in mail["text"] for mail in rehearsal.sandbox.mails("captain@example.com"))
    page.reload()
    expect(page.get_by_text("Thank you. Your captain knows.")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("How many are you?")).to_have_value("3")


def test_what_was_typed_outlives_a_failure_and_a_reload(
    charter, visit: Visit, watch, rehearsal: Keeper
) -> None:
    watch.expect_error("503|CORS|ERR_FAILED")
    page = visit(charter.publish(ended=-DAY))
    rehearsal.sandbox.faults.add("crew_service", "503", operation="confirm_guest")
    page.get_by_label("A note").fill("We are late")
    page.get_by_role("button", name="Tell the captain").click()
    expect(page.get_by_text("Nothing is lost: try again")).to_be_visible()
    expect(page.get_by_label("A note")).to_have_value("We are late")
    page.reload()
    expect(page.get_by_label("A note")).to_have_value("We are late")
    page.get_by_role("button", name="Tell the captain").click()
    expect(page.get_by_text("Thank you. Your captain knows.")).to_be_visible()
    assert charter.confirmation()["note"] == "We are late"


@pytest.mark.parametrize(
    ("contact", "way"),
    [("+1 619 555 0100", "call us"), ("", "write to us where you booked")],
)
@pytest.mark.parametrize("status", [403, 500])
def test_who_is_asked_for_help_is_somebody_whom_the_page_names(
    charter, visit: Visit, watch, rehearsal: Keeper, contact, way, status
) -> None:
    watch.expect_error(str(status))
    page = visit(charter.publish(ended=-DAY, contact=contact))
    page.route(
        "**/g/confirm",
        lambda route: route.fulfill(
            status=status, json={}, headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.get_by_role("button", name="Tell the captain").click()
    expect(page.locator("#said")).to_contain_text(f"{way}.")


def test_a_party_larger_than_the_boat_is_not_sent(charter, visit: Visit) -> None:
    page = visit(charter.publish(ended=-DAY))
    page.get_by_label("How many are you?").fill("40")
    page.get_by_role("button", name="Tell the captain").click()
    assert page.evaluate("!document.getElementById('confirm').checkValidity()")
    assert charter.confirmation() is None
