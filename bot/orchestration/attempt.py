"""One step, to its end: find, do, find, with every attempt written down before it is sent."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.domain.progress import StepProgress, StepState
from bot.steps.base import Step, StepServices

log = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """How patient a run is; times in seconds.

    `settle`: how long after its start a request that cannot be repeated may still take effect. A
    crew event was seen to take up to five with a cold start.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 20.0
    settle: float = 8.0
    look: float = 0.5
    jitter: Callable[[float, float], float] = random.uniform

    def pause(self, state: RetryCallState) -> float:
        """What the service asked for, else exponential with full jitter."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Retriable) and error.after is not None:
            return error.after + self.jitter(0, self.first)
        ceiling = min(self.longest, self.first * 2**state.attempt_number)
        return self.jitter(self.first, ceiling)


Record = Callable[..., Awaitable[None]]


@dataclass
class Attempt:
    """The work on one step in one run. `record` writes its progress; `announce` tells dependents.

    `survey` is the first find, asked for at the start of the run together with all others.
    """

    step: Step
    line: StepProgress
    charter: Charter
    services: StepServices
    record: Record
    announce: Callable[[Artefact], None]
    clock: Callable[[], datetime]
    survey: Awaitable[Artefact | None] | None = None
    pace: Pace = field(default_factory=Pace)

    async def carry_out(self) -> StepState:
        """Do the step and say how it ended. Every outcome is written down, none is raised."""
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(self.pace.attempts),
                wait=self.pace.pause,
                retry=retry_if_exception_type(Retriable),
                before_sleep=self._tell_of_the_pause,
                reraise=True,
            ):
                with attempt:
                    artefact = await self._once()
        except Unknown as error:
            return await self._end(StepState.UNKNOWN, error)
        except (Retriable, NeedsPerson, Refused) as error:
            return await self._end(StepState.FAILED, error)
        self.announce(artefact)
        await self.record(
            state=StepState.DONE,
            artefact=artefact.model_dump(mode="json"),
            what="",
            hint="",
            ended_at=self.clock(),
        )
        return StepState.DONE

    async def _once(self) -> Artefact:
        interrupted = self.line.state is StepState.RUNNING
        self.line = self.line.model_copy(update={"state": StepState.WAITING})
        if there := await self._find():
            return there
        if interrupted and not self.step.repeatable and (there := await self._settle()):
            return there
        await self.record(begun=True, state=StepState.RUNNING, started_at=self.clock())
        try:
            done = await self.step.do(self.charter, self.services)
        except Unknown as error:
            return await self._settle_unknown(error)
        self.announce(done)
        return await self._read_back(done)

    async def _find(self) -> Artefact | None:
        if not self.step.reads_back:
            return None
        if self.survey is not None:
            survey, self.survey = self.survey, None
            return await survey
        return await self.step.find(self.charter, self.services)

    async def _settle(self) -> Artefact | None:
        """What a request that was under way when the bot stopped left, once it can change no more.

        Raises:
            Unknown: the outside system cannot be asked.
        """
        if not self.step.reads_back:
            raise Unknown(
                "The bot stopped while this was under way, and nobody can be asked whether it "
                "happened.",
                "Look whether it is there. Retry does it (again).",
            )
        begun = self.line.started_at or self.clock()
        while (self.clock() - begun).total_seconds() < self.pace.settle:
            await asyncio.sleep(self.pace.look)
            if there := await self.step.find(self.charter, self.services):
                return there
        return None

    async def _settle_unknown(self, error: Unknown) -> Artefact:
        if self.step.repeatable:
            raise Retriable(error.what, error.hint) from error
        if self.step.reads_back:
            self.line = self.line.model_copy(update={"started_at": self.clock()})
            if there := await self._settle():
                return there
        raise error

    async def _read_back(self, done: Artefact) -> Artefact:
        """What was done, as the outside system shows it; a slow one is asked a few times."""
        if not self.step.reads_back:
            return done
        known = self.charter.with_artefacts({**self.charter.artefacts, self.step.name: done})
        for _ in range(self.pace.attempts):
            if there := await self.step.find(known, self.services):
                return there
            await asyncio.sleep(self.pace.look)
        raise Unknown(
            "It was accepted, but it cannot be read back.",
            "Look whether it is there. Retry looks again before it does anything.",
        )

    async def _tell_of_the_pause(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ServiceError):
            seconds = round(state.upcoming_sleep)
            log.warning("step_waits", step=self.step.name, reason=error.what, seconds=seconds)
            await self.record(what=f"{error.what} Trying again.", hint=error.hint)

    async def _end(self, state: StepState, error: ServiceError) -> StepState:
        log.error("step_failed", step=self.step.name, state=state, reason=error.what)
        values: dict[str, Any] = {"what": error.what, "hint": error.hint}
        await self.record(state=state, ended_at=self.clock(), **values)
        return state
