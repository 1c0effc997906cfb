"""What any process may ask of the engine's tables; none of it launches the engine."""

import asyncio
import json

import sqlalchemy as sa
from dbos import DBOSClient

from bot.engine import APPLICATION_VERSION, Payload
from bot.places import Places
from bot.places import places as places_at
from bot.store.database import engine_url

# Older versions of the engine keep what a job was given with its status.
_HAVE_INPUTS = "workflow_status", "workflow_input"


async def pending_elsewhere(database_url: str) -> int:
    """See `Engine.pending_elsewhere`.

    Asks the engine's tables without launching it, so that any process may.
    """
    return await asyncio.to_thread(_pending_elsewhere, sa.make_url(database_url))


def _pending_elsewhere(url: sa.URL) -> int:
    client = DBOSClient(system_database_url=engine_url(url).render_as_string(hide_password=False))
    try:
        pending = client.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False)
        return sum(1 for w in pending if w.app_version != APPLICATION_VERSION)
    finally:
        client.destroy()


def unfinished(connection: sa.Connection) -> list[Payload]:
    """What the jobs were given that have not ended, in an engine's own database.

    It may be of an older version of the engine than this one, which changes its tables when it is
    launched. Its client knows the new ones alone.
    """
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    there = sa.inspect(connection)
    return [
        json.loads(given)["positionalArgs"][1]
        for name in _HAVE_INPUTS
        if there.has_table(name, schema)
        for given in connection.scalars(_given(name, schema))
    ]


def _given(name: str, schema: str | None) -> sa.Select[str]:
    """What is kept in that table of the inputs of jobs that have not ended."""
    kept = sa.table(name, sa.column("workflow_uuid"), sa.column("inputs", sa.Text), schema=schema)
    jobs = sa.table(
        "workflow_status", sa.column("workflow_uuid"), sa.column("status"), schema=schema
    )
    unended = sa.select(jobs.c.workflow_uuid).where(jobs.c.status.in_(("PENDING", "ENQUEUED")))
    return sa.select(kept.c.inputs).where(
        kept.c.inputs.is_not(None), kept.c.workflow_uuid.in_(unended)
    )


async def places(database_url: str) -> Places | None:
    """Who is at work on a PostgreSQL server, and what waits for somebody; None for SQLite."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return None
    return await asyncio.to_thread(places_at, url, APPLICATION_VERSION)
