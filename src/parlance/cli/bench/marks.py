"""What each row is held against.

The prototype was the bare parts of the hot path on aiohttp, without features; a whole server is to stay
within twice its figures, on a machine like the one they were measured on.
"""

import msgspec

from parlance.cli.bench.plan import Outcome, Row


class Mark(msgspec.Struct, frozen=True):
    """What a row measures, in what unit, and the figure to stay within (None: there is none)."""

    title: str
    unit: str
    prototype: float | None = None
    goal: float | None = None


MARKS: dict[Row, Mark] = {
    Row.IDLE: Mark("idle, logged in", "KiB", 14, 28),
    Row.PIPELINED: Mark("send, 16 in flight", "µs", 7, 14),
    Row.UNPIPELINED: Mark("send, 1 in flight", "µs", 28, 56),
    Row.LATENCY: Mark("send at half load", "µs"),
    Row.STEADY: Mark("send, evenly", "µs"),
    Row.FANOUT: Mark("fan-out, a delivery", "µs", 4.2, 8.4),
    # 28 for the request and 11 for storage in batches of about 32.
    Row.REST: Mark("REST send", "µs", 39, 78),
    Row.HISTORY: Mark("REST, 50 messages", "µs"),
}


def cost(row: Outcome) -> float | None:
    """The figure that is held against the mark."""
    return row.kib_per_connection if row.row is Row.IDLE else row.server_us
