"""A place at a database: whoever holds one runs the engine there under its name, nobody else does.

A SQLite file has one. A PostgreSQL server has as many as the settings say: who finds none free
waits as a spare, and takes over the place, and so the work, of one that dies.
"""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import IO, NoReturn, Protocol

import sqlalchemy as sa

from bot.logs import last_words

FIRST = 0
SET_UP = "set-up"
"""What a replica has to itself while it brings the tables up to date and finds its work."""


class AlreadyRunningError(Exception):
    """Another bot holds this database."""


class PlaceLostError(Exception):
    """The place may be another's by now, and so the work."""


class Slot(Protocol):
    """A held place."""

    @property
    def name(self) -> str:
        """What work is kept under; the next holder of the place has the same."""

    async def watch(self) -> None:
        """For ever; see that the place is still ours."""

    async def confirm(self) -> None:
        """Return only if the place is ours now."""

    def fence(self, connection: sa.Connection) -> None:
        """Have a transaction fail if the place is not ours any more."""

    async def take(self, what: str) -> bool:
        """Have something to ourselves among all replicas until `give_back`; False if it is taken.

        It is taken once by each replica: who takes it again must give it back as often.
        """

    async def give_back(self, what: str) -> None:
        """Let others have it."""

    async def borrow(self, name: str) -> bool:
        """Hold another place, too, if nobody does, until `return_`."""

    async def return_(self, name: str) -> None:
        """Let go of a place that was borrowed."""

    def release(self) -> None:
        """Let it go."""


def slot_name(number: int) -> str:
    """The engine keeps jobs under it: never change it lightly."""
    return f"slot-{number}"


def slot_number(name: str) -> int | None:
    """The place of that name; None for a name that is no place's."""
    prefix, _, number = name.partition("-")
    return int(number) if prefix == "slot" and number.isdecimal() else None


def end_at_once(why: str) -> NoReturn:
    """End the process as a crash does: another bot may be at the same work by now.

    Whatever was tidied up would take time in which both work, or write what the other has written.
    """
    last_words(why)
    os._exit(1)


class FileSlot:
    """A lock on a file beside the database; the system lets go of it when its holder dies."""

    name = slot_name(FIRST)

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
                "stop it first"
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    @classmethod
    def beside(cls, url: sa.URL) -> "FileSlot":
        """Take the place at a SQLite file.

        Raises:
            AlreadyRunningError: another process holds it.
        """
        return cls(Path(f"{url.database}.lock"))

    async def watch(self) -> None:
        """A file's lock is not lost."""
        await asyncio.Event().wait()

    async def confirm(self) -> None:
        """It is."""

    def fence(self, connection: sa.Connection) -> None:
        """It is."""

    async def take(self, what: str) -> bool:  # noqa: ARG002 - see `Slot`
        """There are no others."""
        return True

    async def give_back(self, what: str) -> None:
        """There are no others."""

    async def borrow(self, name: str) -> bool:  # noqa: ARG002 - see `Slot`
        """There is no other place."""
        return False

    async def return_(self, name: str) -> None:
        """There is no other place."""

    def release(self) -> None:
        """Let it go."""
        self._file.close()
