"""Alarms about mail in an unknown form: not more than one a marketplace and hour."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.queries.audit import BOT, Entry, add
from bot.store.tables import audit

_ALARM = 0x4348414C  # "CHAL": the first of the two keys of a marketplace's lock on PostgreSQL
_WHAT = "drift alarm"
_QUIET = timedelta(hours=1)


def claim(connection: sa.Connection, marketplace: str, *, mail_key: str, at: datetime) -> bool:
    """Whether this very mail is to raise the alarm; the same mail is told the same again.

    The record of deeds holds it, so that it is also known afterwards when forms changed. Of two
    mails at once, which two replicas may read, one is told so.
    """
    _one_at_a_time(connection, marketplace)
    alarms = sa.select(audit.c.origin).where(
        audit.c.what == _WHAT,
        sa.or_(
            audit.c.origin == mail_key,
            sa.and_(audit.c.detail == marketplace, audit.c.at > at - _QUIET),
        ),
    )
    raised = connection.scalars(alarms).all()
    if not raised:
        add(connection, Entry(at=at, who=BOT, what=_WHAT, origin=mail_key, detail=marketplace))
    return not raised or mail_key in raised


def _one_at_a_time(connection: sa.Connection, marketplace: str) -> None:
    """Until the end of the transaction. SQLite lets one at a time change anything, anyway."""
    if connection.dialect.name == "postgresql":
        key = sa.cast(sa.literal(_ALARM), sa.Integer), sa.func.hashtext(marketplace)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(*key)))
