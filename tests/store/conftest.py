from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import schema
from bot.store.database import make_engine
from tests.postgresql_server import PostgreSQL, postgresql_server


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A PostgreSQL server of the session's own."""
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        # It ends by having each file of each test's database on disk, which took up to a minute.
        server.run("ALTER SYSTEM SET fsync = off")
        server.run("SELECT pg_reload_conf()")
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/charter.db"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A migrated database of either kind."""
    engine = make_engine(database_url)
    schema.migrate(engine)
    yield engine
    engine.dispose()
