"""A call to an outside system: what it does there, and what the caller hears of it, kept apart."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import structlog

from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from tests.torture.clockwork import Timeline
from tests.torture.weather import Fault, Weather

T = TypeVar("T")
GATEWAY_SECONDS = 29.0
_PATIENCE_SECONDS = 14.0
_SILENT = {Fault.BEFORE, Fault.NEVER, Fault.BUSY, Fault.BUSY_SILENT, Fault.FORBIDDEN, Fault.REFUSED}


@dataclass(frozen=True)
class Call:
    """A call as it went. `at`: when it was asked, in seconds of the world; `fault`: what it met.

    `job`, `booking_id` and `run` are the work it was part of, as the bot's own log names it; `key` is
    what Slack had delivered that it came of. `to`: the person it was meant for. `closed`: from when
    until when its system wished not to be asked.
    """

    at: float
    name: str
    fault: Fault | None
    job: str = ""
    booking_id: str = ""
    run: str = ""
    to: str = ""
    closed: tuple[float, float] | None = None
    key: str = ""


@dataclass
class Wire:
    """Between the bot and every outside system. `under_way`: calls whose effect is to come.

    `calls`: all that were ever asked, in their order; `refused`: those that the system itself refused;
    `took`: those that had their effect.
    `upon` is told of each call that is "asked", and of each whose effect has "landed".
    """

    timeline: Timeline
    weather: Weather
    under_way: int = 0
    asked: int = 0
    landed: int = 0
    upon: Callable[[str], None] = lambda _: None
    calls: list[Call] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    took: list[Call] = field(default_factory=list)

    async def ask(
        self,
        name: str,
        effect: Callable[[], T],
        *,
        faults: tuple[Fault, ...],
        repeatable: bool,
        longest: float = _PATIENCE_SECONDS,
        to: str = "",
    ) -> T:
        """Have `effect` happen in the world, at its own time, and give its answer or an error.

        `repeatable`: a lost answer is `Retriable` for it, else `Unknown`. `longest`: seconds that
        the system may take. `to`: the person it is meant for.
        """
        self.asked += 1
        fault, chance = self.weather.call(name, faults)
        answer = asyncio.get_running_loop().create_future()
        there, back, error = _times(fault, chance, longest)
        said = _error(fault, name, chance, repeatable=repeatable)
        told_at = self.timeline.now + error
        after = said.after if isinstance(said, Retriable) else None
        closed = None if after is None else (told_at, told_at + after)
        self.calls.append(call := call_of(self.timeline.now, name, fault, to, closed))
        if fault not in _SILENT:
            self.under_way += 1
            told = answer if said is None else None
            self.timeline.at(
                self.timeline.now + there, lambda: self._land(call, effect, told, back)
            )
        if said is not None:
            self.timeline.at(told_at, lambda: _fail(answer, said))
        self.upon(f"asked {name}")
        return await answer

    def _land(
        self, call: Call, effect: Callable[[], T], answer: "asyncio.Future[T] | None", back: float
    ) -> None:
        self.under_way -= 1
        self.landed += 1
        try:
            result = effect()
        except Exception as refusal:  # noqa: BLE001 - the system's own answer, for its caller
            said = refusal
            self.refused.append(call)
            if answer is not None:
                self.timeline.at(self.timeline.now + back, lambda: _fail(answer, said))
        else:
            self.took.append(call)
            if answer is not None:
                self.timeline.at(self.timeline.now + back, lambda: _tell(answer, result))
        self.upon(f"landed {call.name}")


def call_of(
    at: float,
    name: str,
    fault: Fault | None,
    to: str = "",
    closed: tuple[float, float] | None = None,
) -> Call:
    """A call of the work that is being done now."""
    work = structlog.contextvars.get_contextvars()
    run = work.get("correlation_id", "").partition(":")[2]
    job, key = work.get("job", ""), work.get("delivery", "")
    return Call(at, name, fault, job, work.get("booking_id") or "", run, to, closed, key)


def _times(fault: Fault | None, chance: Random, longest: float) -> tuple[float, float, float]:
    """Seconds to the effect, from there to the answer, and to the error of a call that fails."""
    there, back = chance.uniform(0.005, 0.2), chance.uniform(0.005, 0.1)
    if fault is Fault.SLOW:
        whole = chance.uniform(1.0, longest - 0.2)
        there = chance.uniform(0.0, whole)
        return there, whole - there, 0.0
    if fault is Fault.LATE:
        error = chance.uniform(0.1, longest / 2)
        return chance.uniform(error, longest), 0.0, error
    if fault is Fault.NEVER:
        return 0.0, 0.0, chance.choice((0.1, longest))
    return there, back, there + back


def _error(fault: Fault | None, name: str, chance: Random, *, repeatable: bool) -> Any:
    what = f"{name}: {fault}."
    match fault:
        case Fault.BEFORE | Fault.BUSY_SILENT:
            said: Any = Retriable(what)
        case Fault.BUSY:
            said = Retriable(what, after=float(chance.randint(0, 12)))
        case Fault.FORBIDDEN:
            said = NeedsPerson(what, "Mend it.")
        case Fault.REFUSED:
            said = Refused(what)
        case Fault.MALFORMED if repeatable:
            said = NeedsPerson(what, "Look.")
        case Fault.AFTER | Fault.LATE | Fault.NEVER | Fault.MALFORMED:
            said = Retriable(what) if repeatable else Unknown(what, "Look.")
        case _:
            said = None
    return said


def _fail(answer: "asyncio.Future[Any]", error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
        answer.exception()  # looked at: whoever asked may be gone


def _tell(answer: "asyncio.Future[T]", result: T) -> None:
    if not answer.done():
        answer.set_result(result)
