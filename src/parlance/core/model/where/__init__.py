"""LeanCloud's `where` and `sort`: what is asked of conversations, as a pure function of their rows.

A row is decoded JSON by LeanCloud's column names. It begins at `reading.read_where`.
"""
