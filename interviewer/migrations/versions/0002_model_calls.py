"""Calls of the model, and what each day's came to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "model_call",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("interview_id", sa.String, sa.ForeignKey("interview.id", ondelete="CASCADE"), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("prompts", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer),
        sa.Column("first_ms", sa.Integer),
        sa.Column("tokens_in", sa.Integer, nullable=False),
        sa.Column("tokens_out", sa.Integer, nullable=False),
        sa.Column("estimated", sa.Boolean, nullable=False),
        sa.Column("cost", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("messages", sa.String, nullable=False),
        sa.Column("reply_schema", sa.String, nullable=False),
        sa.Column("reply", sa.String),
    )
    op.create_index("ix_model_call_interview_id", "model_call", ["interview_id"])
    op.create_table(
        "spending",
        sa.Column("day", sa.String, primary_key=True),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("tokens_in", sa.Integer, nullable=False),
        sa.Column("tokens_out", sa.Integer, nullable=False),
        sa.Column("cost", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("spending")
    op.drop_table("model_call")
