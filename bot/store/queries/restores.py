"""That the database was restored: what it says is older than what has happened.

Between the backup and the restore the bot did things that it does not know of any more. What can
be looked for is looked for: steps find what is there, and messages are known by their identity. A
restored charter's messages are all drawn again, so that they tell what the database says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.frozen import Frozen
from bot.domain.progress import Posted
from bot.store.queries import audit as deeds
from bot.store.queries import follow_ups as works
from bot.store.tables import audit, charters, homes, posts

_ORIGIN = "restore"
_STORY = ("%:card", "%:checklist", "%:closing:%")
_OPEN = (State.PROPOSED, State.RUNNING, State.NEEDS_PERSON)
_LATELY = timedelta(days=7)
_CATCHES_UP_WITHIN = timedelta(days=1)


class Restore(Frozen):
    """`at` it was restored to what it was when the backup was `taken_at`; both in UTC."""

    at: datetime
    taken_at: datetime

    def catches_up(self, now: datetime) -> bool:
        """Whether mail that had come before it is still looked for."""
        return now < self.at + _CATCHES_UP_WITHIN

    def doubts(self, mail: Posted | None) -> bool:
        """Whether what that mail led to may have been done since the backup: it is older."""
        return mail is None or float(mail.ts) <= self.at.timestamp()


def latest(connection: sa.Connection) -> Restore | None:
    """The last one, as far as effects may be unknown: since the oldest backup of them all."""
    rows = connection.execute(
        sa.select(audit.c.at, audit.c.detail).where(audit.c.origin == _ORIGIN).order_by(audit.c.id)
    ).all()
    if not rows:
        return None
    return Restore(at=rows[-1].at, taken_at=min(datetime.fromisoformat(r.detail) for r in rows))


def mark(
    connection: sa.Connection,
    *,
    at: datetime,
    taken_at: datetime,
    under_way: Iterable[Mapping[str, Any]],
) -> None:
    """Write down that it is restored. `under_way`: payloads of jobs that had not ended then."""
    entry = deeds.Entry(
        at=at, who=deeds.BOT, what="restored", origin=_ORIGIN, detail=taken_at.isoformat()
    )
    deeds.add(connection, entry)
    connection.execute(
        sa.update(posts).where(sa.or_(*map(posts.c.key.like, _STORY))).values(digest="")
    )
    still_of_interest = sa.or_(
        charters.c.state.in_(_OPEN),
        charters.c.ends_at.is_(None),
        charters.c.ends_at > taken_at - _LATELY,
    )
    connection.execute(
        sa.update(charters).where(still_of_interest).values(changed=charters.c.changed + 1)
    )
    connection.execute(sa.update(homes).values(digest=None))
    for payload in under_way:
        if payload.get("action") in works.MAILS:
            _may_have_been_done(connection, payload, taken_at)


def _may_have_been_done(
    connection: sa.Connection, payload: Mapping[str, Any], taken_at: datetime
) -> None:
    """It may have gone on to mail people after the backup: the one who clicked is told so."""
    if works.get(connection, payload["key"]) is None:
        work = works.FollowUp(
            key=payload["key"],
            booking_id=payload["booking_id"],
            action=payload["action"],
            user_id=payload["user"],
            started_at=taken_at,
        )
        works.begin(connection, work)
    found = works.get(connection, payload["key"])
    if found is not None and found.outcome is None:
        works.note(connection, payload["key"], works.SENDING)
