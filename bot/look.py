"""What a command that only looks needs: the bot's tables, and nothing that is slow to import."""

from bot.domain.progress import Overview
from bot.settings import Environment
from bot.store.queries import overviews as reading
from bot.store.store import Store


async def overview(environment: Environment, booking_id: str) -> Overview | None:
    """One charter."""
    store = Store.open(environment.charter_database_url.get_secret_value())
    try:
        return await store.read(reading.overview, booking_id)
    finally:
        store.close()


async def overviews(environment: Environment) -> tuple[Overview, ...]:
    """All charters."""
    store = Store.open(environment.charter_database_url.get_secret_value())
    try:
        return await store.read(reading.overviews)
    finally:
        store.close()
