"""The bot's own database, for async callers: each query is one transaction in a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from bot.store import schema
from bot.store.database import make_engine

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Runs the functions of `bot.store.queries`, which take a connection first."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._fence: Callable[[sa.Connection], None] = _no_fence
        # SQLite has one writer: more threads would only wait for its lock.
        writers = 1 if engine.dialect.name == "sqlite" else 8
        self._writers = ThreadPoolExecutor(writers, "store-write")
        self._readers = ThreadPoolExecutor(4, "store-read")

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open as it is; see `migrate`."""
        return cls(make_engine(url))

    @property
    def where(self) -> str:
        """The file, or the URL without its password."""
        url = self._engine.url
        if url.get_backend_name() == "sqlite":
            return str(Path(url.database or "").absolute())
        return url.render_as_string(hide_password=True)

    async def migrate(self) -> bool:
        """Bring it to the schema of this code; whether there was nothing before.

        Whoever holds the slot does, and nobody else.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, schema.migrate, self._engine)

    def guard(self, fence: Callable[[sa.Connection], None]) -> None:
        """From now on have `fence` look at every change before it is committed."""
        self._fence = fence

    async def read(
        self, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query that changes nothing."""

        def run() -> T:
            with self._engine.connect().execution_options(reading=True) as connection:
                return query(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in one transaction: on return it is on disk, or an error says it is not."""

        def run() -> T:
            with self._engine.begin() as connection:
                result = change(connection, *args, **kwargs)
                # Last, because a machine may stand still at any line, and its place go to another.
                self._fence(connection)
            return result

        return await asyncio.get_running_loop().run_in_executor(self._writers, run)

    def close(self) -> None:
        """Finish what was begun and let go of the file."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._engine.dispose()


def _no_fence(_connection: sa.Connection) -> None:
    """Let every change through."""
