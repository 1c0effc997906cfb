"""Who has opened the app's Home, and what stands there."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.domain.message import Message
from bot.store.once import insert_once
from bot.store.tables import homes

_END = "."
_USERS = sa.select(homes.c.user_id)


class Home(Frozen):
    """One person's Home. `mark` is that of the last publish there, and of no other.

    `notice` answers the person's last click there, at `noticed_at`.
    """

    user_id: str
    mark: str | None = None
    notice: Message | None = None
    noticed_at: datetime | None = None

    @property
    def digest(self) -> str:
        """A digest of what Slack shows there, "" if that is not known."""
        return (self.mark or "").partition(_END)[0]


def opened(connection: sa.Connection, user: str, *, blank: bool) -> None:
    """Write down that somebody has opened it, and so has read the answer to an earlier click.

    `blank`: Slack shows nothing there, whatever was published before.
    """
    seen = {"notice": None, "noticed_at": None, **({"digest": _mark()} if blank else {})}
    _put(connection, user, **seen)


def users(connection: sa.Connection) -> frozenset[str]:
    """Everybody who has opened it."""
    return frozenset(connection.scalars(_USERS))


def all_of_them(connection: sa.Connection) -> dict[str, Home]:
    """Every Home that was ever opened, by its person."""
    columns = (homes.c.user_id, homes.c.notice, homes.c.noticed_at, homes.c.digest.label("mark"))
    rows = connection.execute(sa.select(*columns)).mappings()
    return {row["user_id"]: Home(**row) for row in rows}


def published(
    connection: sa.Connection, user: str, digest: str, *, after: str | None
) -> str | None:
    """Write down what Slack shows there now, if the mark still is `after`; the new mark.

    Where it is another, somebody published meanwhile, and Slack may show theirs or this: then what
    it shows is not known any more, and the answer is None.
    """
    theirs = sa.update(homes).where(homes.c.user_id == user)
    mark = _mark(digest)
    unchanged = theirs.where(homes.c.digest.is_not_distinct_from(after))
    if connection.execute(unchanged.values(digest=mark)).rowcount:
        return mark
    connection.execute(theirs.values(digest=_mark()))
    return None


def forget(connection: sa.Connection, user: str) -> None:
    """Whoever this was, Slack does not know them any more."""
    connection.execute(sa.delete(homes).where(homes.c.user_id == user))


def tell(connection: sa.Connection, user: str, notice: Message, *, at: datetime) -> None:
    """Answer a click there; the answer before it goes."""
    _put(connection, user, notice=notice.model_dump(mode="json"), noticed_at=at)


def _put(connection: sa.Connection, user: str, **values: object) -> None:
    known = sa.update(homes).where(homes.c.user_id == user).values(**values)
    if not connection.execute(known).rowcount:
        insert_once(connection, homes, {"user_id": user, **values})


def _mark(digest: str = "") -> str:
    """A mark like no other: the same view published twice leaves two."""
    return f"{digest}{_END}{secrets.token_hex(8)}"
