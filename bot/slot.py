"""The one place at a database: whoever holds it runs the engine there, and nobody else does."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa
import structlog

from bot.store.database import make_engine

SLOT = "slot-0"
_LOCK = 0x43484152  # "CHAR": the advisory lock that is the slot on PostgreSQL
_LOOK_SECONDS = 2.0
log = structlog.get_logger()


class AlreadyRunningError(Exception):
    """Another bot holds this database, or may hold it by now."""


class Slot(Protocol):
    """A held place."""

    async def watch(self) -> None:
        """For ever; raises AlreadyRunningError when the place may be another's."""

    def release(self) -> None:
        """Let it go."""


async def hold_slot(url: sa.URL) -> Slot:
    """Take the place: at once on SQLite, and on PostgreSQL when its holder is gone.

    Raises:
        AlreadyRunningError: another process holds this SQLite file.
    """
    if url.get_backend_name() == "sqlite":
        return FileSlot(Path(f"{url.database}.lock"))
    connection = await asyncio.to_thread(_connected, url)
    told = False
    while not await asyncio.to_thread(_try, connection):
        if not told:
            log.info("spare_waits", slot=SLOT)
            told = True
        await asyncio.sleep(_LOOK_SECONDS)
    return ServerSlot(connection)


class FileSlot:
    """A lock on a file beside the database; the system lets go of it when its holder dies."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise AlreadyRunningError(
                f"another charter bot (process {holder}) runs on {path.with_suffix('').name}; "
                "stop it first, or give this one a CHARTER_DATABASE_URL of its own"
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    async def watch(self) -> None:
        """A file's lock is not lost."""
        await asyncio.Event().wait()

    def release(self) -> None:
        """Let it go."""
        self._file.close()


class ServerSlot:
    """An advisory lock, which lives as long as the connection that took it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    async def watch(self) -> None:
        """Ask on that very connection: once it is lost, a spare has the slot and its work."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await asyncio.to_thread(self._connection.scalar, sa.select(1))
            except sa.exc.DBAPIError as error:
                raise AlreadyRunningError(
                    "the connection that holds the slot was lost, so another bot may work by now"
                ) from error

    def release(self) -> None:
        """Let it go."""
        self._connection.close()


def _connected(url: sa.URL) -> sa.Connection:
    return make_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")


def _try(connection: sa.Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))))
