"""A process of its own for reading what strangers write: bounded, and killed if need be."""

import asyncio
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from bot.domain.errors import Retriable
from bot.mail.unreadable import Unreadable

_Result = TypeVar("_Result")
_TRIES = 2  # a worker that dies may have been killed for another reason than the mail
_EX_MEMORY = 70
_DAMAGED = "It is damaged, or made in a way that the bot cannot read."
_DIED = (
    "To read it took more memory than a mail may take, or this machine had none left for it: "
    "the process broke down twice."
)
log = structlog.get_logger()


@dataclass(frozen=True)
class Bounds:
    """What one reading may take.

    Attributes:
        seconds: of one reading, by the clock on the wall; and of the processor.
        starting: seconds for the machine to start a process and to hand mail and answer over, which
            may be long where it is busy, and is no fault of the mail.
        memory: bytes of address space. The libraries take 65 MB of it and the hungriest mail that
            passes the reader's caps 75 MB more (both measured); the rest is room for machines
            whose libraries are larger, and still a small part of the smallest of them.
        places: processes at a time.
    """

    seconds: float = 10.0
    starting: float = 60.0
    memory: int = 500_000_000
    places: int = 2


@dataclass(frozen=True)
class _Answer:
    """What came out of it: a value, or why there is none; `place`: of a fault in our own code."""

    value: Any = None
    reason: str | None = None
    place: str | None = None


class Quarantine:
    """Runs pure functions of plain data in processes that are kept for the next mail.

    The processes end with the event loop. One that was left behind by a bot that was killed ends
    by itself: when it next asks for work, or when its processor time is used up.
    """

    def __init__(self, bounds: Bounds = Bounds()) -> None:
        self._bounds = bounds
        self._places = asyncio.Semaphore(bounds.places)
        self._limiter: CapacityLimiter | None = None

    async def warm(self) -> None:
        """Have a process ready before the first mail comes."""
        with suppress(Unreadable, Retriable):
            await self.run(_nothing)

    async def run(self, work: Callable[..., _Result], *args: object) -> _Result:
        """What `work` makes of the arguments. It must be a module's function.

        Raises:
            Unreadable: it raised that, or anything else, or took too much, or its process died.
            Retriable: this machine could not have it done now, whatever it is.
        """
        async with self._places:  # to wait for a place does not count as reading
            answer = await self._answered(work, args)
        if answer.place:
            log.error("reading_broke", place=answer.place)
        if answer.reason is not None:
            raise Unreadable(answer.reason)
        value: _Result = answer.value
        return value

    async def _answered(self, work: Callable[..., object], args: tuple[object, ...]) -> _Answer:
        for _ in range(_TRIES):
            asked = time.monotonic()
            try:
                return await self._asked(work, args)
            except BrokenWorkerProcess as error:
                log.warning("reading_died")
                if error.args:  # said in words only of one that never came to life
                    raise _machines_fault("process_not_started", error) from error
                # Its own alarm ends a worker, and no sooner.
                if time.monotonic() - asked >= self._bounds.seconds:
                    return _Answer(reason="It took too long to read.")
        return _Answer(reason=_DIED)

    async def _asked(self, work: Callable[..., object], args: tuple[object, ...]) -> _Answer:
        try:
            async with asyncio.timeout(self._bounds.starting + self._bounds.seconds):
                return await to_process.run_sync(
                    _bounded, self._bounds, work, args, cancellable=True, limiter=self._limit()
                )
        except BrokenWorkerProcess:
            raise
        except OSError as error:  # no process, no memory, no file to be had; or no answer in time
            raise _machines_fault("process_not_had", error) from error
        except Exception as error:  # noqa: BLE001 - whatever sending the answer raised there
            return _Answer(reason=_DAMAGED, place=_place(error))

    def _limit(self) -> CapacityLimiter:
        self._limiter = self._limiter or CapacityLimiter(self._bounds.places)
        return self._limiter


def _machines_fault(event: str, error: Exception) -> Retriable:
    log.error(event, place=_place(error))
    return Retriable("This machine cannot start a process to read mail in now.")


def _nothing() -> None:
    """Only has the worker import the readers."""
    import bot.mail.read_apart  # noqa: F401, PLC0415 - in the worker, not here


def _bounded(bounds: Bounds, work: Callable[..., object], args: tuple[object, ...]) -> _Answer:
    """In the worker: do the work within bounds, and let nothing out but an answer."""
    _bound(bounds)
    # The alarm kills, whatever the worker is at; and it counts from here, not from its start.
    signal.setitimer(signal.ITIMER_REAL, bounds.seconds)
    try:
        return _Answer(value=work(*args))
    except Unreadable as error:
        return _Answer(reason=error.reason)
    except MemoryError:
        os._exit(_EX_MEMORY)  # what is left of its memory would be the next mail's trouble
    except BaseException as error:  # noqa: BLE001 - hostile input; the parent says what became of it
        return _Answer(reason=_DAMAGED, place=_place(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _bound(bounds: Bounds) -> None:
    # The bot ends its workers itself; a Ctrl-C or a service manager's signal reaches them, too,
    # and would make a mail unreadable that is only read again after the restart.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.SIG_IGN)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + bounds.seconds) + 1
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, bounds.memory)
    _limit(resource.RLIMIT_CORE, 0)  # a core would hold the mail


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # macOS knows no bound of address space
        resource.setrlimit(kind, (soft, hard))


def _place(error: BaseException) -> str:
    """Where in the code, without a word of the mail."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
