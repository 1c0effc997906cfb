"""A real SQLite database for each history: a copy of a migrated one, in memory's file system."""

import atexit
import os
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store import schema
from bot.store.database import make_engine

if TYPE_CHECKING:
    from collections.abc import Callable

_SHARED_MEMORY = Path("/dev/shm")


@cache
def _folder(_process: int) -> Path:
    parent = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=parent))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Database:
    """One file, made anew for each history; the engine and what it has compiled stay.

    `at_commit` is told "before" and "after" each commit; what it raises comes of the commit.
    """

    def __init__(self, folder: Path) -> None:
        self._template, self._file = folder / "template.db", folder / "charter.db"
        self.at_commit: Callable[[str], None] = lambda _: None
        made = make_engine(f"sqlite:///{self._template}")
        schema.migrate(made)
        made.dispose()  # the last connection to go leaves one whole file
        self.engine = make_engine(f"sqlite:///{self._file}")
        self._reading: sqlite3.Connection | None = None
        sa.event.listen(self.engine, "connect", _in_haste)
        self._commit = self.engine.dialect.do_commit
        self.engine.dialect.do_commit = self._do_commit  # type: ignore[method-assign]

    def anew(self) -> None:
        """An empty, migrated database."""
        self.at_commit = lambda _: None
        self.engine.dispose()
        if self._reading is not None:
            self._reading.close()
            self._reading = None
        for name in ("", "-wal", "-shm"):
            Path(f"{self._file}{name}").unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)

    def rows(self, query: str, values: dict[str, Any]) -> list[Any]:
        """What is on disk, without the pool, the transactions and the layers of the bot's engine."""
        if self._reading is None:
            self._reading = sqlite3.connect(self._file, isolation_level=None)
            self._reading.row_factory = sqlite3.Row
        return self._reading.execute(query, values).fetchall()

    def _do_commit(self, connection: Any) -> None:
        self.at_commit("before")
        self._commit(connection)
        self.at_commit("after")


def _in_haste(connection: Any, _record: Any) -> None:
    # The file is in memory: there is nothing to wait for, and nothing else reads it.
    connection.execute("PRAGMA synchronous=OFF")


@cache
def _database(process: int) -> Database:
    return Database(_folder(process))


def database() -> Database:
    """This process's."""
    return _database(os.getpid())
