"""Configuration, assembly and life cycle of the server."""
