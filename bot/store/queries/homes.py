"""Who has opened the app's Home, and what stands there."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.domain.message import Message
from bot.store.once import insert_once
from bot.store.tables import homes


class Home(Frozen):
    """One person's Home. `digest` is of what Slack shows there, None if that is not known.

    `notice` answers the person's last click there, at `noticed_at`.
    """

    user_id: str
    digest: str | None = None
    notice: Message | None = None
    noticed_at: datetime | None = None


def opened(connection: sa.Connection, user: str, *, blank: bool) -> None:
    """Write down that somebody has opened it, and so has read the answer to an earlier click.

    `blank`: Slack shows nothing there, whatever was published before.
    """
    seen = {"notice": None, "noticed_at": None, **({"digest": None} if blank else {})}
    _put(connection, user, **seen)


def users(connection: sa.Connection) -> frozenset[str]:
    """Everybody who has opened it."""
    return frozenset(connection.scalars(sa.select(homes.c.user_id)))


def get(connection: sa.Connection, user: str) -> Home | None:
    """One person's, if it was ever opened."""
    row = connection.execute(sa.select(homes).where(homes.c.user_id == user)).mappings().first()
    return Home(**row) if row else None


def published(connection: sa.Connection, user: str, digest: str) -> None:
    """Write down what Slack shows there now."""
    _put(connection, user, digest=digest)


def tell(connection: sa.Connection, user: str, notice: Message, *, at: datetime) -> None:
    """Answer a click there; the answer before it goes."""
    _put(connection, user, notice=notice.model_dump(mode="json"), noticed_at=at)


def _put(connection: sa.Connection, user: str, **values: object) -> None:
    known = sa.update(homes).where(homes.c.user_id == user).values(**values)
    if not connection.execute(known).rowcount:
        insert_once(connection, homes, {"user_id": user, **values})
