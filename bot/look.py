"""What a command that only looks needs: the bot's tables, and nothing that is slow to import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.domain.progress import Overview
from bot.settings import Environment
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import mails
from bot.store.queries import overviews as reading
from bot.store.store import Store


class NoDatabaseError(Exception):
    """There is nothing to look at where the settings say it is."""


class OtherSchemaError(Exception):
    """The database is of another version of the bot."""


async def overview(environment: Environment, booking_id: str) -> Overview | None:
    """One charter.

    Raises:
        NoDatabaseError: there is no file.
        OtherSchemaError: this version cannot read the database.
    """
    with _opened(environment) as store:
        return await store.read(reading.overview, booking_id) if store else None


async def overviews(environment: Environment) -> tuple[Overview, ...]:
    """All charters; none where no bot has run yet. Errors as for `overview`."""
    with _opened(environment) as store:
        return await store.read(reading.overviews) if store else ()


async def mail(environment: Environment, key: str) -> bytes | None:
    """A kept mail as `charter parse` reads it. Errors as for `overview`."""
    from bot.mail.kept import as_file  # noqa: PLC0415 - see the top

    with _opened(environment) as store:
        raw = await store.read(mails.raw, key) if store else None
        return None if raw is None else as_file(raw).content


@contextmanager
def _opened(environment: Environment) -> Iterator[Store | None]:
    """The bot's tables, without making or changing any; None where no bot has made them yet."""
    url = sa.make_url(environment.charter_database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise NoDatabaseError(
            f"there is no database at {Path(url.database or '').absolute()}: set "
            "CHARTER_DATABASE_URL, or go to the folder where charter run was started"
        )
    engine = make_engine(url)
    store = Store(engine)
    try:
        revision = schema.current(engine)
        if revision not in {None, schema.HEAD}:
            raise OtherSchemaError(
                f"the database is at revision {revision}, this version reads {schema.HEAD}: look "
                "with the version of the bot that runs on it"
            )
        yield store if revision else None
    finally:
        store.close()
