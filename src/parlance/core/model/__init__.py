"""Nouns and their pure rules."""
