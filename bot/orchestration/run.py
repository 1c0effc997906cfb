"""The job that works on a charter's run, from wherever an earlier attempt left it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    wait_random_exponential,
)

from bot.domain.booking import Booking
from bot.domain.charter import State
from bot.domain.progress import Overview, StepProgress, StepState
from bot.engine import Engine, Jobs, Payload
from bot.orchestration.attempt import Confirm, Pace
from bot.orchestration.authority import Authority
from bot.orchestration.leave import RUN, ask_leave
from bot.orchestration.plan import PlanPass
from bot.steps.base import Step, StepServices
from bot.store.database import DATABASE_FAILED
from bot.store.queries import audit, charters, overviews, restores
from bot.store.queries.restores import Restore
from bot.store.store import Store

JOB = "run"
_LONGEST_PAUSE_SECONDS = 5.0
log = structlog.get_logger()


async def submit_run(jobs: Jobs, booking_id: str, run: int) -> None:
    """Have a run worked on; the same run is accepted once."""
    await jobs.submit(JOB, f"charter:{booking_id}:v{run}", {"booking_id": booking_id, "run": run})


async def go_on(engine: Engine, booking_id: str, run: int) -> None:
    """At a start: have an unfinished run worked on, even if its job has come to an end."""
    key = f"charter:{booking_id}:v{run}"
    if await engine.ended(key):
        # Only a fault of our own leaves a charter running without a job; its words are said anew.
        await engine.submit(JOB, f"{key}:again", {"booking_id": booking_id, "run": run})
    else:
        await submit_run(engine, booking_id, run)


class Runner:
    """Works on runs. `touch` has a charter's messages drawn again; `hide` keeps money unlogged.

    `authority` is asked before each effect whether whoever began the run may still do so; for
    `confirm` see `Attempt`.
    """

    def __init__(
        self,
        store: Store,
        steps: Mapping[str, Step],
        services: StepServices,
        *,
        authority: Authority,
        confirm: Confirm,
        touch: Callable[[str], None],
        clock: Callable[[], datetime],
        hide: Callable[[Booking], None],
        pace: Pace | None = None,
    ) -> None:
        self._hide = hide
        self._store = store
        self._steps = steps
        self._services = services
        self._authority = authority
        self._confirm = confirm
        self._touch = touch
        self._clock = clock
        self._pace = pace or Pace()

    async def work(self, payload: Payload) -> None:
        """Run one charter's plan to its end and say how it ended."""
        booking_id, run = payload["booking_id"], payload["run"]
        overview = await self._store.read(overviews.overview, booking_id)
        charter = await self._store.read(overviews.approved, booking_id)
        if overview is None or charter is None:
            return
        if overview.state is not State.RUNNING or overview.run != run:
            return
        structlog.contextvars.bind_contextvars(correlation_id=f"{booking_id}:{run}")
        self._hide(overview.proposal.booking)
        ended = await PlanPass(
            charter=charter,
            lines=await self._lines(overview),
            steps=self._steps,
            services=self._services,
            record=partial(self._record, booking_id),
            leave=partial(ask_leave, self._authority, await self._who_began(overview), RUN),
            confirm=self._confirm,
            clock=self._clock,
            pace=self._pace,
        ).through()
        state = State.DONE if ended <= {StepState.DONE} else State.NEEDS_PERSON
        await self._store.write(_finish, booking_id, state=state, run=run, at=self._clock())
        log.info("run_ended", state=state)
        self._touch(booking_id)

    async def _who_began(self, overview: Overview) -> str | None:
        if overview.run > 1:
            return await self._store.read(audit.who_began, overview.booking_id, overview.run)
        return overview.decision.user if overview.decision else None

    async def _lines(self, overview: Overview) -> tuple[StepProgress, ...]:
        """The plan; after a restore with a question where nobody can be asked but a person."""
        restored = await self._store.read(restores.latest)
        if restored is None or not restored.doubts(overview.mail):
            return overview.steps
        return tuple(self._doubted(line, restored) for line in overview.steps)

    def _doubted(self, line: StepProgress, restored: Restore) -> StepProgress:
        step = self._steps.get(line.name)
        if step is None or step.repeatable or step.reads_back:
            return line
        if line.state is not StepState.WAITING or line.started_at is not None:
            return line  # it ended, or a person was asked already
        doubt = {
            "state": StepState.UNKNOWN,
            "started_at": restored.taken_at,
            "what": "The bot's database was restored from a backup, and nobody can be asked "
            "whether this happened since.",
            "hint": "Look whether it is there: Retry would do it again.",
        }
        return line.model_copy(update=doubt)

    async def give_up(self, payload: Payload) -> None:
        """Say that a run broke off for a reason inside the bot, so that a person can retry it."""
        overview = await self._store.read(overviews.overview, payload["booking_id"])
        if overview is None or overview.state is not State.RUNNING:
            return
        for line in overview.steps:
            if line.state in {StepState.WAITING, StepState.RUNNING}:
                await self._record(
                    overview.booking_id,
                    line.name,
                    state=StepState.UNKNOWN,
                    what="The bot itself broke off here; its log says why.",
                    hint="Retry looks what is there and goes on.",
                )
        await self._store.write(
            _finish,
            overview.booking_id,
            state=State.NEEDS_PERSON,
            run=overview.run,
            at=self._clock(),
        )
        self._touch(overview.booking_id)

    async def _record(self, booking_id: str, name: str, **values: Any) -> None:
        """Write a step's progress down, however long the database is away: it says what was sent.

        Written twice, because its answer was lost, it says the same.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(DATABASE_FAILED),
            wait=wait_random_exponential(multiplier=0.2, max=_LONGEST_PAUSE_SECONDS),
            before_sleep=_tell_of_the_pause,
        ):
            with attempt:
                await self._store.write(charters.set_step, booking_id, name, **values)
        self._touch(booking_id)


def _tell_of_the_pause(_state: RetryCallState) -> None:
    log.warning("run_waits", reason="The database failed.")


def _finish(
    connection: sa.Connection, booking_id: str, *, state: State, run: int, at: datetime
) -> None:
    if charters.finish(connection, booking_id, state=state, at=at):
        entry = audit.Entry(
            at=at, who=audit.BOT, what=f"run {state}", booking_id=booking_id, origin=f"run {run}"
        )
        audit.add(connection, entry)
