"""How this dialect writes ids and times, and how it reads them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from parlance.core.model.user import client_id
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import ClientId, ConvId

LONGEST_CONV_ID = 128


def conv_id(raw: str) -> ConvId:
    """A conversation's id; what could be none is one that nobody knows."""
    if not raw or len(raw) > LONGEST_CONV_ID or not raw.isprintable():
        raise Fault(FaultCode.UNKNOWN_CONVERSATION)
    return ConvId(raw)


def clients(raw: Sequence[object] | None, field: str, most: int | None = None) -> tuple[ClientId, ...]:
    """Several client ids, each once; at least one, and no more than `most`."""
    if not raw:
        raise missing(field)
    if most is not None and len(raw) > most:
        raise bad_format(field, f"at most {most} clients")
    return tuple(dict.fromkeys(_client(each, field) for each in raw))


def _client(raw: object, field: str) -> ClientId:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise bad_format(field, "client ids are texts")
    return client_id(raw, field)


def iso(milliseconds: int) -> str:
    """`2026-01-01T00:00:00.000Z`."""
    seconds, rest = divmod(milliseconds, SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
