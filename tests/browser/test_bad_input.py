"""Words that would like to be something else are shown as words, and no layout gives way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.arranged import approved, proposed
from tests.browser.watch import Watch
from tests.browser.workspace_page import Workspace

SCRIPT = '<script>alert("x")</script>'
MARKUP = f"{SCRIPT} <b>\"Bold\" & 'Brave'</b>"
HEBREW = "שלום עולם"
NARROW = {"viewport": {"width": 360, "height": 800}}
PLACES = ("Calendar", "Crew", "Mailbox", "S3", "Edge", "Calls")


@pytest.fixture
def narrow(open_as: Callable[..., Workspace]) -> Workspace:
    return open_as(**NARROW)


def test_a_hostile_renter_is_text_on_the_card_and_in_its_modal(
    narrow: Workspace, rehearsal: Keeper
) -> None:
    booking_id, _ = proposed(rehearsal.sandbox, "hostile")
    card = narrow.card(booking_id)
    for words in (MARKUP, HEBREW, "<!channel>", "*_~`"):
        expect(card).to_contain_text(words)
    expect(card.locator("script, b, em, s")).to_have_count(0)
    assert narrow.is_no_wider_than_the_window()
    narrow.press(card, "Edit")
    expect(narrow.dialog).to_be_visible()
    assert narrow.is_no_wider_than_the_window()


def test_a_hostile_listing_has_to_be_edited_first(narrow: Workspace, rehearsal: Keeper) -> None:
    booking_id, _ = proposed(rehearsal.sandbox, "hostile_listing")
    card = narrow.card(booking_id)
    expect(card).to_contain_text(MARKUP)
    assert narrow.is_no_wider_than_the_window()
    expect(card.get_by_role("button", name="Edit")).to_be_visible()
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_hostile_charter_is_text_in_thread_home_and_world(
    narrow: Workspace, rehearsal: Keeper
) -> None:
    booking_id, _ = approved(rehearsal.sandbox, "hostile")
    narrow.open_thread(booking_id)
    narrow.wait_until_set_up(booking_id)
    assert narrow.is_no_wider_than_the_window()
    narrow.part("Menu")
    narrow.open_home()
    expect(narrow.home).to_contain_text(booking_id.upper())
    assert narrow.is_no_wider_than_the_window()
    narrow.part("World")
    expect(narrow.crew_event(booking_id)).to_contain_text(SCRIPT)
    for place in PLACES:
        narrow.tab(place)
        assert narrow.is_no_wider_than_the_window(), place


def test_a_hostile_charters_mails_and_page_hold(
    rehearsal: Keeper, watch: Watch, visit: Callable[..., Page]
) -> None:
    booking_id, _ = approved(rehearsal.sandbox, "hostile")
    mails = [mail for mail in rehearsal.sandbox.mails() if booking_id in str(mail).lower()]
    pages = [f"{rehearsal.sandbox.control_url}/workspace/mails/{mail['id']}" for mail in mails]
    pages.append(f"{rehearsal.sandbox.urls['edge']}/g/{booking_id}")
    assert len(pages) > 1
    for url in pages:
        page = visit(url, **NARROW)
        expect(page.locator("body")).to_contain_text(booking_id.upper())
        width = page.locator("html").evaluate("(html) => html.scrollWidth")
        assert width <= NARROW["viewport"]["width"], url
        expect(page.locator("b", has_text="Brave")).to_have_count(0)


def test_what_a_person_types_is_text(narrow: Workspace) -> None:
    words = f"{MARKUP} {HEBREW} {'x' * 3000}"
    narrow.composer.fill(words)
    narrow.composer.press("Enter")
    said = narrow.channel.get_by_role("article").last
    expect(said).to_contain_text(words)
    expect(said.locator("script, b")).to_have_count(0)
    assert narrow.is_no_wider_than_the_window()
