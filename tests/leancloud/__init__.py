"""LeanCloud's own SDKs, unmodified, against a real server."""
