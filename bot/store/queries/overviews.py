"""Reading charters: everything that a person may ask about."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.domain.boat import Boat
from bot.domain.charter import Charter, Proposal, State, conflicts
from bot.domain.progress import Cancelled, Conflict, Decision, Overview, Posted, StepProgress
from bot.store.queries import restores
from bot.store.tables import charters, posts, steps

_ACTIVE = (State.PROPOSED, State.NEEDS_PERSON, State.RUNNING)
_RELEVANT = (*_ACTIVE, State.DONE)
_WAITING, _UPCOMING, _OVER = range(3)
_WIDEST = timedelta(days=3)
# Built once: to build and to recognise a statement takes longer than SQLite takes to answer it.
_ONE = sa.select(charters).where(charters.c.booking_id == sa.bindparam("booking_id"))
_CHANGED = sa.select(charters.c.changed).where(charters.c.booking_id == sa.bindparam("booking_id"))
_STANDING = (
    sa.select(charters.c.state, posts.c.ts)
    .outerjoin(posts, posts.c.key == sa.bindparam("key"))
    .where(charters.c.booking_id == sa.bindparam("booking_id"))
)
_CARDS = sa.select(posts.c.key, posts.c.channel, posts.c.ts, posts.c.permalink).where(
    posts.c.key.in_(sa.bindparam("keys", expanding=True)), posts.c.ts.is_not(None)
)
_STEPS = (
    sa.select(steps)
    .where(steps.c.booking_id.in_(sa.bindparam("booking_ids", expanding=True)))
    .order_by(steps.c.position)
)
_NEAR = (
    sa.select(
        charters.c.boat,
        charters.c.booking_id,
        charters.c.starts_at,
        charters.c.ends_at,
        posts.c.permalink,
    )
    .outerjoin(posts, posts.c.key == charters.c.booking_id + ":card")
    .where(
        charters.c.boat.in_(sa.bindparam("boats", expanding=True)),
        charters.c.state.in_(_RELEVANT),
        charters.c.starts_at < sa.bindparam("before"),
        charters.c.ends_at > sa.bindparam("after"),
    )
    .order_by(charters.c.starts_at)
)


def overview(connection: sa.Connection, booking_id: str) -> Overview | None:
    """One charter, whole."""
    found = whole(connection, _ONE, {"booking_id": booking_id})
    return found[0] if found else None


def overviews(connection: sa.Connection, *, limit: int = 1000) -> tuple[Overview, ...]:
    """The charters, what matters most first; at most `limit`.

    First what waits, runs or needs a person, the latest change first; then what is set up and to
    come, by date; then what is over and what was rejected, the latest date first.
    """
    return whole(connection, _ranked().limit(limit))


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
    return connection.scalar(_CHANGED, {"booking_id": booking_id}) or 0


def standing(connection: sa.Connection, booking_id: str) -> tuple[str, bool] | None:
    """A charter's state, and whether its card is known to stand in Slack."""
    row = connection.execute(
        _STANDING, {"booking_id": booking_id, "key": _card_key(booking_id)}
    ).first()
    return (row.state, row.ts is not None) if row else None


def near(connection: sa.Connection, text: str) -> tuple[str, ...]:
    """Known booking ids that resemble `text`, the nearest first; at most three."""
    known = connection.scalars(sa.select(charters.c.booking_id)).all()
    return tuple(difflib.get_close_matches(text.lower(), known, n=3, cutoff=0.6))


def colliding(connection: sa.Connection, proposal: Proposal) -> tuple[Conflict, ...]:
    """Other charters of the same boat that overlap or leave less than the turnaround."""
    return _conflicts(connection, [proposal]).get(proposal.booking_id, ())


def _rank() -> sa.ColumnElement[int]:
    """How much a charter asks for attention; the clock is the database's."""
    to_come = charters.c.ends_at >= sa.func.current_timestamp()
    return sa.case(
        (charters.c.state.in_(_ACTIVE), _WAITING),
        (sa.and_(charters.c.state == State.DONE, to_come), _UPCOMING),
        else_=_OVER,
    )


def _ranked() -> sa.Select[Any]:
    rank, starts_at = _rank(), charters.c.starts_at
    return sa.select(charters).order_by(
        rank,
        sa.case((rank == _WAITING, charters.c.updated_at)).desc().nulls_last(),
        sa.case((rank == _UPCOMING, starts_at)).asc().nulls_last(),
        starts_at.desc().nulls_last(),
        charters.c.booking_id,
    )


def whole(
    connection: sa.Connection, query: sa.Select[Any], about: Mapping[str, Any] | None = None
) -> tuple[Overview, ...]:
    """Whole charters, in as many queries for a hundred as for one. `about`: the query's values."""
    rows = connection.execute(query, about).mappings().all()
    ids = [row["booking_id"] for row in rows]
    proposals = [Proposal.model_validate(row["proposal"]) for row in rows]
    pending = (State(row["state"]) is State.PROPOSED for row in rows)
    clashes = _conflicts(
        connection, [p for p, open_ in zip(proposals, pending, strict=True) if open_]
    )
    cards, plans = _cards(connection, ids), _steps(connection, ids)
    restored = _restored(connection, rows)
    return tuple(
        Overview(
            booking_id=row["booking_id"],
            state=State(row["state"]),
            version=row["version"],
            proposal=proposal,
            updated_at=row["updated_at"],
            decision=Decision.model_validate(row["decision"]) if row["decision"] else None,
            cancelled=Cancelled.model_validate(row["cancelled"]) if row["cancelled"] else None,
            steps=tuple(plans[row["booking_id"]]),
            conflicts=clashes.get(row["booking_id"], ()),
            card=cards.get(_card_key(row["booking_id"])),
            mail=_mail(row) if row["mail_ts"] else None,
            run=row["run"],
            restored=row["booking_id"] in restored,
        )
        for row, proposal in zip(rows, proposals, strict=True)
    )


def _restored(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> frozenset[str]:
    """Which of those that were not approved may have been so before the database was restored."""
    asked = [row for row in rows if State(row["state"]) in {State.PROPOSED, State.REJECTED}]
    last = restores.latest(connection) if asked else None
    if last is None:
        return frozenset()
    return frozenset(
        row["booking_id"]
        for row in asked
        if last.doubts(_mail(row) if row["mail_ts"] else None)
        and not _was_rejected(row, before=last.taken_at)
    )


def _was_rejected(row: sa.RowMapping, *, before: datetime) -> bool:
    decision = row["decision"] and Decision.model_validate(row["decision"])
    return bool(decision) and decision.at <= before


class _Slot(NamedTuple):
    """When a proposal wants its boat."""

    boat: Boat
    starts_at: datetime
    ends_at: datetime


def _slot(proposal: Proposal) -> _Slot | None:
    booking, boat = proposal.booking, proposal.boat
    if boat is None or booking.starts_at is None or booking.ends_at is None:
        return None
    return _Slot(boat, booking.starts_at, booking.ends_at)


def _conflicts(
    connection: sa.Connection, proposals: Iterable[Proposal]
) -> Mapping[str, tuple[Conflict, ...]]:
    """By booking id of the proposals that have a boat and a time."""
    slots = {p.booking_id: slot for p in proposals if (slot := _slot(p))}
    if not slots:
        return {}
    neighbours = _neighbours(connection, slots.values())
    return {
        booking_id: tuple(
            other
            for other in neighbours[slot.boat.name]
            if other.booking_id != booking_id
            and conflicts(
                (slot.starts_at, slot.ends_at),
                (other.starts_at, other.ends_at),
                slot.boat.turnaround_minutes,
            )
        )
        for booking_id, slot in slots.items()
    }


def _neighbours(
    connection: sa.Connection, slots: Iterable[_Slot]
) -> Mapping[str, Sequence[Conflict]]:
    """What may be near any of `slots`, by boat."""
    wanted = tuple(slots)
    about = {
        "boats": sorted({slot.boat.name for slot in wanted}),
        "before": max(slot.ends_at for slot in wanted) + _WIDEST,
        "after": min(slot.starts_at for slot in wanted) - _WIDEST,
    }
    rows = connection.execute(_NEAR, about)
    found = defaultdict[str, list[Conflict]](list)
    for boat, other, start, end, permalink in rows:
        clash = Conflict(booking_id=other, starts_at=start, ends_at=end, permalink=permalink)
        found[boat].append(clash)
    return found


def _card_key(booking_id: str) -> str:
    return f"{booking_id}:card"


def _cards(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Posted]:
    """By the post's key."""
    rows = connection.execute(_CARDS, {"keys": [_card_key(booking_id) for booking_id in ids]})
    return {
        key: Posted(channel=channel, ts=ts, permalink=permalink)
        for key, channel, ts, permalink in rows
    }


def _steps(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Sequence[StepProgress]]:
    """By booking id, in the order of the plan."""
    rows = connection.execute(_STEPS, {"booking_ids": list(ids)}).mappings()
    found = defaultdict[str, list[StepProgress]](list)
    for row in rows:
        progress = {k: v for k, v in row.items() if k not in {"booking_id", "position"}}
        found[row["booking_id"]].append(StepProgress.model_validate(progress))
    return found


def _mail(row: sa.RowMapping) -> Posted:
    return Posted(channel=row["mail_channel"], ts=row["mail_ts"], permalink=row["mail_permalink"])
