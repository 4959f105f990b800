"""What Alembic runs: the pending versions, on the connection that `migrate` holds."""

from alembic import context

from genbo.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
