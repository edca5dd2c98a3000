"""LeanCloud's REST API, as its customers' backends call it."""
