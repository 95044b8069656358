"""People, where they are logged in, and the links that let them in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _person(name: str, *, nullable: bool) -> sa.Column[str]:
    return sa.Column(name, sa.String, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=nullable, index=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "person",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("name_key", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password", sa.String, nullable=False),
        _time("created_at"),
        _time("disabled_at", nullable=True),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.String, primary_key=True),
        _person("person_id", nullable=False),
        _time("created_at"),
        _time("used_at"),
        _time("rotated_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("before", sa.String, index=True),
        sa.Column("salt", sa.String),
    )
    op.create_table(
        "invitation",
        sa.Column("token", sa.String, primary_key=True),
        sa.Column("role", sa.String),
        _person("person_id", nullable=True),
        _person("made_by", nullable=True),
        _time("made_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
        _person("used_by", nullable=True),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("invitation", "session", "person"):
        op.drop_table(table)
