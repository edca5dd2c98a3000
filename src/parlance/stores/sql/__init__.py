"""The store port on SQL databases: one module per noun."""

from parlance.stores.sql.migrating import SchemaError
from parlance.stores.sql.opening import Place, migrate, open_store
from parlance.stores.sql.store import SqlStore
from parlance.stores.sql.verification import Finding, verify

__all__ = ["Finding", "Place", "SchemaError", "SqlStore", "migrate", "open_store", "verify"]
