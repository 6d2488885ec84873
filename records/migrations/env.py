"""Alembic's entry: runs the migrations on the connection that `records.migrate` hands over."""

from alembic import context

from records.tables.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite alters a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
