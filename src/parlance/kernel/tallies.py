"""What the parts count as they work: plain numbers, so that counting costs next to nothing.

Each part is handed its tally, or makes one; `app/metrics.py` reads them when somebody asks for `/metrics`.
Numbers only grow, save where a field says it is a level.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The bounds between which spans of time are counted."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SDK = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,15}/[0-9][A-Za-z0-9.+-]{0,31}", re.ASCII)
_OTHER_SDK = "other"
_MOST_SDKS = 50


class Spans:
    """How many spans of time fell between which bounds, and their sum."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(SECONDS) + 1)
        """One for each bound (spans up to it, and over the one before), and one for what was longer."""
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one span."""
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class StoreTally:
    """Counted by the appender."""

    messages: int = 0
    """Messages stored."""
    duplicates: int = 0
    """Sends that turned out to be stored already, by their `ref`."""
    refused: int = 0
    """Sends that the store refused or had no room for."""
    marks: int = 0
    """Read marks stored."""
    batches: int = 0
    largest_batch: int = 0
    """A level: entries in the largest batch so far."""
    commits: Spans = field(default_factory=Spans)
    """How long committing took."""


@dataclass(slots=True)
class SocketTally:
    """Counted by the gateway and by the connections' outboxes."""

    connections: int = 0
    """A level: sockets open now."""
    clients: int = 0
    """A level: of them, those that are logged in."""
    accepted: int = 0
    logins: int = 0
    logins_refused: int = 0
    kicked: int = 0
    """Closed because the same device logged in again."""
    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    misbehaved: int = 0
    """Frames that were no good."""
    rate_limited: int = 0
    overflowed: int = 0
    """Closed because too much was waiting to be read."""
    idled: int = 0
    """Closed because nothing came for too long."""


class SdkTally:
    """Counted by the gateway of LeanCloud's clients: who moves in, and with what."""

    __slots__ = ("open", "sessions")

    def __init__(self) -> None:
        self.sessions: dict[str, int] = {}
        """Logins by SDK and version, as clients call themselves."""
        self.open = 0
        """A level: sessions that are open now."""

    def add(self, ua: str) -> None:
        """Count a login. Whoever calls itself what no SDK is called is another one, and so are too many."""
        name = ua if _SDK.fullmatch(ua) else _OTHER_SDK
        if name not in self.sessions and len(self.sessions) >= _MOST_SDKS:
            name = _OTHER_SDK
        self.sessions[name] = self.sessions.get(name, 0) + 1


@dataclass(slots=True)
class FanoutTally:
    """Counted where events find the connections they are for."""

    events: int = 0
    deliveries: int = 0
    """Frames put in an outbox."""


class RequestTally:
    """Counted for each REST request."""

    __slots__ = ("answers", "spans")

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str, str, int], int] = {}
        """By dialect, method, route (as it is written in the table of routes) and status."""
        self.spans: dict[str, Spans] = {}
        """By dialect."""

    def add(self, dialect: str, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. `route` must come from our table of routes, never from the request."""
        key = (dialect, method if method in _METHODS else "other", route, status)
        self.answers[key] = self.answers.get(key, 0) + 1
        spans = self.spans.get(dialect)
        if spans is None:
            spans = self.spans[dialect] = Spans()
        spans.add(seconds)


@dataclass(slots=True)
class HookTally:
    """Counted by whoever tells apps' own servers what has happened."""

    delivered: int = 0
    failed: int = 0
    """Attempts."""
    buried: int = 0
    waiting: int = 0
    """A level, of the whole store; so is `dead`."""
    dead: int = 0


@dataclass(slots=True)
class UploadTally:
    """Counted by whoever takes uploads in."""

    uploads: int = 0
    bytes: int = 0
    refused: int = 0


@dataclass(slots=True)
class BusTally:
    """Counted by a bus between several servers; a parcel is what one tells another after a commit."""

    parcels_out: int = 0
    parcels_in: int = 0
    events_out: int = 0
    """Events that concerned another server."""
    events_in: int = 0
    gaps: int = 0
    """Times that a parcel was found missing."""
    renewals: int = 0
    """Times that another server said anew who is with it."""
