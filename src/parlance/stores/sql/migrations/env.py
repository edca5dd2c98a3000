"""Run by Alembic: writes the migrations down as SQL. The engines run it on their own drivers."""

from alembic import context

from parlance.stores.sql.schema import metadata

# Without BEGIN and COMMIT: the engine has a transaction around all of it.
context.configure(
    url=context.config.get_main_option("sqlalchemy.url"),
    target_metadata=metadata,
    literal_binds=True,
    transactional_ddl=False,
)

with context.begin_transaction():
    context.run_migrations()
