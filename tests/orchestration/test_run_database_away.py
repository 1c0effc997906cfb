"""A run whose database is away for a moment in the middle: it goes on, and asks nobody."""

from typing import Any

import pytest
import sqlalchemy as sa
from orchestration_fakes import NOW, ScriptedStep, charter, runner_of
from test_narrator import ID, propose

from bot.domain.charter import State
from bot.domain.progress import Decision, StepState
from bot.store.database import DATABASE_FAILED
from bot.store.queries import charters, overviews
from bot.store.store import Store


@pytest.mark.parametrize("failure", DATABASE_FAILED)
@pytest.mark.parametrize("away", [1, 2, 3], ids=["before the effect", "between", "after it"])
async def test_a_run_waits_for_its_database_and_does_nothing_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, away: int, failure: type[sa.exc.DBAPIError]
) -> None:
    await propose(store)
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    plan = [("calendar", "Calendar entry"), ("crew_event", "Crew event")]
    await store.write(charters.approve, charter(), version=1, decision=decision, plan=plan)
    steps = {name: ScriptedStep(name=name, finds=[None]) for name in ("calendar", "crew_event")}
    writes, write = 0, store.write

    async def failing(change: Any, *args: Any, **more: Any) -> Any:
        nonlocal writes
        if change is charters.set_step:
            writes += 1
            if away <= writes < away + 2:
                raise failure("x", {}, Exception("server closed the connection"))
        return await write(change, *args, **more)

    monkeypatch.setattr(store, "write", failing)
    runner = runner_of(store, *steps.values())
    await runner.work({"booking_id": ID, "run": 1})
    ended = await store.read(overviews.overview, ID)
    assert ended is not None
    assert ended.state is State.DONE
    assert [line.state for line in ended.steps] == [StepState.DONE] * 2
    assert [len(step.done) for step in steps.values()] == [1, 1]
