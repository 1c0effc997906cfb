"""Reading charters: everything that a person may ask about."""

import difflib
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.charter import Charter, Proposal, State, conflicts
from bot.domain.progress import Conflict, Decision, Overview, Posted, StepProgress
from bot.store.tables import charters, posts, steps

_RELEVANT = (State.PROPOSED, State.RUNNING, State.NEEDS_PERSON, State.DONE)
_WIDEST = timedelta(days=3)


def overview(connection: sa.Connection, booking_id: str) -> Overview | None:
    """One charter, whole."""
    row = (
        connection.execute(sa.select(charters).where(charters.c.booking_id == booking_id))
        .mappings()
        .first()
    )
    return _overview(connection, row) if row else None


def overviews(connection: sa.Connection, *, limit: int = 200) -> tuple[Overview, ...]:
    """The charters by date, those without one first; at most `limit`, the latest dates."""
    latest = sa.select(charters).order_by(charters.c.starts_at.desc()).limit(limit)
    rows = connection.execute(latest).mappings().all()
    return tuple(_overview(connection, row) for row in reversed(rows))


def approved(connection: sa.Connection, booking_id: str) -> Charter | None:
    """The frozen charter of an approved proposal."""
    content = connection.scalar(
        sa.select(charters.c.charter).where(charters.c.booking_id == booking_id)
    )
    return Charter.model_validate(content) if content else None


def unfinished(connection: sa.Connection) -> tuple[tuple[str, int], ...]:
    """Charters whose run has not ended, with the run's number."""
    rows = connection.execute(
        sa.select(charters.c.booking_id, charters.c.run).where(charters.c.state == State.RUNNING)
    )
    return tuple((booking_id, run) for booking_id, run in rows)


def unshown(connection: sa.Connection) -> tuple[str, ...]:
    """Charters whose messages in Slack are behind."""
    return tuple(
        connection.scalars(
            sa.select(charters.c.booking_id).where(charters.c.changed > charters.c.shown)
        )
    )


def changed(connection: sa.Connection, booking_id: str) -> int:
    """The number of a charter's latest change."""
    return (
        connection.scalar(sa.select(charters.c.changed).where(charters.c.booking_id == booking_id))
        or 0
    )


def near(connection: sa.Connection, text: str) -> tuple[str, ...]:
    """Known booking ids that resemble `text`, the nearest first; at most three."""
    known = connection.scalars(sa.select(charters.c.booking_id)).all()
    return tuple(difflib.get_close_matches(text.lower(), known, n=3, cutoff=0.6))


def colliding(connection: sa.Connection, proposal: Proposal) -> tuple[Conflict, ...]:
    """Other charters of the same boat that overlap or leave less than the turnaround."""
    booking, boat = proposal.booking, proposal.boat
    if boat is None or booking.starts_at is None or booking.ends_at is None:
        return ()
    span = (booking.starts_at, booking.ends_at)
    rows = connection.execute(
        sa.select(
            charters.c.booking_id, charters.c.starts_at, charters.c.ends_at, posts.c.permalink
        )
        .outerjoin(posts, posts.c.key == charters.c.booking_id + ":card")
        .where(
            charters.c.boat == boat.name,
            charters.c.booking_id != proposal.booking_id,
            charters.c.state.in_(_RELEVANT),
            charters.c.starts_at < booking.ends_at + _WIDEST,
            charters.c.ends_at > booking.starts_at - _WIDEST,
        )
        .order_by(charters.c.starts_at)
    )
    return tuple(
        Conflict(booking_id=other, starts_at=start, ends_at=end, permalink=permalink)
        for other, start, end, permalink in rows
        if conflicts(span, (start, end), boat.turnaround_minutes)
    )


def _overview(connection: sa.Connection, row: sa.RowMapping) -> Overview:
    proposal = Proposal.model_validate(row["proposal"])
    pending = row["state"] == State.PROPOSED
    card = (
        connection.execute(sa.select(posts).where(posts.c.key == f"{row['booking_id']}:card"))
        .mappings()
        .first()
    )
    return Overview(
        booking_id=row["booking_id"],
        state=State(row["state"]),
        version=row["version"],
        proposal=proposal,
        updated_at=row["updated_at"],
        decision=Decision.model_validate(row["decision"]) if row["decision"] else None,
        steps=tuple(_steps(connection, row["booking_id"])),
        conflicts=colliding(connection, proposal) if pending else (),
        card=_posted(card) if card and card["ts"] else None,
        mail=_mail(row) if row["mail_ts"] else None,
        run=row["run"],
    )


def _mail(row: sa.RowMapping) -> Posted:
    return Posted(channel=row["mail_channel"], ts=row["mail_ts"], permalink=row["mail_permalink"])


def _posted(row: sa.RowMapping) -> Posted:
    return Posted(channel=row["channel"], ts=row["ts"], permalink=row["permalink"])


def _steps(connection: sa.Connection, booking_id: str) -> Iterable[StepProgress]:
    rows = connection.execute(
        sa.select(steps).where(steps.c.booking_id == booking_id).order_by(steps.c.position)
    ).mappings()
    for row in rows:
        yield StepProgress.model_validate(
            {k: v for k, v in row.items() if k not in {"booking_id", "position"}}
        )
