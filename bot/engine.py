"""The durable engine behind one file: jobs that, once accepted, are worked on until they end.

DBOS keeps each job as one workflow, whose id is the job's key. What a job has already done is
written in the bot's own tables, where `/charter status` reads it too, so a job that is run again
after a crash asks the outside systems and goes on; there is no second journal to disagree with.
"""

import asyncio
import contextvars
import fcntl
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Protocol

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from bot.domain.errors import Retriable
from bot.store.database import make_engine

# Raised only for an incompatible change of what jobs take; pinned so that editing the code between
# a crash and a restart strands nothing.
APPLICATION_VERSION = "1"
SLOT = "slot-0"
_SLOT_LOCK = 0x43484152  # "CHAR": the advisory lock that holds the slot on PostgreSQL
_FIRST_PAUSE, _LONGEST_PAUSE, _PATIENCE = 1.0, 60.0, 200

Payload = Mapping[str, Any]
Work = Callable[[Payload], Awaitable[None]]
log = structlog.get_logger()


class AlreadyRunningError(Exception):
    """Another bot holds this database."""


class Jobs(Protocol):
    """What everyone else sees of the engine."""

    async def submit(self, job: str, key: str, payload: Payload) -> None:
        """Accept a job. On return it is on disk; the same key is accepted once."""


class Engine:
    """DBOS on the bot's database server. One per process, because DBOS is a singleton."""

    def __init__(self, database_url: str) -> None:
        self._url = sa.make_url(database_url)
        self._jobs: dict[str, tuple[Work, Work | None]] = {}
        self._lock: IO[str] | sa.Connection | None = None
        self._engine: sa.Engine | None = None

    def register(self, job: str, work: Work, *, given_up: Work | None = None) -> None:
        """Name the work of a job. The name is persisted: never rename it lightly.

        `given_up`: told when the work broke off for a reason that trying again does not mend.
        """
        self._jobs[job] = (work, given_up)

    async def launch(self) -> None:
        """Take the lock, start, and go on with what a dead process left.

        Raises:
            AlreadyRunningError: another process works on this database.
        """
        self._lock = await asyncio.to_thread(_hold_slot, self._url)
        self._engine = make_engine(_engine_url(self._url), begins_itself=True)
        DBOS(config=_config(_engine_url(self._url), self._engine))

        @DBOS.workflow(name="job")
        async def run(job: str, payload: dict[str, Any]) -> None:
            attempt = self._attempt(job, payload)
            await asyncio.create_task(attempt, context=contextvars.Context())

        self._workflow = run
        DBOS.launch()

    async def submit(self, job: str, key: str, payload: Payload) -> None:
        """Accept a job. On return it is on disk; the same key is accepted once."""
        if job not in self._jobs:
            raise LookupError(f"no job is called {job}")
        # A context of its own, so that a job which submits another is not its parent in DBOS: what
        # a job submits may differ from one attempt to the next.
        task = asyncio.create_task(self._start(job, key, payload), context=contextvars.Context())
        await task

    async def _start(self, job: str, key: str, payload: Payload) -> None:
        with SetWorkflowID(key):
            await DBOS.start_workflow_async(self._workflow, job, dict(payload))

    async def _attempt(self, job: str, payload: dict[str, Any]) -> None:
        structlog.contextvars.bind_contextvars(job=job, booking_id=payload.get("booking_id"))
        work, given_up = self._jobs[job]
        pause = _FIRST_PAUSE
        for _ in range(_PATIENCE):
            try:
                return await work(payload)
            except Retriable as error:
                pause = min(pause * 2, _LONGEST_PAUSE)
                delay = error.after or pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
                log.warning("job_waits", reason=error.what, seconds=round(delay, 1))
                await asyncio.sleep(delay)
            except Exception:
                # The last line of defence: a bug in one job is logged with its place and told to
                # the people it concerns, and every other job goes on.
                log.exception("job_failed")
                break
        if given_up:
            await given_up(payload)
        return None

    async def close(self, *, patience_seconds: int = 0) -> None:
        """Stop. What is unfinished after `patience_seconds` goes on at the next launch."""
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=patience_seconds)
        # DBOS made its threads the loop's own, and has ended them.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        if self._engine is not None:
            self._engine.dispose()
        if self._lock is not None:
            self._lock.close()


async def pending_elsewhere(database_url: str) -> int:
    """Unfinished jobs of other application versions, which this version will not touch.

    Asks the engine's tables without launching it, so that any process may.
    """
    return await asyncio.to_thread(_pending_elsewhere, sa.make_url(database_url))


def _pending_elsewhere(url: sa.URL) -> int:
    client = DBOSClient(system_database_url=_shown(_engine_url(url)))
    try:
        pending = client.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False)
        return sum(1 for w in pending if w.app_version != APPLICATION_VERSION)
    finally:
        client.destroy()


def _config(url: sa.URL, engine: sa.Engine) -> DBOSConfig:
    return {
        "name": "charter-bot",
        "system_database_url": _shown(url),
        "system_database_engine": engine,
        "application_version": APPLICATION_VERSION,
        "executor_id": SLOT,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }


def _shown(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def _engine_url(url: sa.URL) -> sa.URL:
    """Beside the bot's SQLite file, so that neither waits for the other's commits."""
    if url.get_backend_name() != "sqlite":
        return url
    file = Path(url.database or "")
    return url.set(database=str(file.with_name(f"{file.stem}-engine{file.suffix}")))


def _hold_slot(url: sa.URL) -> IO[str] | sa.Connection:
    if url.get_backend_name() == "sqlite":
        return _lock_file(Path(f"{url.database}.lock"))
    return _lock_row(url)


def _lock_file(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunningError(
            f"another charter bot (process {holder}) runs on {path.with_suffix('').name}; "
            "stop it first, or give this one a CHARTER_DATABASE_URL of its own"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _lock_row(url: sa.URL) -> sa.Connection:
    """Wait, as a spare, until the slot is free; its holder's death frees it at once."""
    connection = make_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_SLOT_LOCK))):
        log.info("spare_waits", slot=SLOT)
        connection.execute(sa.select(sa.func.pg_advisory_lock(_SLOT_LOCK)))
    return connection
