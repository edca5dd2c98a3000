"""What the core asks of the world. "Not found" is None; no SQL, no rows, no drivers."""
