from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.frozen import Frozen
from bot.domain.message import Message
from bot.store.tables import charters, follow_ups

DONE, PARTLY, FAILED, UNKNOWN, REFUSED = "done", "partly", "failed", "unknown", "refused"
"""How a click's work ended.

"failed": what was asked for did not come about. Of a Resend that means that nothing was mailed;
others may have gone part of the way, as a Cancel whose page was put but is not seen yet.
"""

SENDING = "sending"
"""A note of how far it is: mail may be on its way, and nobody can be asked whether it is."""
MAILS = frozenset({"resend_crew_links"})
"""Actions that mail people."""


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


class Kept(Frozen):
    """What keeps a click's work from beginning: an `earlier` one, or else that it is cancelled."""

    earlier: datetime | None = None


def begin(
    connection: sa.Connection,
    work: FollowUp,
    *,
    not_within: timedelta | None = None,
    on_cancelled: bool = True,
) -> Kept | None:
    """Write down that a click's work begins; what has begun before stays as it is.

    With `not_within`, work of that kind that began less than this ago keeps it from beginning: the
    time of that beginning is given back, each time, and this click is kept as refused. Work that
    failed without effect keeps nobody waiting. Unless `on_cancelled`, a cancelled charter keeps it
    from beginning, too, and from going on if it has come to nothing yet.
    """
    cancelled = _is_cancelled(connection, work)
    begun = get(connection, work.key)
    if begun and begun.outcome not in {None, REFUSED}:
        return None
    if begun is None or begun.outcome is None:
        if cancelled and not on_cancelled:
            return Kept()
        if begun:
            return None
    kept = _after_another(connection, work, begun, not_within)
    if begun is None:
        if kept is not None:
            work = work.model_copy(update={"ended_at": work.started_at, "outcome": REFUSED})
        connection.execute(sa.insert(follow_ups).values(**work.model_dump(exclude_none=True)))
    return kept


def _after_another(
    connection: sa.Connection, work: FollowUp, begun: FollowUp | None, not_within: timedelta | None
) -> Kept | None:
    """Whether it comes too soon after another. `begun`: it itself, if it was refused before."""
    earlier = _latest(connection, work, work.started_at - not_within) if not_within else None
    if begun:
        earlier = earlier or begun.started_at
    return None if earlier is None else Kept(earlier=earlier)


def note(connection: sa.Connection, key: str, outcome: str | None) -> None:
    """Write down how far it is, for whoever goes on after a crash; None for not begun."""
    connection.execute(sa.update(follow_ups).where(follow_ups.c.key == key).values(outcome=outcome))


def note_unless_cancelled(connection: sa.Connection, work: FollowUp, outcome: str) -> bool:
    """The same, last before an effect; False if the charter was cancelled since the work began."""
    if _is_cancelled(connection, work):
        return False
    note(connection, work.key, outcome)
    return True


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


def _is_cancelled(connection: sa.Connection, work: FollowUp) -> bool:
    """Whether its charter is; in the queue at which two clicks of one moment meet, its row."""
    state = connection.scalar(
        sa.select(charters.c.state)
        .where(charters.c.booking_id == work.booking_id)
        .with_for_update()
    )
    return state == State.CANCELLED


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
