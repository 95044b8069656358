"""Interviews, turns, says, gradings, drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _interview_id() -> sa.Column[str]:
    return sa.Column("interview_id", sa.String, sa.ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "interview",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("queue", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lease_holder", sa.String),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_interview_owner", "interview", ["owner"])
    op.create_table(
        "turn",
        _interview_id(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    op.create_index("ix_turn_status", "turn", ["status"])
    op.create_table(
        "say",
        _interview_id(),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("point", sa.String),
    )
    op.create_table(
        "grading",
        _interview_id(),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("grader", sa.String, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("prompt", sa.String),
        sa.Column("bank", sa.String, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.String, nullable=False),
    )
    op.create_table(
        "draft",
        _interview_id(),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("draft", "grading", "say", "turn", "interview"):
        op.drop_table(table)
