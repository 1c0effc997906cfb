"""One rehearsal and one bot for all scenarios of a worker; every scenario has bookings of its own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from scenario_world import World

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from sandbox.slack.seen import Message

HURRIED = (sys.executable, str(Path(__file__).with_name("hurried_bot.py")), "run")
_LETTERS = "bcdfghjklmnpqrstvwxz"


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    root = tmp_path_factory.mktemp("scenarios")
    with (
        start_sandbox(root, rate_scale=50.0, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, root, command=HURRIED) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


@pytest.fixture
def world(running: World) -> Iterator[World]:
    """The rehearsal without faults, its bot running."""
    if not running.bot.running:
        running.bot.start()
        running.bot.wait_ready(60)
    people = ("U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER")
    before = frozenset(m.ts for user in people for m in running.slack.ephemerals(user))
    yield replace(running, before=before)
    running.sandbox.faults.clear()
    running.sandbox.clear_latencies()


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture(scope="session")
def new_id(_numbers: Iterator[int]) -> Callable[[], str]:
    """Booking ids that no other scenario uses."""

    def make() -> str:
        number, letters = next(_numbers), []
        for _ in range(6):
            number, rest = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[rest])
        return "z" + "".join(letters)

    return make


@pytest.fixture
def booking_id(new_id: Callable[[], str]) -> str:
    """A booking of this scenario's own, on a day of its own: see `on_its_own_day`."""
    return new_id()


@pytest.fixture(scope="session")
def discreet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Another deployment: no payout on cards, and crew links minted here and mailed by SES."""
    root = tmp_path_factory.mktemp("discreet")
    settings = {"slack": {"show_payout": False}, "crew_service": {"resend": "ses"}}
    with (
        start_sandbox(root, rate_scale=50.0, retry_scale=0.02, settings=settings) as sandbox,
        BotProcess(sandbox.env, root) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A workspace in which nothing has happened yet, so that a Home shows all that there is."""
    root = tmp_path_factory.mktemp("empty")
    with (
        start_sandbox(root, rate_scale=50.0, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, root, command=HURRIED) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


@pytest.fixture(scope="session")
def hung(running: World, new_id: Callable[[], str]) -> dict[str, Message]:
    """Cards of approved charters whose crew service does not answer, by the fault."""
    cards = {}
    for number, kind in enumerate(("timeout_before", "timeout_after")):
        day = {"May 30, 2026": f"Oct {10 + 2 * number}, 2032"}
        cards[kind] = running.proposed(new_id(), **day)
        running.sandbox.faults.add("crew_service", kind, operation="create_event")
        running.captain.clicks(cards[kind], "approve")
        running.said(cards[kind], "Live check: done")
        assert not running.sandbox.faults.all()
    return cards
