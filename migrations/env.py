"""Runs the revisions on the connection that `flask --app app migrate` passes in."""

from alembic import context

from chat import models
from chat.extensions import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
assert models.__all__  # imported for its tables
with context.begin_transaction():
    context.run_migrations()
