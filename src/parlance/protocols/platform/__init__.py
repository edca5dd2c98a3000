"""Our JSON socket protocol (docs/wire/platform.md).

`session.Session` is the object to hold, `commands` what comes out of it, `frames` what is sent.
"""
