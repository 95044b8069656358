"""Counts of how often somebody did something, for limits that several processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rate",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("spent_before", sa.Integer, nullable=False),
        sa.Column("ends_at", sa.Float, nullable=False),
    )
    op.create_index("ix_rate_ends_at", "rate", ["ends_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("rate")
