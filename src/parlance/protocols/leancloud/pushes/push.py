"""What all pushes have in common."""

from enum import IntEnum
from typing import Final

from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.generated import messages_pb2 as pb

CHAT: Final = 2
"""The `service` of everything but watched queries."""


class Notification(IntEnum):
    """How much it matters that a client hears of something it was not there for (wire: leancloud#notifications)."""

    PERMANENT = 1
    DROPPABLE = 2


def push(command: pb.GenericCommand, server_ts: int, notification: Notification | None = None) -> Push:
    """A command for whoever it concerns."""
    command.service = CHAT
    command.serverTs = server_ts
    if notification is not None:
        command.notificationType = notification
    return Push(command)
