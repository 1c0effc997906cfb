"""Reading all that the app's Home tells, in as many queries for a hundred charters as for one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.board import Board, Deed, Resent, Shelf
from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.store.queries import audit as deeds
from bot.store.queries import follow_ups as works
from bot.store.queries import overviews
from bot.store.tables import audit, charters, follow_ups, steps

_MOST_OPEN, _MOST_TO_COME, _MOST_DEEDS = 10, 30, 8
_ENDED = (works.DONE, works.FAILED, works.UNKNOWN)


def board(connection: sa.Connection, *, now: datetime, resend: str, retry: str) -> Board:
    """The board as it is `now`.

    `resend`, `retry`: the names of the follow-ups that mail crew links and that begin a run.
    """
    waiting = _shelf(connection, charters.c.state == State.PROPOSED, _MOST_OPEN)
    to_come = _shelf(connection, _is_to_come(now), _MOST_TO_COME)
    return Board(
        waiting=waiting,
        troubled=_shelf(connection, _needs_person(), _MOST_OPEN),
        to_come=to_come,
        since=_since(connection, _ids(waiting.charters)),
        resent=_resent(connection, _ids(to_come.charters), resend),
        deeds=_deeds(connection, retry),
    )


def _shelf(connection: sa.Connection, which: sa.ColumnElement[bool], most: int) -> Shelf:
    """Of the charters that are so, the first `most` by date; those without a date come first."""
    order = (charters.c.starts_at.asc().nulls_first(), charters.c.booking_id)
    query = sa.select(charters).where(which).order_by(*order).limit(most)
    found = overviews.whole(connection, query)
    total = len(found)
    if total == most:
        total = connection.scalar(sa.select(sa.func.count()).where(which)) or total
    return Shelf(charters=found, total=total)


def _is_to_come(now: datetime) -> sa.ColumnElement[bool]:
    approved = (State.RUNNING, State.DONE, State.NEEDS_PERSON)
    return sa.and_(charters.c.state.in_(approved), charters.c.ends_at >= now)


def _needs_person() -> sa.ColumnElement[bool]:
    """A run that ended so, or one that goes on although a step of it already needs a person."""
    stuck = sa.exists().where(
        steps.c.booking_id == charters.c.booking_id,
        steps.c.state.in_((StepState.FAILED, StepState.UNKNOWN)),
    )
    return sa.or_(
        charters.c.state == State.NEEDS_PERSON,
        sa.and_(charters.c.state == State.RUNNING, stuck),
    )


def _since(connection: sa.Connection, ids: Iterable[str]) -> Mapping[str, datetime]:
    rows = connection.execute(
        sa.select(charters.c.booking_id, charters.c.created_at).where(
            charters.c.booking_id.in_(tuple(ids))
        )
    )
    return {booking_id: at for booking_id, at in rows}  # noqa: C416 - a row is no pair to mypy


def _resent(connection: sa.Connection, ids: Iterable[str], resend: str) -> Mapping[str, Resent]:
    rows = connection.execute(
        sa.select(follow_ups.c.booking_id, follow_ups.c.started_at, follow_ups.c.outcome)
        .where(
            follow_ups.c.booking_id.in_(tuple(ids)),
            follow_ups.c.action == resend,
            follow_ups.c.outcome.in_(_ENDED),
        )
        .order_by(follow_ups.c.started_at)
    )
    return {booking_id: Resent(at=at, outcome=outcome) for booking_id, at, outcome in rows}


def _deeds(connection: sa.Connection, retry: str) -> tuple[Deed, ...]:
    """The latest; a click that only asked for a run is not told beside the run that it began."""
    rows = connection.execute(
        sa.select(audit)
        .where(
            audit.c.who != deeds.BOT,
            audit.c.what.not_like(f"{deeds.REFUSED}%"),
            audit.c.what.not_like(f"{retry} %"),
        )
        .order_by(audit.c.id.desc())
        .limit(_MOST_DEEDS)
    ).mappings()
    found = rows.all()
    ids = {row["booking_id"] for row in found if row["booking_id"]}
    query = sa.select(charters).where(charters.c.booking_id.in_(ids))
    about = {each.booking_id: each for each in overviews.whole(connection, query)}
    return tuple(_deed(row, about.get(row["booking_id"])) for row in found)


def _deed(row: Mapping[str, Any] | sa.RowMapping, about: Overview | None) -> Deed:
    return Deed(
        at=row["at"],
        who=row["who"],
        what=row["what"],
        booking_id=row["booking_id"],
        boat=about.proposal.boat if about else None,
        card=about.card.permalink if about and about.card else None,
    )


def _ids(found: Iterable[Overview]) -> tuple[str, ...]:
    return tuple(overview.booking_id for overview in found)
