"""A machine that stands still in the middle of a change holds nobody up for long."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot.store.database import make_engine
from tests.postgresql_server import PostgreSQL

MILLISECONDS = 300
CHANGING = """
import sys
import sqlalchemy as sa
from bot.store import database
database._SERVER_NOTICES["idle_in_transaction_session_timeout"] = int(sys.argv[2])
with database.make_engine(sys.argv[1]).begin() as connection:
    connection.execute(sa.text("UPDATE place SET holder = 'one'"))
    print("changed", flush=True)
    input()
"""


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    url = postgresql.new_database()
    with closing_engine(url) as engine, engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE place (holder text)"))
        connection.execute(sa.text("INSERT INTO place VALUES ('nobody')"))
    return url


@contextmanager
def closing_engine(url: str) -> Iterator[sa.Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def take_over(engine: sa.Engine) -> str:
    """Change the row as soon as it can be changed, and say what it was then."""
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL lock_timeout = '20s'"))
        before = connection.scalar(sa.text("SELECT holder FROM place FOR UPDATE"))
        connection.execute(sa.text("UPDATE place SET holder = 'two'"))
        return str(before)


def test_rows_of_a_change_in_which_a_process_stands_still_are_free_soon(url: str) -> None:
    command = [sys.executable, "-c", CHANGING, url, str(MILLISECONDS)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as other, closing_engine(url) as engine:
        assert other.stdout.readline() == "changed\n"
        other.send_signal(signal.SIGSTOP)
        try:
            assert take_over(engine) == "nobody"
        finally:
            other.kill()


def test_a_server_is_asked_to_notice_whatever_else_the_url_asks_for(url: str) -> None:
    asked = sa.make_url(url).update_query_dict({"options": "-c statement_timeout=12345"})
    with closing_engine(str(asked)) as engine, engine.connect() as connection:
        connection.rollback()
        shown = [
            connection.scalar(sa.text(f"SHOW {name}"))
            for name in ("idle_in_transaction_session_timeout", "statement_timeout")
        ]
    assert shown == ["10s", "12345ms"]
