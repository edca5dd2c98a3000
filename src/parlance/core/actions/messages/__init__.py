"""Sending, reading, recalling and editing messages."""
