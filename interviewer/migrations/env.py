"""Alembic's entry: runs the migrations on the connection it is handed."""

from alembic import context

from interviewer.store.tables import InterviewRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=InterviewRow.metadata,
    render_as_batch=True,
)
context.run_migrations()
