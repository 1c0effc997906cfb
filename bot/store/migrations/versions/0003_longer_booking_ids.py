"""room for other marketplaces' booking ids, such as Viator's `br-1437096751`"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = ("mails", "bookings", "charters", "steps", "follow_ups", "audit")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # heeds no lengths
        return
    for table in _TABLES:
        op.alter_column(
            table,
            "booking_id",
            existing_type=sa.String(length=8),
            type_=sa.String(length=16),
        )


def downgrade() -> None:
    """The wider columns stay: the version before works with them."""
