"""What LeanCloud answers with: rows, which are kept as they came, and the little that is looked at in them."""

from typing import Any, Generic, TypeVar

import msgspec

Kind = TypeVar("Kind")


class Page(msgspec.Struct, frozen=True):
    """Some rows, each as one line of JSON; `cursor` where the next begin (None: there are no more)."""

    rows: list[bytes]
    cursor: str | None = None


class _Results(msgspec.Struct):
    """What rows stand in. LeanCloud's older calls say `results`, some newer ones `result`."""

    results: list[msgspec.Raw] | None = None
    result: list[msgspec.Raw] | None = None
    cursor: Any = None


class _Count(msgspec.Struct):
    count: int


class _Words(msgspec.Struct):
    code: Any = None
    error: Any = None


class Row(msgspec.Struct):
    """A row of a class, as far as it is looked at."""

    object_id: str = msgspec.field(name="objectId")
    is_room: Any = msgspec.field(name="tr", default=None)
    is_service: Any = msgspec.field(name="sys", default=None)
    url: Any = None


class MessageRow(msgspec.Struct):
    """A row of history, as far as it is looked at."""

    timestamp: int
    message_id: str = msgspec.field(name="msg-id")
    data: Any = None
    is_binary: Any = msgspec.field(name="bin", default=None)


class SubscriberRow(msgspec.Struct):
    """Who subscribed to a service conversation."""

    subscriber: str


class _Clients(msgspec.Struct):
    """A list of clients; where the next begin, if there are more."""

    client_ids: list[str] | None = None
    result: list[str] | None = None
    results: list[str] | None = None
    next: Any = None


class _SchemaRow(msgspec.Struct):
    pass


class Reader(Generic[Kind]):
    """Reads lines as one kind of row; None for a line that is none."""

    def __init__(self, kind: type[Kind]) -> None:
        self._decoder = msgspec.json.Decoder(kind, strict=False)

    def __call__(self, line: bytes) -> Kind | None:
        """The row."""
        try:
            return self._decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None


class_row = Reader(Row)
message_row = Reader(MessageRow)
subscriber_row = Reader(SubscriberRow)
_results = msgspec.json.Decoder(_Results)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_count = msgspec.json.Decoder(_Count)
_schemas = msgspec.json.Decoder(dict[str, _SchemaRow])
_words = msgspec.json.Decoder(_Words)
_clients = msgspec.json.Decoder(_Clients, strict=False)


def read_page(body: bytes) -> Page:
    """The rows of an answer. Raises msgspec.MsgspecError or UnicodeDecodeError if there are none in it."""
    if body.lstrip()[:1] == b"[":
        return Page([_line(row) for row in _array.decode(body)])
    found = _results.decode(body)
    rows = found.results if found.results is not None else found.result
    if rows is None:
        raise msgspec.ValidationError("no rows in it")
    return Page([_line(row) for row in rows], str(found.cursor) if found.cursor else None)


def read_count(body: bytes) -> int:
    """How many rows there are."""
    return _count.decode(body).count


def read_clients(body: bytes) -> tuple[list[str], str | None]:
    """Some clients, and where the next begin (None: there are no more)."""
    found = _clients.decode(body)
    clients = next((each for each in (found.client_ids, found.result, found.results) if each is not None), None)
    if clients is None:
        raise msgspec.ValidationError("no clients in it")
    return clients, str(found.next) if found.next else None


def read_class_names(body: bytes) -> list[str]:
    """The classes of an app, from their schemas."""
    return sorted(_schemas.decode(body))


def read_error(body: bytes) -> tuple[int | None, str] | None:
    """LeanCloud's own words of a refusal; None if these are not its words."""
    try:
        found = _words.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if found.code is None and found.error is None:
        return None
    return found.code if isinstance(found.code, int) else None, str(found.error or "refused")


def _line(row: msgspec.Raw) -> bytes:
    """A row on one line: in JSON a line's end can stand between things only, never within one."""
    return bytes(row).replace(b"\r", b"").replace(b"\n", b"")
