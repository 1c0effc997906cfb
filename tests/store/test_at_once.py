"""Two replicas at one row of a PostgreSQL server, whose transactions do not wait for each other."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import mails, posts
from bot.store.queries.posts import Post
from tests.postgresql_server import PostgreSQL

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
CARD = Post(key="xhqgmdh:card", channel="C0", intended_at=NOW)
_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"
_WITHIN_SECONDS = 20


@pytest.fixture
def engine(postgresql: PostgreSQL) -> Iterator[sa.Engine]:
    engine = make_engine(postgresql.new_database())
    schema.migrate(engine)
    yield engine
    engine.dispose()


def test_a_card_that_another_posts_anew_is_not_forgotten_with_the_deleted_one(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as db:
        posts.intend(db, CARD)
        posts.sent(db, CARD.key, ts="1.1", digest="d", permalink=None)
    get = posts.get

    def and_then_another(db: sa.Connection, key: str) -> Post | None:
        found = get(db, key)
        monkeypatch.setattr(posts, "get", get)
        with engine.begin() as others:
            posts.forget(others, key, ts="1.1")
            assert posts.intend(others, CARD)
        return found

    for ts in ("1.1", None):
        with engine.begin() as db:
            db.execute(sa.update(posts.posts).values(ts="1.1"))
        monkeypatch.setattr(posts, "get", and_then_another)
        with engine.begin() as db:
            posts.forget(db, CARD.key, ts=ts)
        with engine.connect() as db:
            assert get(db, CARD.key) == CARD


def test_of_two_operators_who_name_a_listings_boat_at_once_the_later_is_remembered(
    engine: sa.Engine,
) -> None:
    def name(boat: str, db: sa.Connection) -> None:
        mails.remember_boat(db, "Sail the bay", boat, user="U0", at=NOW)

    def later() -> None:
        with engine.begin() as db:
            name("ORCA", db)

    with ThreadPoolExecutor(1) as other, engine.begin() as db:
        name("JADA", db)
        waiting = other.submit(later)
        until_somebody_waits(engine)
        db.commit()
        waiting.result(_WITHIN_SECONDS)
    with engine.connect() as db:
        assert mails.remembered(db) == (("sail the bay", "ORCA"),)


def until_somebody_waits(engine: sa.Engine) -> None:
    """Until a transaction waits for another's end."""
    for _ in range(_WITHIN_SECONDS * 50):
        with engine.connect() as db:
            if db.scalar(sa.text(_WAITS)):
                return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waits")
