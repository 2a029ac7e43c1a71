"""Run by Alembic: applies the versions on the connection that `serving.store.database` gives."""

from alembic import context

from serving.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
