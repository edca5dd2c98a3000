"""SQLite in a file: one thread that writes, a few that read."""

from parlance.stores.sql.engines.sqlite.engine import SqliteEngine
from parlance.stores.sql.engines.sqlite.migrating import migrate, schema_fault
from parlance.stores.sql.engines.sqlite.verifying import disagreements

__all__ = ["SqliteEngine", "disagreements", "migrate", "schema_fault"]
