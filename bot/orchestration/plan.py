"""One pass over a plan: every find at once, every step as soon as what it needs is there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.progress import StepProgress, StepState
from bot.orchestration.attempt import Attempt, Confirm, Pace, out_since
from bot.steps.base import Step, StepServices

log = structlog.get_logger()
Left = Mapping[str, Artefact]


@dataclass
class PlanPass:
    """`lines`: the plan as it stands. `record(name, **values)` writes a step's progress.

    `leave` and `confirm`: see `Attempt`.
    """

    charter: Charter
    lines: tuple[StepProgress, ...]
    steps: Mapping[str, Step]
    services: StepServices
    record: Callable[..., Awaitable[None]]
    leave: Callable[[], Awaitable[None]]
    confirm: Confirm
    clock: Callable[[], datetime]
    pace: Pace
    _left: dict[str, "asyncio.Future[Artefact | None]"] = field(default_factory=dict)

    async def through(self) -> set[StepState]:
        """Work on every step that is not done; how all of them stand in the end."""
        loop = asyncio.get_running_loop()
        self._left = {line.name: loop.create_future() for line in self.lines}
        surveys = {line.name: self._survey(line) for line in self.lines}
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._carry_out(line, surveys[line.name]))
                    for line in self.lines
                ]
        finally:
            await _let_go([s for s in surveys.values() if s])
        return {task.result() for task in tasks}

    def _survey(self, line: StepProgress) -> "asyncio.Task[Artefact | None] | None":
        step = self.steps.get(line.name)
        if step is None or not step.reads_back or line.state is StepState.DONE:
            return None
        if out_since(step, line):  # looked for later: what is seen now proves nothing
            return None
        return asyncio.create_task(_ask(step, self.charter, self.services))

    async def _carry_out(
        self, line: StepProgress, survey: "asyncio.Task[Artefact | None] | None"
    ) -> StepState:
        left, step = self._left[line.name], self.steps.get(line.name)
        try:
            if line.state is StepState.DONE:
                left.set_result(line.artefact)
                return StepState.DONE
            if step is None:
                return await self._not_here(line)
            needed = await self._needed(step)
            attempt = Attempt(
                step=step,
                line=line,
                charter=self.charter.with_artefacts(needed or {}),
                services=self.services,
                record=partial(self.record, line.name),
                leave=self.leave,
                confirm=self.confirm,
                announce=partial(_announce, left),
                clock=self.clock,
                survey=survey,
                pace=self.pace,
            )
            return await (attempt.held_up() if needed is None else attempt.carry_out())
        except Exception:
            # The other lane may have a request under way, which must not be torn off.
            log.exception("step_broke_off", step=line.name)
            return await self._broken_off(line)
        finally:
            _announce(left, None)

    async def _needed(self, step: Step) -> Left | None:
        """What earlier steps left; None if one of them failed."""
        names = _all_needs(step, self.steps)
        found = {name: await self._left[name] for name in names if name in self._left}
        if any(artefact is None for artefact in found.values()):
            return None
        return {name: artefact for name, artefact in found.items() if artefact}

    async def _broken_off(self, line: StepProgress) -> StepState:
        return await self._ended(
            line,
            StepState.UNKNOWN,
            what="The bot itself broke off here; its log says why.",
            hint="Retry looks what is there and goes on.",
        )

    async def _not_here(self, line: StepProgress) -> StepState:
        return await self._ended(
            line,
            StepState.UNKNOWN if line.started_at else StepState.FAILED,
            what="This version of the bot does not have this step.",
            hint="Run the version that approved the charter, then press Retry.",
        )

    async def _ended(self, line: StepProgress, state: StepState, **said: str) -> StepState:
        await self.record(line.name, state=state, ended_at=self.clock(), **said)
        return state


async def _ask(step: Step, charter: Charter, services: StepServices) -> Artefact | None:
    return await step.find(charter, services)


def _announce(left: "asyncio.Future[Artefact | None]", artefact: Artefact | None) -> None:
    if not left.done():
        left.set_result(artefact)


def _all_needs(step: Step, steps: Mapping[str, Step]) -> tuple[str, ...]:
    """What a step needs, and what that needs, so that it sees every artefact before it."""
    found: dict[str, Any] = {}
    for name in step.needs:
        if name in steps:
            found |= dict.fromkeys(_all_needs(steps[name], steps))
        found[name] = None
    return tuple(found)


async def _let_go(surveys: "list[asyncio.Task[Artefact | None]]") -> None:
    """End the finds that no step came to ask for, and look at their errors so that none is lost."""
    for survey in surveys:
        survey.cancel()
    await asyncio.gather(*surveys, return_exceptions=True)
