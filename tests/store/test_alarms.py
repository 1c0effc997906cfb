"""One alarm a marketplace and hour, however many mails drift."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import alarms
from tests.postgresql_server import PostgreSQL

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.fixture
def claim(engine: sa.Engine):
    def ask(mail: str, minutes: float, marketplace: str = "boatsetter") -> bool:
        at = NOON + timedelta(minutes=minutes)
        with engine.begin() as connection:
            return alarms.claim(connection, marketplace, mail_key=mail, at=at)

    return ask


def test_of_fifty_mails_within_an_hour_the_first_raises_the_alarm(claim):
    assert [claim(f"mail:{n}", n) for n in range(50)] == [True] + [False] * 49


def test_after_an_hour_the_next_mail_raises_it_again(claim):
    assert [claim("mail:1", 0), claim("mail:2", 59.9), claim("mail:3", 60)] == [True, False, True]
    assert not claim("mail:4", 119), "the hour counts from the last alarm"


def test_each_marketplace_has_alarms_of_its_own(claim):
    assert claim("mail:1", 0)
    assert claim("mail:2", 1, "viator")


def test_a_mail_that_is_worked_on_again_is_told_what_it_was_told(claim):
    assert claim("mail:1", 0)
    assert not claim("mail:2", 1)
    assert claim("mail:1", 2)
    assert not claim("mail:2", 2)


def test_of_two_mails_that_two_replicas_read_at_once_one_raises_the_alarm(
    postgresql: PostgreSQL,
) -> None:
    url = postgresql.new_database()
    one, two = make_engine(url), make_engine(url)
    schema.migrate(one)

    def claim_second() -> bool:
        with two.begin() as connection:
            return alarms.claim(connection, "boatsetter", mail_key="mail:2", at=NOON)

    with ThreadPoolExecutor(1) as other:
        with one.begin() as connection:
            assert alarms.claim(connection, "boatsetter", mail_key="mail:1", at=NOON)
            second = other.submit(claim_second)
            wait_until_it_waits_or_ends(second, one)
        assert not second.result()
    one.dispose()
    two.dispose()


def wait_until_it_waits_or_ends(second: "Future[bool]", engine: sa.Engine) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with engine.connect() as connection:
        while not (second.done() or connection.scalar(waiting)):
            pass
