"""Bring a database to the schema this code expects: made anew, or upgraded by Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from bot.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
_STAMP = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchemaError(Exception):
    """The database is of a newer version of the bot."""


def current(engine: sa.Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect().execution_options(reading=True) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return cast("str | None", revision)


def migrate(engine: sa.Engine) -> bool:
    """Upgrade to the newest revision; whether there was nothing before.

    Alembic costs a tenth of a second and eight megabytes to import: a database that is up to date,
    or has nothing in it, does without.

    Raises:
        NewerSchemaError: a newer version of the bot has worked on it.
    """
    revision = current(engine)
    if revision == HEAD:
        return False
    if revision is not None and revision > HEAD:
        raise NewerSchemaError(
            f"the database is at revision {revision}, which is newer than this version of the bot "
            f"knows ({HEAD}): run that version again, or restore the backup from before the upgrade"
        )
    with engine.begin() as connection:
        if sa.inspect(connection).get_table_names():
            _upgrade(connection)
            return False
        _create(connection)
        return True


def _create(connection: sa.Connection) -> None:
    """Make every table in an empty database, as the migrations would have."""
    metadata.create_all(connection)
    _STAMP.create(connection)
    connection.execute(_STAMP.insert().values(version_num=HEAD))


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see `migrate`

    command.upgrade(_config(connection), HEAD)


def revert(engine: sa.Engine, revision: str) -> None:
    """Downgrade to `revision` ("base" for an empty database)."""
    from alembic import command  # noqa: PLC0415 - see `migrate`

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see `migrate`

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
