"""Short words for what is brought along."""

import json
from typing import Any

from core.world import World
from parlance.core.model.conversation import Kind, NewConversation
from parlance.core.model.member import OWNER, PLAIN
from parlance.core.model.moving import MovedConversation, MovedHistory, MovedMessage
from parlance.core.model.typed_message import read
from parlance.kernel.ids import ClientId, ConvId

ADA, BEN, CY, TOM = (ClientId(name) for name in ("ada", "ben", "cy", "Tom"))
LONG_AGO = 1_600_000_000_000


def conversation(world: World, conv_id: str, kind: Kind = Kind.GROUP, **more: Any) -> MovedConversation:
    """One of Tom's and Ada's."""
    new = NewConversation(world.hall.app_id, ConvId(conv_id), kind, TOM, LONG_AGO, 500, open_door=True, **more)
    return MovedConversation(new, {TOM: OWNER, ADA: PLAIN}, (ADA,), LONG_AGO + 5_000)


def said(name: str, at: int, payload: str | bytes = "", **more: Any) -> MovedMessage:
    """A message of Tom's."""
    content = read(payload or json.dumps({"_lctype": -1, "_lctext": f"this is {name}"}))
    return MovedMessage(name, TOM, LONG_AGO + at, content, **more)


def history(conv_id: str, *messages: MovedMessage) -> MovedHistory:
    """What was said there."""
    return MovedHistory(ConvId(conv_id), list(messages))
