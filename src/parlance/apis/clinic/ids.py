"""How this dialect writes ids, and how it reads them."""

import re

from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

LONGEST_CONV_ID = 128

_SPEAKING = re.compile(r"[A-Za-z0-9]+_([A-Za-z]+)_([0-9]+)", re.ASCII)
"""`CKD_P_903000000000001`: whose app it is, what kind of user, and the user's number."""


def conv_id(raw: str) -> ConvId:
    """A conversation's id; what could be none is one that nobody knows."""
    if len(raw) > LONGEST_CONV_ID or not raw.isprintable():
        raise Fault(FaultCode.UNKNOWN_CONVERSATION)
    return ConvId(raw)


def sent_conv_id(raw: str | None) -> ConvId | None:
    """A conversation's id in a body, where an empty one is none."""
    return conv_id(raw) if raw else None


def sent_client_id(raw: str | int | None, field: str) -> ClientId | None:
    """A client id in a body, where an empty one is none."""
    return None if raw is None or raw == "" else client_id(raw, field)


def type_and_number(client: ClientId) -> tuple[str, str]:
    """What a client id says about its user; "" and the id itself where it does not say."""
    says = _SPEAKING.fullmatch(client)
    return (says[1], says[2]) if says else ("", client)
