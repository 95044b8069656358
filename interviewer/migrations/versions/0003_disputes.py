"""Disputes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "dispute",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("interview_id", sa.String, sa.ForeignKey("interview.id", ondelete="CASCADE"), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("point", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("grader", sa.String, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("decided", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("settled_by", sa.String),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_dispute_interview_id", "dispute", ["interview_id"])
    op.create_index("ix_dispute_status", "dispute", ["status"])
    op.create_index(
        "ix_dispute_open",
        "dispute",
        ["interview_id", "turn", "point"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("dispute")
