"""The campus dialect: signatures, groups, organisations and classes of an education app, in both its revisions."""
