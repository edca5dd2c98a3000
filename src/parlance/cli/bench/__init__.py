"""Load on a server, and what it costs: `parlance bench`."""

from parlance.cli.bench.commands import bench

__all__ = ["bench"]
