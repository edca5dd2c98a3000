"""What `/metrics` shows. Nothing is computed until somebody asks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from platform import python_version
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from parlance import __version__
from parlance.kernel.tallies import (
    SECONDS,
    BusTally,
    FanoutTally,
    HookTally,
    RequestTally,
    SdkTally,
    SocketTally,
    Spans,
    StoreTally,
    UploadTally,
)

PREFIX = "parlance_"
CONTENT_TYPE = CONTENT_TYPE_LATEST

# field -> (name, what it says). Levels end up as gauges, the rest as counters.
_STORE = {
    "messages": ("messages_stored", "Messages stored."),
    "duplicates": ("messages_duplicate", "Sends answered with a message that was stored before, by their ref."),
    "refused": ("messages_refused", "Sends that the store refused."),
    "marks": ("read_marks_stored", "Read marks stored."),
    "batches": ("store_batches", "Batches committed."),
    "largest_batch": ("store_largest_batch", "Messages and marks in the largest batch so far."),
}
_SOCKETS = {
    "connections": ("connections", "Sockets open now."),
    "clients": ("connections_logged_in", "Sockets open now and logged in."),
    "accepted": ("connections_accepted", "Sockets accepted."),
    "logins": ("logins", "Logins that succeeded."),
    "logins_refused": ("logins_refused", "Logins that were refused."),
    "kicked": ("connections_kicked", "Sockets closed because the same device logged in again."),
    "frames_in": ("frames_in", "Frames received."),
    "frames_out": ("frames_out", "Frames sent."),
    "bytes_in": ("socket_bytes_in", "Bytes of frames received."),
    "bytes_out": ("socket_bytes_out", "Bytes of frames sent."),
    "misbehaved": ("frames_refused", "Frames that were no good."),
    "rate_limited": ("rate_limited", "Sends refused because they came too fast."),
    "overflowed": ("connections_overflowed", "Sockets closed because too much waited to be read."),
    "idled": ("connections_idled", "Sockets closed because nothing came for too long."),
}
_FANOUT = {
    "events": ("fanout_events", "Events taken from the bus."),
    "deliveries": ("fanout_deliveries", "Frames handed to connections."),
}
_UPLOADS = {
    "uploads": ("uploads", "Files taken in."),
    "bytes": ("upload_bytes", "Bytes of files taken in."),
    "refused": ("uploads_refused", "Files refused."),
}
_HOOKS = {
    "delivered": ("hooks_told", "Things that apps' own servers took."),
    "failed": ("hooks_failed", "Attempts to tell them that failed."),
    "buried": ("hooks_buried", "Things that are not tried again."),
    "waiting": ("hooks_waiting", "Things that wait to be told, in the whole store."),
    "dead": ("hooks_dead", "Things that nobody took and that are kept, in the whole store."),
}
_BUS = {
    "parcels_out": ("bus_parcels_out", "Parcels sent to other servers."),
    "parcels_in": ("bus_parcels_in", "Parcels that came from other servers."),
    "events_out": ("bus_events_out", "Events that concerned other servers."),
    "events_in": ("bus_events_in", "Events that came from other servers."),
    "gaps": ("bus_gaps", "Times that a parcel of another server was missing."),
    "renewals": ("bus_renewals", "Times that another server said anew who is with it."),
}
_LEVELS = frozenset({"largest_batch", "connections", "clients", "waiting", "dead"})


@dataclass(slots=True)
class Tallies:
    """All that is counted in one server: each part is handed its own."""

    store: StoreTally = field(default_factory=StoreTally)
    sockets: SocketTally = field(default_factory=SocketTally)
    sdks: SdkTally = field(default_factory=SdkTally)
    fanout: FanoutTally = field(default_factory=FanoutTally)
    requests: RequestTally = field(default_factory=RequestTally)
    uploads: UploadTally = field(default_factory=UploadTally)
    bus: BusTally = field(default_factory=BusTally)
    hooks: HookTally = field(default_factory=HookTally)


class Metrics:
    """The metrics of one server, in a registry of their own.

    `levels` are read as they are asked for: name (without the prefix) to what it says and a function.
    """

    def __init__(self, tallies: Tallies, levels: dict[str, tuple[str, Callable[[], float]]] | None = None) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_TallyCollector(tallies, levels or {}))
        ProcessCollector(namespace=PREFIX.rstrip("_"), registry=self._registry)

    def rendered(self) -> bytes:
        """The page, in Prometheus's text format (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)


class _TallyCollector(Collector):
    """Turns tallies into metrics, anew for each scrape."""

    def __init__(self, tallies: Tallies, levels: dict[str, tuple[str, Callable[[], float]]]) -> None:
        self._tallies = tallies
        self._levels = levels

    def collect(self) -> Iterable[Metric]:
        """See `Collector.collect`."""
        tallies = self._tallies
        yield InfoMetricFamily(
            f"{PREFIX}build", "What runs here.", value={"version": __version__, "python": python_version()}
        )
        yield from _counted(tallies.store, _STORE)
        yield from _counted(tallies.sockets, _SOCKETS)
        yield from _counted(tallies.fanout, _FANOUT)
        yield from _sdks(tallies.sdks)
        yield from _counted(tallies.uploads, _UPLOADS)
        yield from _counted(tallies.bus, _BUS)
        yield from _counted(tallies.hooks, _HOOKS)
        commits = HistogramMetricFamily(f"{PREFIX}store_commit_seconds", "How long committing a batch took.")
        commits.add_metric([], *_buckets(tallies.store.commits))
        yield commits
        yield from _requests(tallies.requests)
        for name, (words, read) in self._levels.items():
            yield GaugeMetricFamily(f"{PREFIX}{name}", words, value=read())


def _counted(tally: Any, table: dict[str, tuple[str, str]]) -> Iterator[Metric]:
    for attribute, (name, words) in table.items():
        family = GaugeMetricFamily if attribute in _LEVELS else CounterMetricFamily
        yield family(f"{PREFIX}{name}", words, value=getattr(tally, attribute))


def _sdks(tally: SdkTally) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        f"{PREFIX}leancloud_sessions_open", "Sessions of LeanCloud's clients open now.", value=tally.open
    )
    sessions = CounterMetricFamily(
        f"{PREFIX}leancloud_sessions", "Logins of LeanCloud's clients, by their SDK.", labels=("sdk",)
    )
    for sdk, count in list(tally.sessions.items()):
        sessions.add_metric([sdk], count)
    yield sessions


def _requests(tally: RequestTally) -> Iterator[Metric]:
    answers = CounterMetricFamily(
        f"{PREFIX}rest_requests", "REST requests answered.", labels=("dialect", "method", "route", "status")
    )
    for (dialect, method, route, status), count in list(tally.answers.items()):
        answers.add_metric([dialect, method, route, str(status)], count)
    yield answers
    spans = HistogramMetricFamily(f"{PREFIX}rest_seconds", "How long REST requests took.", labels=("dialect",))
    for dialect, measured in list(tally.spans.items()):
        spans.add_metric([dialect], *_buckets(measured))
    yield spans


def _buckets(spans: Spans) -> tuple[list[tuple[str, float]], float]:
    """Counts up to each bound, as Prometheus wants them, and the sum."""
    bounds = [*(str(bound) for bound in SECONDS), "+Inf"]
    return list(zip(bounds, map(float, accumulate(spans.counts)), strict=True)), spans.total
