"""The service behind an app, and how it is kept in step."""
