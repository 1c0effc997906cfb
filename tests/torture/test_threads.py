"""Fifty clicks upon one version of a card, in real threads and real processes on a real file."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.progress import Decision
from bot.orchestration import deeds
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import audit, charters, overviews
from tests.torture.decisions_machine import ID, NOW, PLAN, proposal

CLICKS = 50
_STATES = {"approved": State.RUNNING, "rejected": State.REJECTED, "edited": State.PROPOSED}


def change(number: int) -> Callable[[sa.Connection], bool]:
    """By turns an approval, a rejection and an edit, of two operators."""
    who, origin = f"U0OPERATOR{number % 2}", f"click:{number}"
    decision = Decision(user=who, at=NOW, approved=number % 3 == 0)
    match number % 3:
        case 0:
            charter = proposal().complete()
            return partial(
                deeds.approve,
                charter=charter,
                version=1,
                decision=decision,
                plan=PLAN,
                origin=origin,
            )
        case 1:
            return partial(deeds.reject, booking_id=ID, version=1, decision=decision, origin=origin)
        case _:
            edited = {"proposal": proposal(5), "user": who, "remember": False, "at": NOW}
            return partial(deeds.edit, booking_id=ID, version=1, origin=origin, **edited)


def clicked(url: str, numbers: range) -> list[int]:
    """Each click in a thread, all at once; those that won."""
    engine, begin = make_engine(url), Barrier(len(numbers))

    def click(number: int) -> bool:
        begin.wait()
        with engine.begin() as connection:
            return change(number)(connection)

    with ThreadPoolExecutor(len(numbers)) as threads:
        won = list(threads.map(click, numbers))
    engine.dispose()
    return [number for number, has_won in zip(numbers, won, strict=True) if has_won]


@pytest.mark.parametrize("processes", [1, 2])
def test_one_click_of_fifty_wins_and_leaves_no_trace_of_another(
    tmp_path: Path, processes: int
) -> None:
    url = f"sqlite:///{tmp_path}/charter.db"
    engine = make_engine(url)
    schema.migrate(engine)
    with engine.begin() as connection:
        charters.propose(connection, proposal(), mail=None, at=NOW)
    parts = [range(at, CLICKS, processes) for at in range(processes)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        winners = list(chain.from_iterable(pool.map(partial(clicked, url), parts)))
    with engine.begin() as connection:
        found = overviews.overview(connection, ID)
        told = audit.of_booking(connection, ID)
    engine.dispose()
    assert found is not None
    assert [entry.origin for entry in told] == [f"click:{number}" for number in winners]
    assert len(winners) == 1
    assert (found.state, found.version) == (_STATES[told[0].what], 2)
    assert len(found.steps) == (len(PLAN) if found.state is State.RUNNING else 0)
