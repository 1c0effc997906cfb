"""One step, to its end: find, do, find, with every attempt written down before it is sent."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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

    `settle`: how long after it was sent a request that cannot be repeated may still take effect:
    an API gateway lets the service behind it work for 29. `sending`: how long after the beginning
    of an attempt its request may have gone out at the latest: to write that beginning down takes
    `beginning`, a secret is fetched, and after a refusal fetched anew (see `with_secret`; what
    Google's calendar gets later changes nothing). `look`: between two looks; `patience`: the share
    of what was waited already, where that is longer.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 20.0
    settle: float = 31.0
    sending: float = 60.0
    beginning: float = 5.0
    look: float = 0.5
    patience: float = 0.1
    jitter: Callable[[float, float], float] = random.uniform

    def pause(self, state: RetryCallState) -> float:
        """What the service asked for, else exponential with full jitter."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Retriable) and error.after is not None:
            return error.after + self.jitter(0, self.first)
        ceiling = min(self.longest, self.first * 2**state.attempt_number)
        return self.jitter(self.first, ceiling)


Record = Callable[..., Awaitable[None]]
Confirm = Callable[[], Awaitable[None]]


@dataclass
class Attempt:
    """The work on one step in one run. `record` writes its progress; `announce` tells dependents.

    Just before each effect `leave` is asked for, which raises where nobody stands for it any more,
    and `confirm` returns only if this process still has its place, and so this work. `survey` is
    the first find, asked for at the start of the run together with all others.
    """

    step: Step
    line: StepProgress
    charter: Charter
    services: StepServices
    record: Record
    leave: Callable[[], Awaitable[None]]
    confirm: Confirm
    announce: Callable[[Artefact], None]
    clock: Callable[[], datetime]
    survey: Awaitable[Artefact | None] | None = None
    pace: Pace = field(default_factory=Pace)
    _out_since: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Take over what an earlier attempt, or an earlier run, may have left on its way."""
        self._out_since = out_since(self.step, self.line)

    async def carry_out(self) -> StepState:
        """Do the step and say how it ended. What a service says is written down, never raised."""
        try:
            artefact: Artefact = await self._retrying()(self._once)
        except (Unknown, Retriable, NeedsPerson, Refused) as error:
            return await self._failed(error)
        return await self._done(artefact)

    async def held_up(self) -> StepState:
        """Send nothing, since an earlier step is missing; but settle what may be on its way."""
        try:
            there = await self._find_interrupted() if self._out_since else None
        except (Unknown, Retriable, NeedsPerson, Refused) as error:
            return await self._failed(error)
        if there:
            return await self._done(there)
        await self.record(state=StepState.BLOCKED, what="", hint="", started_at=None)
        return StepState.BLOCKED

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            stop=stop_after_attempt(self.pace.attempts),
            wait=self.pace.pause,
            retry=retry_if_exception_type(Retriable),
            before_sleep=self._tell_of_the_pause,
            reraise=True,
        )

    async def _once(self) -> Artefact:
        """One attempt. A `Retriable` leaves it only while certainly nothing is on its way."""
        looked = self._find() if self._out_since is None else self._find_interrupted()
        if there := await looked:
            return there
        await self.leave()
        await self._begin()
        try:
            done = await self.step.do(self.charter, self.services)
        except Unknown as error:
            return await self._settle_unknown(error)
        except (Retriable, NeedsPerson, Refused):
            self._out_since = None
            raise
        self.announce(done)
        return await self._read_back(done)

    async def _begin(self) -> None:
        """Write down that a request goes out now; again, if the database was away meanwhile."""
        in_time = False
        while not in_time:
            at = self.clock()
            self._out_since = None if self.step.repeatable else at
            # What was said of an earlier attempt is true no more, as that it is not made again.
            await self.record(begun=True, state=StepState.RUNNING, what="", hint="", started_at=at)
            # Last, because a machine may stand still at any line, and its place go to another.
            await self.confirm()
            in_time = self.clock() - at <= timedelta(seconds=self.pace.beginning)

    async def _find(self) -> Artefact | None:
        if not self.step.reads_back:
            return None
        if self.survey is not None:
            survey, self.survey = self.survey, None
            return await survey
        return await self.step.find(self.charter, self.services)

    async def _find_interrupted(self) -> Artefact | None:
        """What a request of an earlier attempt left; None once it certainly left nothing.

        The survey does not help: it was asked for when that request may still have been under way.

        Raises:
            Unknown: only a person can say, or the outside system does not.
        """
        # It was sent before now, however long after the beginning of its attempt.
        begun = self._out_since or self.clock()
        sent = min(begun + timedelta(seconds=self.pace.sending), self.clock())
        if self.step.reads_back and (there := await self._settle(sent)):
            return there
        if self.line.state is StepState.UNKNOWN:  # a person was asked and has not answered
            raise Unknown(self.line.what, self.line.hint)
        if not self.step.reads_back:
            raise _interrupted()
        self._out_since = None
        return None

    async def _settle(self, sent: datetime) -> Artefact | None:
        """What the request on its way, `sent` by then, left, looked at until it can change no more.

        Raises:
            Unknown: the outside system did not answer when it mattered.
        """
        told = False
        while (waited := (self.clock() - sent).total_seconds()) < self.pace.settle:
            pause = max(self.pace.look, waited * self.pace.patience)
            try:
                if there := await self.step.find(self.charter, self.services):
                    return there
            except Retriable as error:
                pause = max(pause, error.after or 0)
            if not told:
                await self._tell_of_the_wait()
                told = True
            await asyncio.sleep(pause)
        return await self._look(self.charter)

    async def _tell_of_the_wait(self) -> None:
        """Say what is waited for, but where a question stands that a person has not answered."""
        if self.line.state is StepState.UNKNOWN:
            return
        log.info("step_settles", step=self.step.name)
        what = (
            "A request went out and no answer came: it may still take effect, so for "
            f"{self.pace.settle:.0f} seconds it is looked for, and not made again."
        )
        await self.record(state=StepState.RUNNING, what=what, ended_at=None)

    async def _look(self, charter: Charter) -> Artefact | None:
        """A find that, because something may have happened, never ends in `Retriable`."""
        try:
            there: Artefact | None = await self._retrying()(self.step.find, charter, self.services)
        except Retriable as error:
            raise Unknown(
                f"Whether it happened could not be looked up. {error.what}", error.hint
            ) from error
        return there

    async def _settle_unknown(self, error: Unknown) -> Artefact:
        if self.step.repeatable:
            raise Retriable(error.what, error.hint) from error
        self._out_since = self.clock()  # from here on, however long the answer was waited for
        if self.step.reads_back:
            try:
                there = await self._settle(self._out_since)
            except Unknown as unseen:
                raise Unknown(f"{error.what} {unseen.what}", error.hint or unseen.hint) from error
            if there:
                return there
        raise error

    async def _read_back(self, done: Artefact) -> Artefact:
        """What was done, as the outside system shows it; a slow one is asked a few times."""
        if not self.step.reads_back:
            return done
        known = self.charter.with_artefacts({**self.charter.artefacts, self.step.name: done})
        for _ in range(self.pace.attempts):
            if there := await self._look(known):
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
            await self.record(
                what=f"{error.what} Trying again.", hint=error.hint, started_at=self._out_since
            )

    async def _done(self, artefact: Artefact) -> StepState:
        self.announce(artefact)
        await self.record(
            state=StepState.DONE,
            artefact=artefact.model_dump(mode="json"),
            what="",
            hint="",
            ended_at=self.clock(),
        )
        return StepState.DONE

    async def _failed(self, error: ServiceError) -> StepState:
        """A question, where a request may have had its effect all the same."""
        certain = self._out_since is None and not isinstance(error, Unknown)
        state = StepState.FAILED if certain else StepState.UNKNOWN
        log.error("step_failed", step=self.step.name, state=state, reason=error.what)
        await self.record(
            state=state,
            what=error.what,
            hint=error.hint,
            started_at=self._out_since,
            ended_at=self.clock(),
        )
        return state


def out_since(step: Step, line: StepProgress) -> datetime | None:
    """When the request began that may have had its effect unseen; None if there is none.

    `started_at` is cleared whenever an attempt certainly had no effect, so that a process or a run
    that comes later knows. Where nobody can be asked, a person who pressed Retry has decided: the
    line is waiting again.
    """
    if step.repeatable:
        return None
    if step.reads_back or line.state in {StepState.RUNNING, StepState.UNKNOWN}:
        return line.started_at
    return None


def _interrupted() -> Unknown:
    """The question for a person about a request that was under way when the bot stopped."""
    return Unknown(
        "The bot stopped while this was under way, and nobody can be asked whether it happened.",
        "Look whether it is there: Retry would do it again.",
    )
