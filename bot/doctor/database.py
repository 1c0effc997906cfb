"""The bot's own database, and work that waits in it."""

import asyncio
import shutil
from pathlib import Path

import sqlalchemy as sa

from bot.doctor.check import Check
from bot.doctor.world import World
from bot.places import Places
from bot.store import schema
from bot.store.database import make_engine
from bot.store.failures import failure_of, of_unknown_cause
from bot.swap import broken_off

_LEAST_FREE_BYTES = 20_000_000


async def database(world: World) -> list[Check]:
    """Whether it can be reached and written to, and whether this code knows its schema."""
    url = world.settings.environment.charter_database_url.get_secret_value()
    return [await asyncio.to_thread(_database, url)]


async def engine(world: World) -> list[Check]:
    """Whether work is waiting for another version, or in a slot that no replica holds."""
    try:
        waiting = await world.pending_elsewhere()
        places = await world.places()
    except sa.exc.SQLAlchemyError:
        return [
            Check.warning(
                "Engine",
                "It has no tables yet, or they cannot be read.",
                "charter run makes them when it starts. If it runs already, see Database.",
            )
        ]
    slots = [] if places is None else [_slots(places, world.settings.slots)]
    if waiting:
        return [
            Check.warning(
                "Engine",
                f"{waiting} unfinished jobs were accepted by another version of the bot.",
                "Run that version until they are done, then this one again.",
            ),
            *slots,
        ]
    return [Check.well("Engine", "No work of another version is waiting."), *slots]


def _slots(places: Places, slots: int) -> Check:
    if not places.vacant and not places.held:
        return Check.warning(
            "Replicas",
            f"None is at work, of {slots} at most. No work is waiting.",
            "If the bot is to run by now, start it: charter run.",
        )
    if not places.vacant:
        return _at_work(len(places.held), slots)
    waiting = ", ".join(f"{jobs} in {name}" for name, jobs in places.vacant.items())
    return Check.warning(
        "Replicas",
        f"Unfinished jobs are in slots that no replica holds: {waiting}.",
        "A replica that runs takes them over within seconds. If none does, start one: charter run.",
    )


def _database(url: str) -> Check:
    try:
        if _broken_off(sa.make_url(url)):
            return Check.failure(
                "Database",
                "A restore of it broke off, so that its files may not belong together.",
                "Start the bot, which puts back what was there before; or restore again.",
            )
        connected = make_engine(url)
        try:
            at = schema.current(connected)
            with connected.connect() as connection, connection.begin() as writing:
                writing.rollback()
        finally:
            connected.dispose()
    except (sa.exc.SQLAlchemyError, OSError) as error:
        return Check.failure(
            "Database", *(failure_of(error, sa.make_url(url)) or of_unknown_cause(error))
        )
    return _room(sa.make_url(url)) or _schema(at)


def _broken_off(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite" and broken_off(url)


def _room(url: sa.URL) -> Check | None:
    """What is wrong with the disk of a SQLite file; None if there is room on it."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    free = shutil.disk_usage(Path(url.database).parent).free
    if free >= _LEAST_FREE_BYTES:
        return None
    return Check.failure(
        "Database",
        f"Its disk is full: {free // 1_000_000} MB are free.",
        "Make room. What waits for the bot to write goes on by itself.",
    )


def _schema(at: str | None) -> Check:
    if at == schema.HEAD:
        return Check.well("Database", f"It is reached and at revision {at}.")
    if at is None or at < schema.HEAD:
        return Check.warning(
            "Database",
            "It is reached, and empty." if at is None else f"It is at the older revision {at}.",
            "charter run brings it up to date when it starts.",
        )
    return Check.failure(
        "Database",
        f"It is at revision {at}, which is newer than this version of the bot.",
        "Install the newer version, or restore the backup from before the upgrade.",
    )


def _at_work(replicas: int, slots: int) -> Check:
    what = f"{replicas} at work, of {slots} at most. No work is waiting."
    if replicas < slots:
        advice = "A place is free, so nobody stands by: start another, charter run."
        return Check.warning("Replicas", what, advice)
    if replicas > slots:
        advice = "They run with more slots than this command: set CHARTER_SLOTS alike everywhere."
        return Check.warning("Replicas", what, advice)
    return Check.well("Replicas", what)
