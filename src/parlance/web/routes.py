"""A dialect as a table: what is served where, what it reads and answers, and how it refuses.

The same rows make the server's routes and the API's description, so neither can say what the other does not.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What aiohttp calls."""

Fields = TypeVar("Fields")


class Nothing(msgspec.Struct, frozen=True):
    """What a call reads that takes nothing but its address."""


class Source(Enum):
    """Where a call's fields may stand."""

    NOWHERE = "nowhere"
    BODY = "a JSON body"
    QUERY = "the query string"
    QUERY_OR_BODY = "the query string, a JSON body, or both"
    BODY_OR_FORM = "a JSON body or a form"
    UPLOAD = "a multipart form"


class Operation(msgspec.Struct, frozen=True):
    """What the API's pages say about a call."""

    summary: str
    tag: str
    description: str = ""
    example: Any = None
    """A body (or the fields of a query string) as the document shows it."""
    answer_example: Any = None
    """The whole answer, as the document shows it."""
    content_type: str = "application/json"
    """Of the answer."""


class Shown(msgspec.Struct, frozen=True):
    """How a dialect shows a fault: HTTP status, its own code, its own words."""

    status: int
    code: int | str
    words: str


class Route(msgspec.Struct, Generic[Fields], frozen=True):
    """One call: where it is, what it reads, what it answers, and what it may refuse.

    What `serve` is given and gives back is between the dialect's table and the dialect's desk.
    """

    method: str
    path: str
    serve: Callable[[Any], Awaitable[Any]]
    about: Operation
    reads: type[Fields]
    answers: Any
    """The type of what is answered, as msgspec understands types."""
    source: Source = Source.NOWHERE
    either: tuple[type, ...] = ()
    """What is read, one or the other, by a call that reads a plain dict and decides for itself."""
    faults: tuple[FaultCode, ...] = ()
    """What it may refuse besides what every call of its dialect may."""
    status: int = 200
    """HTTP status of success; an answer with 204 has no body."""
    otherwise: Mapping[FaultCode, Shown] = {}
    """What this call shows otherwise than its dialect."""
    files: tuple[str, ...] = ()
    """Which of its fields may come as files, in a multipart form."""
    public: bool = False
    """Takes no credentials."""
    head: bool = True
    """False: a GET that changes something, which must not happen to who only asks about it."""
    described_to_machines: bool = True
    """False: a page for people, no part of an API."""

    @property
    def described(self) -> tuple[type, ...]:
        """The structs that say what may be sent."""
        return self.either or (self.reads,)


class Dialect(msgspec.Struct, frozen=True):
    """A face of the server: its calls, and the shape of its answers and refusals."""

    name: str
    title: str
    description: str
    prefixes: tuple[str, ...]
    """Paths that begin so are refused in this dialect's shape; of several the longest decides."""
    routes: Sequence[Route[Any]]
    handler: Callable[[Route[Any]], Handler]
    """Makes of a row what aiohttp calls."""
    refuse: Callable[[web.Request, Fault], web.Response]
    shown: Callable[[FaultCode], Shown]
    refusal: Any
    """The struct of a refusal, or several; what is in its `code` is the dialect's own code for the fault."""
    either_slash: bool = False
    """Its addresses work with and without a slash at their end."""
    envelope: type | None = None
    """The struct around every answer, which is its `data`; None: answers stand by themselves."""
    common_faults: tuple[FaultCode, ...] = ()
    """What every call may refuse."""
    security_schemes: Mapping[str, Mapping[str, str]] = {}
    security: Sequence[Mapping[str, list[str]]] = ()
    """Which of the schemes go together, each entry enough by itself."""
    headers: Sequence[str] = ()
    """Request headers that a web page of another origin may send."""
    doubled_slash: bool = False
    """Its addresses work with one slash too many at their beginning: clients put one behind the server's name."""
    invites: bool = False
    """Pages of other origins may ask at all its addresses, so that they are told that nothing is at some."""
    request_headers: Mapping[str, str] = {}
    """Optional request headers and what they do."""
