from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.store.tables import charters, follow_ups

REFUSED = "refused"


class FollowUp(Frozen):
    """A click's work. `outcome` without `ended_at` is a note of what is about to be done."""

    key: str
    booking_id: str
    action: str
    user_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


def get(connection: sa.Connection, key: str) -> FollowUp | None:
    """The work of one click."""
    row = connection.execute(sa.select(follow_ups).where(follow_ups.c.key == key)).mappings()
    found = row.first()
    return FollowUp(**found) if found else None


def begin(
    connection: sa.Connection, work: FollowUp, *, not_within: timedelta | None = None
) -> datetime | None:
    """Write down that a click's work begins.

    With `not_within`, work of that kind that began less than this ago keeps it from beginning: the
    time of that beginning is given back, and this click is kept as refused.
    """
    # The charter's row is the queue at which two clicks of one moment meet.
    connection.execute(
        sa.select(charters.c.booking_id)
        .where(charters.c.booking_id == work.booking_id)
        .with_for_update()
    )
    earlier = _latest(connection, work, work.started_at - not_within) if not_within else None
    if earlier is not None:
        work = work.model_copy(update={"ended_at": work.started_at, "outcome": REFUSED})
    connection.execute(sa.insert(follow_ups).values(**work.model_dump()))
    return earlier


def note(connection: sa.Connection, key: str, outcome: str) -> None:
    """Write down what is about to be done, for whoever goes on after a crash."""
    connection.execute(sa.update(follow_ups).where(follow_ups.c.key == key).values(outcome=outcome))


def end(connection: sa.Connection, key: str, *, outcome: str, at: datetime) -> None:
    """Write down how it ended."""
    connection.execute(
        sa.update(follow_ups).where(follow_ups.c.key == key).values(ended_at=at, outcome=outcome)
    )


def _latest(connection: sa.Connection, work: FollowUp, since: datetime) -> datetime | None:
    latest = connection.scalar(
        sa.select(sa.func.max(follow_ups.c.started_at)).where(
            follow_ups.c.booking_id == work.booking_id,
            follow_ups.c.action == work.action,
            follow_ups.c.key != work.key,
            follow_ups.c.started_at > since,
            sa.or_(follow_ups.c.outcome.is_(None), follow_ups.c.outcome != REFUSED),
        )
    )
    return cast("datetime | None", latest)
