from collections.abc import Iterator

import pytest

from tests.postgresql_server import PostgreSQL, postgresql_server


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A PostgreSQL server of the session's own, in haste: nothing here is lost with the power."""
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        server.run("ALTER SYSTEM SET fsync = off")
        server.run("SELECT pg_reload_conf()")
        yield server
