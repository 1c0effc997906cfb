"""who has opened the app's Home, and who cancelled a charter"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    op.drop_column("charters", "cancelled")
    op.drop_table("homes")
