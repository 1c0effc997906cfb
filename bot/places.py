"""Who is at work on a PostgreSQL server, and what waits there for somebody."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from bot.server_slot import holders
from bot.store.database import make_engine

_PENDING = sa.text(
    "SELECT executor_id, count(*) FROM dbos.workflow_status "
    "WHERE status = 'PENDING' AND application_version = :version "
    "GROUP BY executor_id ORDER BY executor_id"
)


class Places(NamedTuple):
    """Places that are held; and the number of unfinished jobs in those that are not, by name."""

    held: tuple[str, ...]
    vacant: Mapping[str, int]


def places(url: sa.URL, version: str) -> Places:
    """As they are now. `version`: the engine's application version, whose jobs count."""
    engine = make_engine(url)
    try:
        waiting = under_way(engine, version)
        with engine.connect() as connection:
            held = holders(connection)
    finally:
        engine.dispose()
    return Places(held, {name: jobs for name, jobs in waiting.items() if name not in held})


def under_way(engine: sa.Engine, version: str) -> Mapping[str, int]:
    """How many jobs are under way in each place, as far as the engine knows."""
    with engine.connect() as connection:
        rows = connection.execute(_PENDING, {"version": version})
        return {name: jobs for name, jobs in rows}  # noqa: C416 - a row is no pair to mypy
