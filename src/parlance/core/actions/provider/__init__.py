"""Keeping the real-time service behind an app in step with what is true here."""
