"""What is kept of one client in all places together: to be handed out, or forgotten."""

import msgspec

from parlance.core.model.conversation import Kind
from parlance.core.model.member import Role
from parlance.kernel.ids import ConvId


class Stay(msgspec.Struct, frozen=True):
    """A conversation that a client is in, was in, or was written to in. Times are milliseconds.

    Of a chat room that it is in nothing is known but what it said there: `joined_at` to `left_at`.
    """

    conversation: int
    conv_id: ConvId
    kind: Kind
    name: str
    role: Role
    alias: str
    joined_at: int
    left_at: int | None
    read_seq: int


class Erased(msgspec.Struct, frozen=True):
    """How much was forgotten of a client."""

    messages: int
    files: int
    conversations: int
    """Those that it was taken out of."""
