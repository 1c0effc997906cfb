"""Connections: SQLite in WAL with full sync and immediate writes, or PostgreSQL."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

DEFAULT_URL = "sqlite:///var/charter.db"
_BUSY_MILLISECONDS = 30_000
# A server that vanished is noticed within seconds instead of a quarter of an hour.
_NOTICES = {
    "connect_timeout": 10,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4_000,
}
# So does a server of a machine that vanishes, after 5 + 3 * 2 seconds; and of one that stands still
# in the middle of a change, for whose rows others wait.
_SERVER_NOTICES = {
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "idle_in_transaction_session_timeout": 10_000,
}
DATABASE_FAILED = (OperationalError, InterfaceError, InternalError)
"""How a database fails that is away, or has let go of us: the same may be tried again."""
# A replica has two, and two connections besides: three replicas fit in a server's hundred.
_POOL = {"pool_size": 5, "max_overflow": 7, "pool_pre_ping": True}


def make_engine(url: str | sa.URL, *, begins_itself: bool = False) -> sa.Engine:
    """An engine for either database. A SQLite file's folder is made if it is not there.

    `begins_itself`: for DBOS, which sends its own BEGIN IMMEDIATE on SQLite.

    Raises:
        sqlalchemy.exc.ArgumentError: the URL cannot be read.
    """
    url = sa.make_url(url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, connect_args=_NOTICES, **_POOL)
        sa.event.listen(engine, "do_connect", _connect)
        sa.event.listen(engine, "connect", _have_server_notice)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, pool_size=8, max_overflow=8)
    sa.event.listen(engine, "connect", _prepare)
    if begins_itself:
        sa.event.listen(engine, "connect", _let_the_driver_begin)
    else:
        sa.event.listen(engine, "begin", _begin)
    return engine


def engine_url(url: sa.URL) -> sa.URL:
    """The durable engine's database: the same server, or a file beside the bot's.

    Two files, so that neither waits for the other's commits.
    """
    if url.get_backend_name() != "sqlite":
        return url
    file = Path(url.database or "")
    return url.set(database=str(file.with_name(f"{file.stem}-engine{file.suffix}")))


def _connect(_dialect: Any, _record: Any, where: Any, how: Any) -> Any:
    from bot.store.server_connection import (  # noqa: PLC0415 - SQLite does without its driver
        ServerConnection,
    )

    return ServerConnection.connect(*where, **how)


def _have_server_notice(connection: Any, _record: Any) -> None:
    # Not by the connection's `options`, which poolers refuse, and which a URL may have of its own.
    asked = (f"set_config('{name}', '{value}', false)" for name, value in _SERVER_NOTICES.items())
    connection.execute(f"SELECT {', '.join(asked)}")
    connection.commit()


def _let_the_driver_begin(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"


def _prepare(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred: two such transactions that both go on to write deadlock.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
