"""Verbs: what the system does, one module each."""
