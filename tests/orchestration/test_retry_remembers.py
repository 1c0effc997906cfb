"""What a Retry knows of the run before: whether a request of it may still take effect."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from orchestration_fakes import NOW, ScriptedStep, charter

from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.progress import Decision, StepProgress, StepState
from bot.orchestration.attempt import out_since
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import charters, overviews

BEGUN = NOW - timedelta(seconds=2)


@pytest.mark.parametrize(
    ("state", "started_at", "reads_back", "since"),
    [
        (StepState.UNKNOWN, BEGUN, True, BEGUN),
        (StepState.RUNNING, BEGUN, True, BEGUN),
        (StepState.BLOCKED, BEGUN, True, BEGUN),  # of a still earlier run
        (StepState.FAILED, None, True, None),
        (StepState.UNKNOWN, BEGUN, False, None),  # the person who pressed it decided
    ],
)
def test_only_a_request_that_can_be_looked_for_outlives_a_retry(
    tmp_path: Path,
    state: StepState,
    started_at: datetime | None,
    reads_back: bool,
    since: datetime | None,
) -> None:
    line = retried(tmp_path, state, started_at)
    assert line.state is StepState.WAITING
    assert out_since(ScriptedStep(reads_back=reads_back), line) == since


def retried(tmp_path: Path, state: StepState, started_at: datetime | None) -> StepProgress:
    """The only step of a charter after a Retry, as the database has it."""
    engine, approved = make_engine(f"sqlite:///{tmp_path}/charter.db"), charter()
    schema.migrate(engine)
    booking = Booking(
        booking_id=approved.booking_id,
        listing="Sail",
        renter="Marisol",
        starts_at=approved.starts_at,
        ends_at=approved.ends_at,
        passengers=4,
    )
    proposal = Proposal(marketplace="boatsetter", boat=approved.boat, booking=booking)
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    plan = [("calendar", "Calendar entry")]
    with engine.begin() as db:
        charters.propose(db, proposal, mail=None, at=NOW)
        charters.approve(db, approved, version=1, decision=decision, plan=plan)
        charters.set_step(db, "xhqgmdh", "calendar", state=state, started_at=started_at)
        charters.finish(db, "xhqgmdh", state=State.NEEDS_PERSON, at=NOW)
        charters.restart(db, "xhqgmdh", at=NOW)
        overview = overviews.overview(db, "xhqgmdh")
    engine.dispose()
    assert overview is not None
    return overview.steps[0]
