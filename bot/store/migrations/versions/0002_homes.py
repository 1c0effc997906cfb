"""who has opened the app's Home, and who cancelled a charter"""

from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_charters = sa.table(
    "charters",
    sa.column("booking_id", sa.String),
    sa.column("state", sa.String),
    sa.column("decision", sa.JSON),
    sa.column("cancelled", sa.JSON),
    sa.column("changed", sa.Integer),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)
_audit = sa.table(
    "audit",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("who", sa.String),
    sa.column("what", sa.String),
    sa.column("booking_id", sa.String),
)
# As the audit has it; one that failed changed nothing.
_CANCELLED = "cancel_charter done", "cancel_charter partly"


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("notice", sa.JSON(), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_homes")),
    )
    op.add_column("charters", sa.Column("cancelled", sa.JSON(), nullable=True))
    _know_the_cancelled_again()


def downgrade() -> None:
    # The version before knows no cancelled charter. Of what it knows, a rejected one is the nearest
    # that nobody sails; that it was approved first, and the audit, still tell what it was.
    op.execute(
        sa.update(_charters)
        .where(_charters.c.state == "cancelled")
        .values(state="rejected", changed=_charters.c.changed + 1)
    )
    op.drop_column("charters", "cancelled")
    op.drop_table("homes")


def _know_the_cancelled_again() -> None:
    """What a downgrade called rejected although it had been approved."""
    connection = op.get_bind()
    columns = (_charters.c.booking_id, _charters.c.decision, _charters.c.updated_at)
    rejected = sa.select(*columns).where(_charters.c.state == "rejected")
    for row in connection.execute(rejected).all():
        if not (row.decision or {}).get("approved"):
            continue
        by = connection.execute(
            sa.select(_audit.c.who, _audit.c.at)
            .where(_audit.c.booking_id == row.booking_id, _audit.c.what.in_(_CANCELLED))
            .order_by(_audit.c.id)
            .limit(1)
        ).first()
        user, at = (by.who, by.at) if by else (row.decision["user"], row.updated_at)
        at = at.astimezone(UTC) if at.tzinfo else at  # SQLite gives naive times back; they are UTC
        connection.execute(
            sa.update(_charters)
            .where(_charters.c.booking_id == row.booking_id)
            .values(
                state="cancelled",
                cancelled={"user": user, "at": f"{at.replace(tzinfo=None).isoformat()}Z"},
                changed=_charters.c.changed + 1,
            )
        )
