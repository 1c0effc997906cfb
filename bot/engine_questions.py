"""What any process may ask of the engine's tables; none of it launches the engine."""

import asyncio

import sqlalchemy as sa
from dbos import DBOSClient

from bot.engine import APPLICATION_VERSION, Payload
from bot.places import Places
from bot.places import places as places_at
from bot.store.database import engine_url


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


def unfinished(engine_database_url: str) -> list[Payload]:
    """What the jobs were given that have not ended, in an engine's own database."""
    client = DBOSClient(system_database_url=engine_database_url)
    try:
        found = client.list_workflows(status=["PENDING", "ENQUEUED"], load_input=True)
        return [each.input["args"][1] for each in found if each.input]
    finally:
        client.destroy()


async def places(database_url: str) -> Places | None:
    """Who is at work on a PostgreSQL server, and what waits for somebody; None for SQLite."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return None
    return await asyncio.to_thread(places_at, url, APPLICATION_VERSION)
