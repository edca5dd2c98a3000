"""PostgreSQL: one session that writes for each process, a few that read; any number of processes."""

from parlance.stores.sql.engines.postgres.engine import PostgresEngine
from parlance.stores.sql.engines.postgres.migrating import migrate, schema_fault
from parlance.stores.sql.engines.postgres.verifying import disagreements

__all__ = ["PostgresEngine", "disagreements", "migrate", "schema_fault"]
