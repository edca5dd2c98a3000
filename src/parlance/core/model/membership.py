"""What came of a change for several people at once: done for some, refused to others."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


class Refusal(msgspec.Struct, frozen=True):
    """To whom something was refused, and why."""

    code: FaultCode
    clients: tuple[ClientId, ...]


class MembershipChange(msgspec.Struct, frozen=True):
    """Those for whom it holds now (whether or not it did before), and those to whom it was refused.

    `changed_at` (ms) is when the conversation last changed, this change included.
    """

    conversation: Conversation
    allowed: tuple[ClientId, ...]
    refused: tuple[Refusal, ...]
    changed_at: int


class ColumnsChanged(msgspec.Struct, frozen=True):
    """What a conversation says now, and the values that the changed keys have come to (dotted ones among them)."""

    conversation: Conversation
    modified: Mapping[str, Any]
