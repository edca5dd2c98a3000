"""How a server is: numbers taken every two seconds, for as long as a look at a chart goes back."""

import msgspec

EVERY = 2.0
"""Seconds between two samples."""
KEPT = 300
"""Samples that a server remembers: ten minutes."""


class Sample(msgspec.Struct, frozen=True):
    """A server at one moment: levels as they were, rates and latencies of the time since the sample before.

    Rates are by the second, latencies in milliseconds (the bound under which so many were; 0: there were none).
    """

    at: int
    connections: int
    clients: int
    messages: float
    deliveries: float
    frames_in: float
    requests: float
    failures: float
    """Requests answered with 5xx."""
    commit_half: float
    commit_most: float
    """Under which 50 and 99 of a hundred commits took."""
    request_half: float
    request_most: float
    store_waiting: int
    hooks_waiting: int
    hooks_dead: int
    memory: int
    """Bytes that the process has of the machine's memory."""


class ServerFigures(msgspec.Struct, frozen=True):
    """One server and its samples, the oldest first."""

    server: str
    version: str
    started_at: int
    samples: list[Sample]
    database: str
    """The kind of database, of which all servers have the same one."""
    database_bytes: int
