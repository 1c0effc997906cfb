"""The durable engine behind one file: jobs that, once accepted, are worked on until they end.

DBOS keeps each job as one workflow, whose id is the job's key. What a job has already done is
written in the bot's own tables, where `/charter status` reads it too, so a job that is run again
after a crash asks the outside systems and goes on; there is no second journal to disagree with.
"""

import asyncio
import contextvars
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from itertools import count
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from bot import adoption, places
from bot.domain.errors import Retriable
from bot.server_slot import ServerSlot
from bot.slot import AlreadyRunningError, FileSlot, Slot
from bot.store.database import DATABASE_FAILED, engine_url, make_engine
from bot.swap import undo

# Raised only for an incompatible change of what jobs take; pinned so that editing the code between
# a crash and a restart strands nothing.
APPLICATION_VERSION = "1"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_QUICK_TRIES = 10
_TIDIED_AT_ONCE = 500
_LOOK_SECONDS = 2.0
_TURN_SECONDS = 0.2
# An acknowledgement takes some 3 ms once its job is on disk; what the job does stands in its way.
_HEAD_START_SECONDS = 0.006
# Slack waits three seconds for an acknowledgement. Where many come at once, work waits for all of
# them, but not for ever: there may always be another.
_ACKNOWLEDGED_FIRST_SECONDS = 10.0

Payload = Mapping[str, Any]
Work = Callable[[Payload], Awaitable[None]]
log = structlog.get_logger()


class Jobs(Protocol):
    """What everyone else sees of the engine."""

    async def submit(self, job: str, key: str, payload: Payload) -> None:
        """Accept a job. On return it is on disk; the same key is accepted once."""


class Engine:
    """DBOS on the bot's database server. One per process, because DBOS is a singleton."""

    def __init__(self, database_url: str, *, slots: int = 1) -> None:
        self._url = sa.make_url(database_url)
        self._slots = slots
        self._jobs: dict[str, tuple[Work, Work | None]] = {}
        self._slot: Slot | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._closing = False
        self._engine: sa.Engine | None = None
        self._submitting: dict[object, str] = {}
        self._absent: set[adoption.Begun] = set()
        self._taking_over: Callable[[], Awaitable[None]] = _nothing
        self._all_submitted = asyncio.Event()
        self._all_submitted.set()

    def register(self, job: str, work: Work, *, given_up: Work | None = None) -> None:
        """Name the work of a job. The name is persisted: never rename it lightly.

        `given_up`: told when the work broke off for a reason that trying again does not mend.
        """
        self._jobs[job] = (work, given_up)

    def before_taking_over(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Have `tell` know when another's work is about to be taken over, before it goes on."""
        self._taking_over = tell

    async def hold(self) -> None:
        """Take a place at this database; on PostgreSQL wait for one, as a spare.

        Raises:
            AlreadyRunningError: another process works on this SQLite file.
            SwapError: a restore of it broke off, and cannot be undone.
        """
        if self._url.get_backend_name() == "sqlite":
            try:
                self._slot = FileSlot.beside(self._url)
            except AlreadyRunningError as error:
                advice = "or give this one a CHARTER_DATABASE_URL of its own"
                raise AlreadyRunningError(f"{error}, {advice}") from error
            if undo(self._url):
                log.warning("restore_undone", reason="It broke off; restore again if it is wanted.")
            return
        self._slot = slot = ServerSlot(self._url)
        await slot.wait(self._slots)

    @property
    def slot(self) -> Slot:
        """The place that is held.

        Raises:
            RuntimeError: none is.
        """
        if self._slot is None:
            raise RuntimeError("no place at the database is held")
        return self._slot

    async def confirm(self) -> None:
        """Return only if our place is ours now, and so the work on what is under way here."""
        await self.slot.confirm()

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Whether something is ours alone among all replicas, for as long as the block runs."""
        ours = await self.slot.take(what)
        try:
            yield ours
        finally:
            if ours:
                await self.slot.give_back(what)

    @asynccontextmanager
    async def in_turn(self, what: str) -> AsyncIterator[None]:
        """Wait until it is ours alone, and keep it for as long as the block runs."""
        while not await self.slot.take(what):  # noqa: ASYNC110 - no event crosses machines
            await asyncio.sleep(_TURN_SECONDS)
        try:
            yield
        finally:
            await self.slot.give_back(what)

    async def launch(self) -> None:
        """Start, and go on with what a dead process left. `hold` comes first."""
        self._engine = make_engine(engine_url(self._url), begins_itself=True)
        if self._url.get_backend_name() != "sqlite":
            place, fence = self.slot.name, self.slot.fence
            adoption.recover_all(self._engine, APPLICATION_VERSION, place, fence)
        DBOS(config=_config(engine_url(self._url), self._engine, self.slot.name))

        # No bound: a job that is given up silently after so many restarts would be work lost.
        @DBOS.workflow(name="job", max_recovery_attempts=None)
        async def run(job: str, payload: dict[str, Any]) -> None:
            await self._acknowledgements()
            if self._closing:
                raise asyncio.CancelledError  # as those that are cut off: the next launch has it
            attempt = self._attempt(job, payload)
            task = asyncio.create_task(attempt, context=contextvars.Context())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            await task

        self._workflow = run
        DBOS.launch()

    async def submit(self, job: str, key: str, payload: Payload) -> None:
        """Accept a job. On return it is on disk; the same key is accepted once."""
        if job not in self._jobs:
            raise LookupError(f"no job is called {job}")
        self._submitting[submission := object()] = key
        self._all_submitted.clear()
        try:
            # Whoever has our place by now has looked already for what it is to go on with.
            await self.confirm()
            # A context of its own, so that a job which submits another is not its parent in DBOS:
            # what a job submits may differ from one attempt to the next.
            start = self._start(job, key, payload)
            await asyncio.create_task(start, context=contextvars.Context())
        finally:
            del self._submitting[submission]
            if not self._submitting:
                self._all_submitted.set()

    async def _acknowledgements(self) -> None:
        """Let those go first who wait for nothing but that their job is on disk."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ACKNOWLEDGED_FIRST_SECONDS):
                await self._all_submitted.wait()
        await asyncio.sleep(_HEAD_START_SECONDS)

    async def _start(self, job: str, key: str, payload: Payload) -> None:
        with SetWorkflowID(key):
            await DBOS.start_workflow_async(self._workflow, job, dict(payload))

    async def _attempt(self, job: str, payload: dict[str, Any]) -> None:
        structlog.contextvars.bind_contextvars(job=job, booking_id=payload.get("booking_id"))
        work, given_up = self._jobs[job]
        try:
            await _insist(work, payload)
        except Exception:
            # The last line of defence: a bug in one job is logged with its place and told to the
            # people it concerns, and every other job goes on.
            log.exception("job_failed")
            await self.confirm()
            if given_up:
                await _insist(given_up, payload)

    async def pending_elsewhere(self) -> int:
        """Unfinished jobs of other application versions, which this version will not touch."""
        pending = await DBOS.list_workflows_async(
            status=["PENDING", "ENQUEUED"], load_input=False, load_output=False
        )
        return sum(1 for each in pending if each.app_version != APPLICATION_VERSION)

    async def ended(self, key: str) -> bool:
        """Whether the job of that key has come to an end, so that submitting it does nothing."""
        status = await DBOS.get_workflow_status_async(key)
        return status is not None and status.status in {"SUCCESS", "ERROR", "CANCELLED"}

    async def tidy(self, *, before: datetime) -> None:
        """Forget jobs that ended and began before then; what they did stands in the bot's tables.

        Their inputs are the mails once more. A redelivery that is older still would be new again,
        and is found out by the message's own record.
        """
        while True:
            old = await DBOS.list_workflows_async(
                status=["SUCCESS", "ERROR"],
                end_time=before.isoformat(),
                limit=_TIDIED_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            if not old:
                return
            await DBOS.delete_workflows_async([each.workflow_id for each in old])

    async def watch(self) -> None:
        """For ever: see that our place is ours, and take over what waits in places nobody holds."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.slot.watch())
            group.create_task(self._adopt_forever())

    async def _adopt_forever(self) -> None:
        while True:
            try:
                await self.adopt()
            except sa.exc.SQLAlchemyError as error:
                log.warning("vacant_slots_not_seen", reason=type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)

    async def adopt(self) -> None:
        """Take over the jobs of places that nobody holds, for which no spare may come.

        And those of our own that nobody works on: whoever held it before may have stood still, and
        have written one down, or taken one from the queue, after we looked for what it had left; or
        the database failed when one was to be begun here.
        """
        if self._engine is None or self._url.get_backend_name() == "sqlite":
            return
        await self._adopt_late(self._engine, self.slot.name)
        waiting = await asyncio.to_thread(places.under_way, self._engine, APPLICATION_VERSION)
        for name in waiting.keys() - {self.slot.name}:
            if await self.slot.borrow(name):
                try:
                    await self._taking_over()
                    jobs = await asyncio.to_thread(adoption.recover, name)
                finally:
                    await self.slot.return_(name)
                log.warning("took_over", slot=name, jobs=jobs)

    async def _adopt_late(self, engine: sa.Engine, place: str) -> None:
        about = engine, APPLICATION_VERSION, place
        found = await asyncio.to_thread(adoption.begun, *about)
        # Looked up after them: what was here when it was found is so still, or has ended.
        here = adoption.here() | set(self._submitting.values())
        absent = {job for job in found if job.key not in here}
        # One that was taken from the queue comes here some time later: it is looked for twice.
        late = {job for job in absent if not job.queued or job in self._absent}
        self._absent = absent
        if late:
            jobs = await asyncio.to_thread(adoption.recover_each, *about, late, self.slot.fence)
            log.warning("took_over", slot=place, jobs=jobs)

    async def close(self, *, patience_seconds: float = 0) -> None:
        """Stop, and let go of the place."""
        await self.stop(patience_seconds=patience_seconds)
        if self._slot is not None:
            self._slot.release()

    async def stop(self, *, patience_seconds: float = 0) -> None:
        """Stop. What is unfinished after `patience_seconds` goes on at the next launch."""
        if self._running:
            await asyncio.wait(self._running, timeout=patience_seconds)
        self._closing = True
        # A job that is cut off stays PENDING in DBOS; one that met a closed client would not.
        cut_off = list(self._running)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
        if self._engine is not None:
            # DBOS made its threads the loop's own, and is about to end them.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
            await asyncio.to_thread(DBOS.destroy)
            self._engine.dispose()
            self._engine = None


async def _nothing() -> None:
    """Nobody wants to know."""


async def _insist(work: Work, payload: Payload) -> None:
    """Do it, however often an outside system or the database asks for patience."""
    pause = _FIRST_PAUSE
    for tries in count(1):
        try:
            await work(payload)
        except (Retriable, *DATABASE_FAILED) as error:
            asked = error.after if isinstance(error, Retriable) else None
            pause = min(pause * 2, _LONGEST_PAUSE)
            backing_off = pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
            delay = asked if asked and tries < _QUICK_TRIES else max(asked or 0, backing_off)
            reason = error.what if isinstance(error, Retriable) else "The database failed."
            log.warning("job_waits", reason=reason, seconds=round(delay, 1))
            await asyncio.sleep(delay)
        else:
            return


def _config(url: sa.URL, engine: sa.Engine, slot: str) -> DBOSConfig:
    return {
        "name": "charter-bot",
        "system_database_url": url.render_as_string(hide_password=False),
        "system_database_engine": engine,
        "application_version": APPLICATION_VERSION,
        "executor_id": slot,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
