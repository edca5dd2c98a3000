"""What the system does. No I/O, no wire, no SQL."""
