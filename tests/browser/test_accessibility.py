"""axe-core finds nothing wrong in the workspace and its mails: light and dark, wide and narrow.

The guest's and the crew's pages are looked at where their own tests are.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.arranged import approved, proposed
from tests.browser.watch import Watch
from tests.browser.workspace_page import Workspace

SCHEMES = ("light", "dark")
WIDTHS = (360, 1280)
TABS = ("Calendar", "Crew", "Mailbox", "S3", "Edge", "Calls", "Faults")
Look = Callable[..., None]


@pytest.fixture(params=WIDTHS)
def workspace(request: pytest.FixtureRequest, open_as: Callable[..., Workspace]) -> Workspace:
    return open_as(viewport={"width": request.param, "height": 900})


@pytest.fixture
def look(workspace: Workspace, axe: Callable[..., list[str]]) -> Look:
    """`look("what it is", "#part")`: in both schemes axe finds nothing and nothing is too wide."""

    def looked(what: str, part: str = "html") -> None:
        for scheme in SCHEMES:
            workspace.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert (what, scheme, axe(workspace.page, part)) == (what, scheme, [])
        assert workspace.is_no_wider_than_the_window(), what

    return looked


def test_the_channel_and_what_opens_over_it(
    workspace: Workspace, rehearsal: Keeper, look: Look
) -> None:
    booking_id, _ = proposed(rehearsal.sandbox)
    card = workspace.card(booking_id)
    expect(card).to_be_visible()
    look("a card")
    workspace.composer.fill("/")
    expect(workspace.page.get_by_role("listbox")).to_be_visible()
    look("commands to complete", "#channel form")
    workspace.composer.fill("")
    workspace.page.get_by_role("button", name="You are").or_(
        workspace.page.get_by_role("button", name="Act as")
    ).click()
    look("the people to act as", "#topbar")
    workspace.page.keyboard.press("Escape")
    card.hover()
    card.get_by_role("button", name="More actions").click()
    look("a message's menu", "[role=menu]:popover-open")
    workspace.page.keyboard.press("Escape")
    workspace.press(card, "Approve")
    look("a question", "dialog[open]")
    workspace.dialog.get_by_role("button", name="Not now").click()
    workspace.press(card, "Edit")
    look("a modal", "dialog[open]")
    workspace.dialog.get_by_label("Guests").first.fill("0")
    workspace.dialog.get_by_role("button", name="Save").click()
    expect(workspace.dialog.locator("[aria-invalid=true]").first).to_be_visible()
    look("a modal with a mistake", "dialog[open]")


def test_the_thread_home_and_tour(workspace: Workspace, rehearsal: Keeper, look: Look) -> None:
    booking_id, _ = approved(rehearsal.sandbox)
    workspace.open_thread(booking_id)
    workspace.wait_until_set_up(booking_id)
    look("a thread", "#thread")
    workspace.part("Menu")
    look("the channels and the shelf", "#sidebar")
    workspace.open_home()
    expect(workspace.home).to_contain_text(booking_id.upper())
    look("Home", "#home")
    workspace.page.locator("#tour-again").click()
    look("the tour", ".tour")


def test_the_world_panel(workspace: Workspace, rehearsal: Keeper, look: Look) -> None:
    rehearsal.sandbox.reset()  # what many other charters left there would be looked at as well
    booking_id, _ = approved(rehearsal.sandbox)
    workspace.part("World")
    event = workspace.crew_event(booking_id)
    event.get_by_role("button", name="Write revenue").click()
    expect(event.get_by_role("region", name="Notes, before and after")).to_be_visible()
    for tab in TABS:
        workspace.tab(tab)
        look(tab, "#world")
    workspace.tab("Mailbox").get_by_role("listitem").get_by_role("button").first.click()
    look("a mail in the panel", "#world")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_operations_mail(
    rehearsal: Keeper, watch: Watch, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    booking_id, _ = approved(rehearsal.sandbox)
    mails = rehearsal.sandbox.mails("ops@sailjada.com")
    mail = next(each for each in mails if booking_id.upper() in each["subject"])
    # Its own policy forbids scripts, and so the one that looks; without it Chromium wants an icon.
    watch.expect_error("favicon")
    page = watch.page(bypass_csp=True, color_scheme=scheme)
    page.goto(f"{rehearsal.sandbox.control_url}/workspace/mails/{mail['id']}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
