"""Links to reports; when a draft was begun."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, add the column."""
    op.create_table(
        "share",
        sa.Column("interview_id", sa.String, sa.ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("token", sa.String, nullable=False, unique=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("draft", sa.Column("begun_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop both."""
    with op.batch_alter_table("draft") as draft:
        draft.drop_column("begun_at")
    op.drop_table("share")
