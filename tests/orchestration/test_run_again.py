"""A job that outlives its run, because a process died before the job was written off."""

from orchestration_fakes import NOW, ScriptedStep, charter, runner_of
from test_narrator import ID, propose

from bot.domain.charter import State
from bot.domain.progress import Decision
from bot.store.queries import audit, charters, overviews
from bot.store.store import Store


async def test_the_job_of_an_earlier_run_leaves_the_next_one_alone(store: Store) -> None:
    await propose(store)
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    plan = [("calendar", "Calendar entry")]
    await store.write(charters.approve, charter(), version=1, decision=decision, plan=plan)
    await store.write(charters.finish, ID, state=State.NEEDS_PERSON, at=NOW)
    assert await store.write(charters.restart, ID, at=NOW) == 2
    entry = audit.Entry(
        at=NOW, who="U0CAPTAIN", what=audit.run_begun(2), booking_id=ID, origin="click"
    )
    await store.write(audit.add, entry)
    step = ScriptedStep(name="calendar", finds=[None])
    runner = runner_of(store, step)
    await runner.work({"booking_id": ID, "run": 1})
    assert step.done == []
    await runner.work({"booking_id": ID, "run": 2})
    assert len(step.done) == 1
    ended = await store.read(overviews.overview, ID)
    assert ended is not None
    assert ended.state is State.DONE
