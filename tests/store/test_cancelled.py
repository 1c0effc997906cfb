"""Cancelling among other clicks of the same moment; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from test_overviews import put

from bot.domain.charter import State
from bot.domain.progress import Cancelled
from bot.store.queries import charters, follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp, Kept

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
ID = "xhqgmdh"
GONE = Cancelled(user="U0MATE", at=NOW)
WORK = FollowUp(key="a", booking_id=ID, action="resend", user_id="U0CAPTAIN", started_at=NOW)


@pytest.fixture
def engine_with_charter(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as db:
        put(db, ID, State.NEEDS_PERSON, 9)
    return engine


@pytest.fixture
def db(engine_with_charter: sa.Engine):
    with engine_with_charter.begin() as connection:
        yield connection


def test_who_cancelled_it_and_when_is_kept_whatever_is_done_afterwards(db):
    assert charters.cancel(db, ID, cancelled=GONE)
    assert not charters.cancel(db, ID, cancelled=Cancelled(user="U0CREW", at=NOW))
    follow_ups.begin(db, WORK)
    charters.touch(db, ID)
    found = overviews.overview(db, ID)
    assert found is not None
    assert (found.state, found.cancelled) == (State.CANCELLED, GONE)


def test_nobody_cancelled_what_was_not(db):
    found = overviews.overview(db, ID)
    assert found is not None
    assert found.cancelled is None


@pytest.mark.parametrize("state", [State.PROPOSED, State.REJECTED, State.RUNNING])
def test_only_what_was_set_up_can_be_cancelled(db, state):
    put(db, "another", state, 3)
    assert not charters.cancel(db, "another", cancelled=GONE)


def test_a_retry_counts_for_the_run_that_was_seen(db):
    assert charters.restart(db, ID, after=2, at=NOW) is None
    assert charters.restart(db, ID, after=1, at=NOW) == 2
    charters.finish(db, ID, state=State.NEEDS_PERSON, at=NOW)
    assert charters.restart(db, ID, after=1, at=NOW) is None
    assert charters.restart(db, ID, at=NOW) == 3


def test_work_begins_on_a_cancelled_charter_only_where_that_makes_sense(db):
    charters.cancel(db, ID, cancelled=GONE)
    assert follow_ups.begin(db, WORK, on_cancelled=False) == Kept()
    assert follow_ups.get(db, WORK.key) is None
    assert follow_ups.begin(db, WORK) is None


def test_work_that_came_to_nothing_yet_does_not_go_on_and_other_work_does(db):
    later = WORK.model_copy(update={"key": "b"})
    for work in (WORK, later):
        assert follow_ups.begin(db, work, on_cancelled=False) is None
    follow_ups.note(db, later.key, "sending")
    charters.cancel(db, ID, cancelled=GONE)
    assert follow_ups.begin(db, WORK, on_cancelled=False) == Kept()
    assert follow_ups.begin(db, later, on_cancelled=False) is None
    assert not follow_ups.note_unless_cancelled(db, WORK, "sending")


def test_a_click_that_came_too_soon_is_told_so_each_time_even_if_cancelled_since(db):
    again = WORK.model_copy(update={"key": "b", "started_at": NOW + timedelta(seconds=1)})
    minute = {"not_within": timedelta(minutes=1), "on_cancelled": False}
    follow_ups.begin(db, WORK, **minute)
    assert follow_ups.begin(db, again, **minute) == Kept(earlier=NOW)
    charters.cancel(db, ID, cancelled=GONE)
    assert follow_ups.begin(db, again, **minute) == Kept(earlier=NOW)


@pytest.mark.parametrize("moment", ["begin", "effect"])
def test_a_click_at_the_moment_of_a_cancel_waits_for_it_and_then_knows(engine_with_charter, moment):
    engine, cancelling = engine_with_charter, Event()
    if moment == "effect":
        with engine.begin() as db:
            assert follow_ups.begin(db, WORK, on_cancelled=False) is None

    def click() -> Kept | bool | None:
        cancelling.wait()
        with engine.begin() as db:
            if moment == "begin":
                return follow_ups.begin(db, WORK, on_cancelled=False)
            return follow_ups.note_unless_cancelled(db, WORK, "sending")

    with ThreadPoolExecutor(1) as hands:
        with engine.begin() as db:
            assert charters.cancel(db, ID, cancelled=GONE)
            clicked = hands.submit(click)
            cancelling.set()
            # It has to wait for the row; that it is not done yet is all that can be seen of that.
            with pytest.raises(TimeoutError):
                clicked.result(0.3)
        assert clicked.result(20) == (Kept() if moment == "begin" else False)


def test_of_a_cancel_and_a_retry_at_one_moment_one_wins(engine_with_charter):
    def act(what) -> bool:
        with engine_with_charter.begin() as db:
            if what == "cancel":
                return charters.cancel(db, ID, cancelled=GONE)
            return charters.restart(db, ID, after=1, at=NOW) is not None

    with ThreadPoolExecutor(2) as hands:
        won = list(hands.map(act, ["cancel", "retry"]))
    assert sum(won) == 1
    with engine_with_charter.begin() as db:
        found = overviews.overview(db, ID)
        assert found is not None
        expected = (State.CANCELLED, 1) if won[0] else (State.RUNNING, 2)
        assert (found.state, found.run) == expected
