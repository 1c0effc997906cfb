from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.store.tables import audit


class Entry(Frozen):
    """Who did what, when (UTC), and from where. Rows are only ever added."""

    at: datetime
    who: str
    what: str
    booking_id: str | None = None
    origin: str
    detail: str = ""


def add(connection: sa.Connection, entry: Entry) -> None:
    """Write it down."""
    connection.execute(sa.insert(audit).values(**entry.model_dump()))


def has(connection: sa.Connection, origin: str) -> bool:
    """Whether a click, known by its key, has done its work before: how a repeated job knows."""
    known = sa.select(audit.c.id).where(audit.c.origin == origin).limit(1)
    return connection.scalar(known) is not None


def of_booking(connection: sa.Connection, booking_id: str) -> tuple[Entry, ...]:
    """All that was done about one booking, oldest first."""
    rows = connection.execute(
        sa.select(audit).where(audit.c.booking_id == booking_id).order_by(audit.c.id)
    )
    return tuple(Entry(**{k: v for k, v in row.items() if k != "id"}) for row in rows.mappings())
