"""What the bot has posted, by identity, so that nothing is posted twice."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.store.once import insert_once
from bot.store.queries import charters
from bot.store.tables import posts

_GET = sa.select(posts).where(posts.c.key == sa.bindparam("key"))


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
    row = connection.execute(_GET, {"key": key}).mappings().first()
    return Post(**row) if row else None


def intend(connection: sa.Connection, post: Post) -> bool:
    """Write down that a message is about to be posted; False if somebody else has."""
    return insert_once(connection, posts, post.model_dump())


def lost(connection: sa.Connection, key: str, *, at: datetime) -> None:
    """Write down that it was posted just now without an answer: it may be there, or come."""
    connection.execute(sa.update(posts).where(posts.c.key == key).values(intended_at=at))


def sent(
    connection: sa.Connection, key: str, *, ts: str, digest: str, permalink: str | None
) -> None:
    """Write down that it was posted, or brought up to date."""
    connection.execute(
        sa.update(posts).where(posts.c.key == key).values(ts=ts, digest=digest, permalink=permalink)
    )


def forget(connection: sa.Connection, key: str, *, ts: str | None = None) -> None:
    """Forget a deleted message and all that hung on it, so that they can be posted anew.

    `ts`: only if it is still that message. One that another replica posts anew meanwhile stays.
    """
    post = get(connection, key)
    if post is None or (ts is not None and post.ts != ts):
        return
    connection.execute(sa.delete(posts).where(posts.c.key == key, posts.c.ts == post.ts))
    if post.ts is not None:
        hung_on_it = (posts.c.channel == post.channel, posts.c.thread == post.ts)
        connection.execute(sa.delete(posts).where(*hung_on_it))


def redraw_story(connection: sa.Connection, booking_id: str) -> None:
    """Have each of a charter's messages written again, whatever it is thought to show."""
    ours = posts.c.key.startswith(f"{booking_id}:", autoescape=True)
    connection.execute(sa.update(posts).where(ours).values(digest=""))


def forget_story(connection: sa.Connection, booking_id: str, *, ts: str | None) -> None:
    """Forget a charter's deleted card, which was `ts`, and have its story told anew."""
    forget(connection, f"{booking_id}:card", ts=ts)
    charters.touch(connection, booking_id)
