"""Looking for conversations by what is said about them, as LeanCloud's clients and backends do."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message
from parlance.kernel.ids import ClientId, ConvId


class ConversationQuery(msgspec.Struct, frozen=True):
    """`where` is decoded JSON by LeanCloud's column names; None: the caller's own (a backend's: all of the app).

    `temporary`: instead of all that, these temporary conversations, as far as they live and the caller is in them.
    """

    where: Mapping[str, Any] | None = None
    sort: str | None = None
    limit: int = 10
    skip: int = 0
    with_last_message: bool = False
    temporary: tuple[ConvId, ...] | None = None


class FoundConversation(msgspec.Struct, frozen=True):
    """A conversation that was looked for; `members` None where nobody is told who is in it."""

    conversation: Conversation
    members: tuple[ClientId, ...] | None
    muted: tuple[ClientId, ...] = ()
    """Who is not told of its messages while away."""
    last_message: Message | None = None
    joined_at: int | None = None
    """When (ms) the caller subscribed; of a conversation that has subscribers."""
