"""Parlance: one chat server that speaks the chat APIs apps already use."""

__version__ = "0.1.0"
