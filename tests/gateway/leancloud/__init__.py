"""LeanCloud's clients against a real server, frame by frame."""
