from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.domain.message import Message
from bot.domain.progress import Cancelled
from bot.store.tables import charters, follow_ups

DONE, FAILED, UNKNOWN, REFUSED = "done", "failed", "unknown", "refused"
"""How a click's work ended; "failed": it certainly had no effect."""


class FollowUp(Frozen):
    """A click's work. `outcome` without an `answer` is a note of how far it is.

    `answer` is what is said about it; it is written down before it is said.
    """

    key: str
    booking_id: str
    action: str
    user_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    answer: Message | None = None


def get(connection: sa.Connection, key: str) -> FollowUp | None:
    """The work of one click."""
    row = connection.execute(sa.select(follow_ups).where(follow_ups.c.key == key)).mappings()
    found = row.first()
    return FollowUp(**found) if found else None


def begin(
    connection: sa.Connection, work: FollowUp, *, not_within: timedelta | None = None
) -> datetime | None:
    """Write down that a click's work begins; what has begun before stays as it is.

    With `not_within`, work of that kind that began less than this ago keeps it from beginning: the
    time of that beginning is given back, each time, and this click is kept as refused. Work that
    failed without effect keeps nobody waiting.
    """
    # The charter's row is the queue at which two clicks of one moment meet.
    connection.execute(
        sa.select(charters.c.booking_id)
        .where(charters.c.booking_id == work.booking_id)
        .with_for_update()
    )
    begun = get(connection, work.key)
    if begun and begun.outcome != REFUSED:
        return None
    earlier = _latest(connection, work, work.started_at - not_within) if not_within else None
    if begun:
        return earlier or begun.started_at
    if earlier is not None:
        work = work.model_copy(update={"ended_at": work.started_at, "outcome": REFUSED})
    connection.execute(sa.insert(follow_ups).values(**work.model_dump(exclude_none=True)))
    return earlier


def note(connection: sa.Connection, key: str, outcome: str | None) -> None:
    """Write down how far it is, for whoever goes on after a crash; None for not begun."""
    connection.execute(sa.update(follow_ups).where(follow_ups.c.key == key).values(outcome=outcome))


def answered(connection: sa.Connection, key: str, *, outcome: str, answer: Message) -> None:
    """Write down what came of it, and what is to be said about it."""
    connection.execute(
        sa.update(follow_ups)
        .where(follow_ups.c.key == key)
        .values(outcome=outcome, answer=answer.model_dump(mode="json"))
    )


def end(connection: sa.Connection, key: str, *, at: datetime) -> None:
    """Write down that it was said."""
    connection.execute(sa.update(follow_ups).where(follow_ups.c.key == key).values(ended_at=at))


def cancellations(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Cancelled]:
    """By booking id: whose click it was. It dates the charter's last change."""
    if not ids:
        return {}
    its_click = sa.and_(
        follow_ups.c.booking_id == charters.c.booking_id,
        follow_ups.c.started_at == charters.c.updated_at,
    )
    rows = connection.execute(
        sa.select(charters.c.booking_id, follow_ups.c.user_id, charters.c.updated_at)
        .join(follow_ups, its_click)
        .where(charters.c.booking_id.in_(ids))
    )
    return {booking_id: Cancelled(user=user, at=at) for booking_id, user, at in rows}


def _latest(connection: sa.Connection, work: FollowUp, since: datetime) -> datetime | None:
    latest = connection.scalar(
        sa.select(sa.func.max(follow_ups.c.started_at)).where(
            follow_ups.c.booking_id == work.booking_id,
            follow_ups.c.action == work.action,
            follow_ups.c.key != work.key,
            follow_ups.c.started_at > since,
            sa.or_(follow_ups.c.outcome.is_(None), follow_ups.c.outcome.not_in((REFUSED, FAILED))),
        )
    )
    return cast("datetime | None", latest)
