"""A server that answers no more, while its connections stand, holds nobody up for ever."""

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.store import server_connection
from bot.store.database import DATABASE_FAILED, make_engine
from tests.postgresql_server import PostgreSQL
from tests.postgresql_wire import Broken, Trouble, Wire, wire_to

pytestmark = pytest.mark.timeout(90)
SECONDS = 0.5
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = :name"


@pytest.fixture
def wire(postgresql: PostgreSQL) -> Iterator[Wire]:
    with wire_to(str(postgresql.url("postgres").query["host"])) as wire:
        yield wire


@pytest.fixture
def engine(
    postgresql: PostgreSQL, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sa.Engine]:
    monkeypatch.setattr(server_connection, "ANSWERS_WITHIN_SECONDS", SECONDS)
    engine = make_engine(wire.url(postgresql.new_database()))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE log (n int)"))
    yield engine
    engine.dispose()


def note(engine: sa.Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO log VALUES (:number)"), {"number": number})


def noted(engine: sa.Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT n FROM log ORDER BY n")))


@pytest.mark.parametrize(
    ("broken", "there"), [(Broken.SILENT_BEFORE, [2]), (Broken.SILENT_AFTER, [1, 2])]
)
def test_a_change_that_is_not_answered_fails_and_the_next_is_made(
    engine: sa.Engine, wire: Wire, broken: Broken, there: list[int]
) -> None:
    wire.add(Trouble(broken, (b"INSERT INTO log",), times=1))
    begun = time.monotonic()
    with pytest.raises(DATABASE_FAILED) as failed:
        note(engine, 1)
    assert time.monotonic() - begun >= SECONDS
    assert failed.value.connection_invalidated
    note(engine, 2)
    assert noted(engine) == there


def test_what_waits_for_anothers_lock_in_vain_does_not_go_on_waiting_in_the_server(
    engine: sa.Engine, postgresql: PostgreSQL
) -> None:
    with engine.begin() as other:
        other.execute(sa.text("LOCK TABLE log IN EXCLUSIVE MODE"))
        with pytest.raises(DATABASE_FAILED):
            note(engine, 1)
        assert postgresql.run(WAITING, name=engine.url.database) == [(0,)]
    note(engine, 2)
    assert noted(engine) == [2]


def test_who_listens_may_hear_nothing_for_as_long_as_it_takes(engine: sa.Engine) -> None:
    """As the durable engine does, for notices that may never come."""
    heard: list[str] = []
    raw = engine.raw_connection()
    connection = raw.driver_connection
    connection.set_autocommit(True)
    connection.execute("LISTEN news")

    def listen() -> None:
        heard.extend(notice.payload for notice in connection.notifies(stop_after=1))

    listening = threading.Thread(target=listen)
    listening.start()
    listening.join(SECONDS * 2)
    with engine.begin() as other:
        other.execute(sa.text("NOTIFY news, 'at last'"))
    listening.join()
    raw.close()
    assert heard == ["at last"]
