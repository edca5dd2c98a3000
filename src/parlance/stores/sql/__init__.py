"""The store port on SQL databases: one module per noun."""
