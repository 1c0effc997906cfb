"""Bring a database to the schema this code expects, by Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"


def current(engine: sa.Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect().execution_options(reading=True) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return cast("str | None", revision)


def migrate(engine: sa.Engine, revision: str = HEAD) -> None:
    """Upgrade to `revision`; nothing to do costs one query, because Alembic is slow to import."""
    if current(engine) == revision:
        return
    from alembic import command  # noqa: PLC0415 - see above

    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def revert(engine: sa.Engine, revision: str) -> None:
    """Downgrade to `revision` ("base" for an empty database)."""
    from alembic import command  # noqa: PLC0415 - see above

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
