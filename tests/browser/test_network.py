"""What goes over the wire: nothing to other machines, and nothing is lost when it breaks."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from sandbox.keeper import Keeper
from tests.browser.arranged import proposed
from tests.browser.watch import Watch
from tests.browser.workspace_page import SEEN_TOUR, Workspace

STREAM = re.compile("/workspace/stream")


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        ("fetch('http://192.0.2.1/').catch(() => {})", "request: GET http://192.0.2.1/"),
        ("new Image().src = 'https://example.com/x.png'", "request: GET https://example.com/x"),
        ("new WebSocket('ws://192.0.2.1/')", "socket: ws://192.0.2.1/"),
        ("alert('hello')", "alert: hello"),
        ("setTimeout(() => { throw new Error('lost') })", "exception: .*lost"),
    ],
)
def test_the_watch_sees_what_must_not_happen(
    visit: Callable[..., Page], watch: Watch, act: str, seen: str
) -> None:
    """Else all the other tests prove nothing by its silence."""
    page = visit("about:blank")
    page.evaluate(f"() => {{ {act} }}")
    page.wait_for_timeout(100)
    assert any(re.search(seen, each) for each in watch.complaints)
    watch.expect_error("")


def test_what_came_during_a_break_is_there_after_it(watch: Watch, rehearsal: Keeper) -> None:
    watch.expect_error(r"ERR_FAILED \(\S+/workspace/stream")
    page = watch.page()
    page.context.add_init_script(SEEN_TOUR)
    page.route(STREAM, _broken)
    workspace = Workspace(page).open(rehearsal.sandbox.control_url, "U0CAPTAIN")
    not_live = page.get_by_role("status").filter(has_text="Not live")
    expect(not_live).to_be_visible()
    booking_id, _ = proposed(rehearsal.sandbox)
    page.unroute(STREAM)
    expect(workspace.card(booking_id)).to_be_visible()
    expect(not_live).to_have_count(0)


def test_a_page_that_is_opened_again_is_where_it_was(captain: Workspace, rehearsal: Keeper) -> None:
    booking_id = captain.set_up("Next Saturday, 10:00 AM")
    captain.page.reload()
    expect(captain.thread.get_by_role("article").first).to_contain_text(booking_id.upper())
    captain.wait_until_set_up(booking_id)


def _broken(route: Route) -> None:
    route.abort()
