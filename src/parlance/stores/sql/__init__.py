"""The store port on SQL databases: one module per noun."""

from parlance.stores.sql.engines.sqlite import migrate
from parlance.stores.sql.migrating import SchemaError
from parlance.stores.sql.store import SqlStore, open_sqlite
from parlance.stores.sql.verification import Finding, verify

__all__ = ["Finding", "SchemaError", "SqlStore", "migrate", "open_sqlite", "verify"]
