"""When an interview last moved; indexes for large histories; logs of running gradings; sums beyond 32 bits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AWAITING = sa.text("status = 'awaiting_grade'")
_SUMS = {"model_call": ("tokens_in", "tokens_out", "cost"), "spending": ("tokens_in", "tokens_out", "cost")}
_MOVED = """
UPDATE interview SET moved_at = {latest}(
    coalesce(finished_at, created_at),
    coalesce((SELECT max(say.at) FROM say WHERE say.interview_id = interview.id), created_at),
    coalesce((SELECT max(graded_at) FROM grading WHERE grading.interview_id = interview.id), created_at)
)
"""


def upgrade() -> None:
    """Add the column and fill it, change the indexes, create the table."""
    long_ago = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column(
        "interview", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False, server_default=long_ago)
    )
    op.execute(_MOVED.format(latest="max" if op.get_bind().dialect.name == "sqlite" else "greatest"))
    op.create_index("ix_interview_moved_at", "interview", ["moved_at"])
    op.create_index("ix_interview_by_owner", "interview", ["owner", "created_at", "id"])
    op.drop_index("ix_interview_owner", "interview")
    op.create_index("ix_turn_awaiting", "turn", ["interview_id"], sqlite_where=_AWAITING, postgresql_where=_AWAITING)
    op.drop_index("ix_turn_status", "turn")
    op.create_table(
        "live_log",
        sa.Column("interview_id", sa.String, sa.ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_live_log_until", "live_log", ["until"])
    _sums(sa.BigInteger())


def downgrade() -> None:
    """Undo all of it."""
    _sums(sa.Integer())
    op.drop_table("live_log")
    op.create_index("ix_turn_status", "turn", ["status"])
    op.drop_index("ix_turn_awaiting", "turn")
    op.create_index("ix_interview_owner", "interview", ["owner"])
    op.drop_index("ix_interview_by_owner", "interview")
    op.drop_index("ix_interview_moved_at", "interview")
    op.drop_column("interview", "moved_at")


def _sums(kind: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # its integers have 64 bits whatever they are called
    for table, columns in _SUMS.items():
        for column in columns:
            op.alter_column(table, column, type_=kind)
