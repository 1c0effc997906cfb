from datetime import datetime

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.store.tables import audit

BOT = "bot"
"""The `who` of what the bot does by itself."""
REFUSED = "refused "
"""How `what` begins where somebody was not let in."""
_DEEDS = (
    sa.select(audit.c.id)
    .where(audit.c.origin == sa.bindparam("origin"), audit.c.what.not_like(f"{REFUSED}%"))
    .limit(1)
)
_BEGUN = (
    sa.select(audit.c.who)
    .where(audit.c.booking_id == sa.bindparam("booking_id"), audit.c.what == sa.bindparam("what"))
    .limit(1)
)
_REFUSALS = (
    sa.select(audit)
    .where(audit.c.origin == sa.bindparam("origin"), audit.c.what.like(f"{REFUSED}%"))
    .limit(1)
)


def run_begun(run: int) -> str:
    """The `what` of a Retry, which begins that run."""
    return f"run {run} begun"


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
    """Whether a click, known by its key, has done a deed before: how a repeated job knows.

    That it was refused is no deed.
    """
    return connection.scalar(_DEEDS, {"origin": origin}) is not None


def refusal(connection: sa.Connection, origin: str) -> Entry | None:
    """That a click, known by its key, was refused; None if it was not."""
    row = connection.execute(_REFUSALS, {"origin": origin}).mappings().first()
    return _entry(row) if row else None


def who_began(connection: sa.Connection, booking_id: str, run: int) -> str | None:
    """Who began a charter's run by Retry: each but the first, which an approval begins."""
    about = {"booking_id": booking_id, "what": run_begun(run)}
    who: str | None = connection.scalar(_BEGUN, about)
    return who


def of_booking(connection: sa.Connection, booking_id: str) -> tuple[Entry, ...]:
    """All that was done about one booking, oldest first."""
    rows = connection.execute(
        sa.select(audit).where(audit.c.booking_id == booking_id).order_by(audit.c.id)
    )
    return tuple(_entry(row) for row in rows.mappings())


def _entry(row: sa.RowMapping) -> Entry:
    return Entry(**{name: value for name, value in row.items() if name != "id"})
