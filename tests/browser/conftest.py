"""One rehearsal for all tests of a worker, a browser for each file, watched pages for each test.

Playwright holds the event loop for as long as it runs, so it ends with its file: tests that are
coroutines come before and after.
"""

import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.keeper import Keeper
from tests.browser import axe as axe_core
from tests.browser.chromium import executable, launched
from tests.browser.missing import HOW_TO_GET, NOT_RUN
from tests.browser.watch import PATIENCE, Watch
from tests.browser.workspace_page import CAPTAIN, CREW, MATE, SEEN_TOUR, STRANGER, Workspace

HURRIED = (sys.executable, str(Path(__file__).parents[1] / "scenarios" / "hurried_bot.py"), "run")
WIDE = {"width": 1700, "height": 1000}  # thread and world stand side by side
_LETTERS = "bcdfghjklmnpqrstvwxz"
# A machine may be busy; what is there at once is seen at once all the same.
expect.set_options(timeout=PATIENCE)
_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    root = tmp_path_factory.mktemp("browser")
    with Keeper(root, command=HURRIED, rate_scale=50.0, retry_scale=0.02) as rehearsal:
        yield rehearsal


@pytest.fixture
def rehearsal(running: Keeper) -> Iterator[Keeper]:
    """The world with the bot in it, without faults and open modals afterwards."""
    yield running
    sandbox = running.sandbox
    for user in (CAPTAIN, MATE, CREW, STRANGER):
        while sandbox.slack.modal(user):
            sandbox.slack.as_user(user).closes()
    for fault in sandbox.ask("GET", "/workspace/faults").json():
        sandbox.ask("PUT", f"/workspace/faults/{fault['id']}", json={"on": False})
    sandbox.faults.clear()
    sandbox.clear_latencies()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not executable():
        _go_without("Chromium")
    with launched() as chromium:
        yield chromium


@pytest.fixture
def watch(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watch]:
    """Pages in which nothing may go wrong unseen, and which may ask nobody but this machine."""
    watch = Watch(browser)
    yield watch
    try:
        if request.node.stash.get(_FAILED, False):
            print("What the pages showed:", *watch.photograph(tmp_path), sep="\n  ")  # noqa: T201
    finally:
        watch.close()
    assert watch.unexpected() == []


@pytest.fixture
def visit(watch: Watch) -> Callable[..., Page]:
    """`visit(url, **options)`: a watched page there, in a context with Playwright's `options`."""

    def opened(url: str, **options: Any) -> Page:
        page = watch.page(**options)
        page.goto(url)
        return page

    return opened


@pytest.fixture
def open_as(watch: Watch, rehearsal: Keeper) -> Callable[..., Workspace]:
    """`open_as(user, **options)`: the workspace as this person, who has seen the tour."""

    def opened(user: str = CAPTAIN, **options: Any) -> Workspace:
        page = watch.page(**{"viewport": WIDE, **options})
        page.context.add_init_script(SEEN_TOUR)
        return Workspace(page).open(rehearsal.sandbox.control_url, user)

    return opened


@pytest.fixture
def captain(open_as: Callable[..., Workspace]) -> Workspace:
    return open_as(CAPTAIN)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: what axe-core finds wrong, a line each."""
    if not axe_core.SCRIPT.exists():
        _go_without("axe-core")
    return axe_core.violations


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def booking_id(_numbers: Iterator[int]) -> str:
    """A booking of this test's own."""
    number, letters = next(_numbers), []
    for _ in range(6):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "w" + "".join(letters)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def _go_without(program: str) -> NoReturn:
    """A test that cannot be run: skipped, and told at the end; failed where all is to be there."""
    if os.environ.get("CHARTER_BROWSER") == "required" or os.environ.get("CI"):
        pytest.fail(HOW_TO_GET[program], pytrace=False)
    pytest.skip(NOT_RUN + program)
