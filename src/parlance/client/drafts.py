"""A message before and after it was taken: as it is sent, and as its sender has it then."""

from collections.abc import Mapping, Sequence
from typing import Any

from parlance.client.model import Message, MessageType
from parlance.protocols.platform.payloads import Receipt


def draft(
    text: str | None,
    kind: MessageType,
    attr: Any,
    url: str | None,
    mentions: Sequence[str],
    *,
    mention_all: bool,
    transient: bool,
    to_own_devices: bool,
) -> dict[str, Any]:
    """Its fields, as the socket and REST take them alike; what is not said is left out."""
    fields: dict[str, Any] = {"type": int(kind), "no_sync": int(to_own_devices)}
    optional = {"text": text, "attr": attr, "url": url, "mention_client_ids": list(mentions) or None}
    fields |= {name: value for name, value in optional.items() if value is not None}
    flags = {"mention_all": mention_all, "transient": transient}
    return fields | {name: 1 for name, wanted in flags.items() if wanted}


def said(sender: str, fields: Mapping[str, Any], receipt: Receipt) -> Message:
    """The message that those fields have become."""
    return Message(
        msg_id=receipt.msg_id,
        conv_id=receipt.conv_id,
        sender=sender,
        type=fields["type"],
        text=fields.get("text"),
        seq=receipt.seq,
        sent_at=receipt.time,
        attr=fields.get("attr"),
        url=fields.get("url"),
        mention_all=bool(fields.get("mention_all")),
        mentions=tuple(fields.get("mention_client_ids", ())),
        transient=receipt.seq is None,
    )
