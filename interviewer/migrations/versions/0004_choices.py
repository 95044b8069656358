"""Chosen options, flagged questions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("say", sa.Column("chosen", sa.String))
    op.add_column("turn", sa.Column("flagged", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("turn") as turn:
        turn.drop_column("flagged")
    with op.batch_alter_table("say") as say:
        say.drop_column("chosen")
