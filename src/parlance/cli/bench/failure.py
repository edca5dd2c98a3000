"""What a bench says when it cannot go on."""


class BenchFailure(Exception):
    """The reason, in words for whoever started the bench."""
