"""Waiting times, summed up."""

from collections.abc import Sequence
from math import ceil

from parlance.cli.bench.plan import Percentiles


def percentiles(seconds: Sequence[float]) -> Percentiles | None:
    """Of waits in seconds; None of none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Percentiles(p50=_at(ordered, 0.50) * 1000, p99=_at(ordered, 0.99) * 1000)


def _at(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed (nearest rank)."""
    return ordered[max(0, ceil(len(ordered) * share) - 1)]
