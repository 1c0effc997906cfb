"""Two transactions that overlap for certain, on PostgreSQL: one is begun while another is open.

There is no other database at which two of the bot's processes may write at once. Each lock that the
bot asks for is taken away, too, and what it prevents must then come about.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.charter import Proposal
from bot.orchestration import neighbours
from bot.store.queries import charters, follow_ups
from tests.postgresql_server import PostgreSQL
from tests.torture import at_once
from tests.torture.decisions_machine import ID, NOW, proposal
from tests.torture.plant import Edit, planted

_PATIENCE_SECONDS = 60.0
_LOOKS_EVERY_SECONDS = 0.01
OTHER = "zbbbbbb"
NO_QUEUE_OF_CLICKS = Edit("bot.store.queries.follow_ups:_is_cancelled", ".with_for_update()", "")
NO_QUEUE_OF_NEIGHBOURS = Edit(
    "bot.orchestration.neighbours:among_neighbours", ".with_for_update()", ""
)


class Overlap:
    """Has one transaction meet another that is open."""

    def __init__(self, server: PostgreSQL, engine: sa.Engine) -> None:
        self._server, self._engine = server, engine
        self._other = ThreadPoolExecutor(1)

    def of(self, first: Callable[..., Any], second: Callable[..., Any]) -> tuple[Any, Any]:
        """What both say. The second has done all it can before the first is committed."""
        with self._engine.begin() as connection:
            said = first(connection)
            met = self.begin(second)
            self.until_it_waits_or(met.done)
        return said, met.result(_PATIENCE_SECONDS)

    def begin(self, change: Callable[..., Any]) -> "Future[Any]":
        """Make a change in a transaction of its own, beside what goes on."""

        def made() -> Any:
            with self._engine.begin() as connection:
                return change(connection)

        return self._other.submit(made)

    def until_it_waits_or(self, done: Callable[[], bool]) -> None:
        """Until the other transaction waits for a lock, if it is not `done` before."""
        patience = time.monotonic() + _PATIENCE_SECONDS
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        while not done() and not self._server.run(waiting):
            assert time.monotonic() < patience, "it neither waits nor ends"
            time.sleep(_LOOKS_EVERY_SECONDS)


@pytest.fixture
def overlap(postgresql: PostgreSQL) -> Iterator[Overlap]:
    """A charter whose run needs a person, and a neighbour on the same boat."""
    engine = at_once.failed(postgresql.new_database())
    with engine.begin() as connection:
        charters.propose(connection, _neighbour(), mail=None, at=NOW)
    yield Overlap(postgresql, engine)
    engine.dispose()


def test_a_resend_waits_for_another_of_that_moment_and_then_mails_nobody(overlap: Overlap):
    assert overlap.of(at_once.resend(1), at_once.resend(2)) == (True, False)


def test_without_the_queue_of_clicks_two_resends_mail_the_crew(overlap: Overlap):
    with planted(NO_QUEUE_OF_CLICKS):
        assert overlap.of(at_once.resend(1), at_once.resend(2)) == (True, True)


def test_a_resend_whose_charter_is_being_cancelled_mails_nobody(overlap: Overlap):
    assert overlap.of(at_once.cancel(1), _goes_out) == (True, False)


def test_without_the_queue_of_clicks_a_cancelled_charters_crew_is_mailed(overlap: Overlap):
    with planted(NO_QUEUE_OF_CLICKS):
        assert overlap.of(at_once.cancel(1), _goes_out) == (True, True)


def test_a_retry_beside_another_or_beside_a_cancel_begins_nothing(overlap: Overlap):
    assert overlap.of(at_once.cancel(1), at_once.retry(2)) == (True, False)


def test_two_retries_of_one_moment_begin_one_run(overlap: Overlap):
    assert overlap.of(at_once.retry(1), at_once.retry(2)) == (True, False)


def test_two_neighbours_that_change_at_once_both_do(overlap: Overlap):
    assert _neighbours(overlap) == ((OTHER,), (ID,))


def test_without_their_queue_two_neighbours_wait_for_each_other(overlap: Overlap):
    with (
        planted(NO_QUEUE_OF_NEIGHBOURS),
        pytest.raises(sa.exc.OperationalError, match="deadlock"),
    ):
        _neighbours(overlap)


def _goes_out(connection: sa.Connection) -> bool:
    """Whether a Resend that began before goes on to its mail."""
    clicked = at_once.work(3, "resend_crew_links")
    return follow_ups.note_unless_cancelled(connection, clicked, follow_ups.SENDING)


def _neighbour() -> Proposal:
    booking = proposal().booking
    starts_at = booking.starts_at + timedelta(hours=1)
    moved = booking.model_copy(update={"booking_id": OTHER, "starts_at": starts_at})
    return proposal().model_copy(update={"booking": moved})


def _neighbours(overlap: Overlap) -> tuple[Any, Any]:
    """Two charters change and tell each other's cards, each once the other has changed, if it can."""
    met: list[Future[Any]] = []
    changed: list[str] = []

    def change(connection: sa.Connection, booking_id: str) -> bool:
        charters.touch(connection, booking_id)
        changed.append(booking_id)
        if booking_id == ID:
            met.append(overlap.begin(partial(among, booking_id=OTHER, of=_neighbour())))
            overlap.until_it_waits_or(lambda: OTHER in changed)
        return True

    def among(connection: sa.Connection, booking_id: str, of: Proposal) -> Any:
        return neighbours.among_neighbours(connection, partial(change, booking_id=booking_id), [of])

    with overlap._engine.begin() as connection:
        said = among(connection, ID, proposal())
    return said, met[0].result(_PATIENCE_SECONDS)
