"""The bot's own tables: the truth that a person is told. Times are UTC."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC, on databases with and without time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Refuse naive times: a time without a zone is a bug."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """SQLite gives naive times back; they are UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# What `as_booking_id` takes. SQLite heeds no lengths, so its tables stay as they were made.
BookingId = sa.String(8).with_variant(sa.String(16), "postgresql")

mails = sa.Table(
    "mails",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("ts", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(20), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("kind", sa.String(20)),
    sa.Column("booking_id", BookingId, index=True),
    sa.Column("outcome", sa.Text),
)

bookings = sa.Table(
    "bookings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("booking_id", BookingId, nullable=False, index=True),
    sa.Column("mail_key", sa.ForeignKey("mails.key")),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

charters = sa.Table(
    "charters",
    metadata,
    sa.Column("booking_id", BookingId, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("proposal", sa.JSON, nullable=False),
    sa.Column("charter", sa.JSON),
    sa.Column("boat", sa.String(200), index=True),
    sa.Column("starts_at", UtcDateTime, index=True),
    sa.Column("ends_at", UtcDateTime),
    sa.Column("decision", sa.JSON),
    sa.Column("cancelled", sa.JSON),
    sa.Column("run", sa.Integer, nullable=False, server_default="0"),
    sa.Column("mail_channel", sa.String(20)),
    sa.Column("mail_ts", sa.String(32)),
    sa.Column("mail_permalink", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False, server_default="1"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
)

steps = sa.Table(
    "steps",
    metadata,
    sa.Column("booking_id", sa.ForeignKey("charters.booking_id"), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("artefact", sa.JSON),
    sa.Column("what", sa.Text, nullable=False, server_default=""),
    sa.Column("hint", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("thread", sa.String(32)),
    sa.Column("ts", sa.String(32)),
    sa.Column("permalink", sa.Text),
    sa.Column("digest", sa.String(64)),
    sa.Column("intended_at", UtcDateTime, nullable=False),
)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("booking_id", BookingId, nullable=False, index=True),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(20), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("outcome", sa.Text),
    sa.Column("answer", sa.JSON),
)

homes = sa.Table(
    "homes",
    metadata,
    sa.Column("user_id", sa.String(20), primary_key=True),
    sa.Column("digest", sa.String(64)),
    sa.Column("notice", sa.JSON(none_as_null=True)),
    sa.Column("noticed_at", UtcDateTime),
)

listings = sa.Table(
    "listings",
    metadata,
    sa.Column("listing", sa.String(400), primary_key=True),
    sa.Column("boat", sa.String(200), nullable=False),
    sa.Column("user_id", sa.String(20), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("what", sa.String(80), nullable=False),
    sa.Column("booking_id", BookingId, index=True),
    sa.Column("origin", sa.String(200), nullable=False, index=True),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
)

# Besides the bot's own care, the database itself refuses to change or forget what was done.
_APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        for change in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
        ),
    ),
}


@sa.event.listens_for(audit, "after_create")
def _make_append_only(_audit: sa.Table, connection: sa.Connection, **_options: Any) -> None:
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.execute(sa.text(statement))
