"""What the bot has posted, by identity, so that nothing is posted twice."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.store.tables import posts


class Post(Frozen):
    """A message of ours. Without `ts` it was intended, perhaps sent; `digest` is of its content."""

    key: str
    channel: str
    thread: str | None = None
    ts: str | None = None
    permalink: str | None = None
    digest: str | None = None
    intended_at: datetime


def get(connection: sa.Connection, key: str) -> Post | None:
    """The post of that identity."""
    row = connection.execute(sa.select(posts).where(posts.c.key == key)).mappings().first()
    return Post(**row) if row else None


def intend(connection: sa.Connection, post: Post) -> None:
    """Write down that a message is about to be posted."""
    connection.execute(sa.insert(posts).values(**post.model_dump()))


def sent(
    connection: sa.Connection, key: str, *, ts: str, digest: str, permalink: str | None
) -> None:
    """Write down that it was posted, or brought up to date."""
    connection.execute(
        sa.update(posts).where(posts.c.key == key).values(ts=ts, digest=digest, permalink=permalink)
    )


def forget(connection: sa.Connection, key: str) -> None:
    """Forget a message that a person deleted, so that it can be posted anew."""
    connection.execute(sa.delete(posts).where(posts.c.key == key))
