"""LeanCloud's REST API of instant messaging, as its customers' backends call it."""
