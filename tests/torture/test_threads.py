"""Fifty hands at one charter, in real threads and real processes, on either real database."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.progress import Overview
from bot.store.queries import audit, overviews
from tests.torture import at_once
from tests.torture.decisions_machine import ID, PLAN

_STATES = {"approved": State.RUNNING, "rejected": State.REJECTED, "edited": State.PROPOSED}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/charter.db"
    else:
        yield request.getfixturevalue("postgresql").new_database()


@pytest.fixture(scope="module")
def other_process() -> Iterator[Executor]:
    """One that has begun already, so that its hands are as quick as ours."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(at_once.decision, 0).result()
        yield pool


@pytest.fixture(params=["threads", "two processes"])
def beside(request: pytest.FixtureRequest) -> Executor | None:
    """The process of half of the hands, if not all are threads here."""
    alone = request.param == "threads"
    return None if alone else request.getfixturevalue("other_process")


def found(engine: sa.Engine) -> tuple[Overview, list[audit.Entry]]:
    """What is told of the charter afterwards."""
    with engine.begin() as connection:
        overview, told = overviews.overview(connection, ID), audit.of_booking(connection, ID)
    engine.dispose()
    assert overview is not None
    return overview, list(told)


def test_one_click_of_fifty_wins_and_leaves_no_trace_of_another(
    url: str, beside: Executor | None
) -> None:
    engine = at_once.proposed(url)
    winners = at_once.winners(url, at_once.decision, beside)
    overview, told = found(engine)
    assert [entry.origin for entry in told] == [f"click:{number}" for number in winners]
    assert len(winners) == 1
    assert (overview.state, overview.version) == (_STATES[told[0].what], 2)
    assert len(overview.steps) == (len(PLAN) if overview.state is State.RUNNING else 0)


def test_of_fifty_resends_within_a_minute_one_mails_the_crew(
    url: str, beside: Executor | None
) -> None:
    engine = at_once.failed(url)
    winners = at_once.winners(url, at_once.resend, beside)
    engine.dispose()
    assert len(winners) == 1


def test_fifty_retries_begin_one_run(url: str, beside: Executor | None) -> None:
    engine = at_once.failed(url)
    winners = at_once.winners(url, at_once.retry, beside)
    overview, told = found(engine)
    begun = [entry.origin for entry in told if entry.what == "run 2 begun"]
    assert begun == [f"click:{number}" for number in winners]
    assert len(winners) == 1
    assert (overview.state, overview.run) == (State.RUNNING, 2)


def test_a_charter_is_retried_or_cancelled_and_not_both(url: str, beside: Executor | None) -> None:
    engine = at_once.failed(url)
    winners = at_once.winners(url, at_once.retry_or_cancel, beside)
    overview, _ = found(engine)
    assert len(winners) == 1
    cancelled = bool(winners[0] % 2)
    ended = (State.CANCELLED, 1) if cancelled else (State.RUNNING, 2)
    assert (overview.state, overview.run) == ended


def test_buttons_against_a_run_that_ends_leave_all_that_it_wrote(
    url: str, beside: Executor | None
) -> None:
    engine = at_once.running(url)
    winners = at_once.winners(url, at_once.run_or_button, beside)
    overview, told = found(engine)
    by_kind = [[number for number in winners if number % 3 == kind] for kind in range(3)]
    resent, retried, cancelled = map(len, by_kind)
    assert resent <= 1
    assert retried + cancelled <= 1
    assert [entry.what for entry in told].count("run needs_person") == 1
    ended = State.RUNNING if retried else State.CANCELLED if cancelled else State.NEEDS_PERSON
    assert overview.state is ended
    assert retried or overview.steps[0].what == "It failed."
