"""Membership: who is in a conversation, in what role, and how far they have read."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.text import bytes_of
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId

LONGEST_ALIAS = 64


class Role(IntEnum):
    """What a member may do, more with each step."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a member stands: what decides whether it may speak, and for others."""

    role: Role = Role.MEMBER
    silenced_until: int = 0
    """Milliseconds; until then it may not speak."""


PLAIN = Standing()
"""How nearly everybody stands; one object for all of them."""
OWNER = Standing(role=Role.OWNER)


class Roster(msgspec.Struct, frozen=True):
    """A conversation with everybody who is in it: what every judgement about it needs, in one piece."""

    conversation: Conversation
    members: Mapping[ClientId, Standing]

    def standing(self, client: ClientId) -> Standing | None:
        """How `client` stands, None if it is not in."""
        return self.members.get(client)

    def joined_by(self, standings: Mapping[ClientId, Standing]) -> "Roster":
        """This roster after some have come."""
        return Roster(self.conversation, {**self.members, **standings})

    def left_by(self, clients: Iterable[ClientId]) -> "Roster":
        """This roster after some have gone."""
        gone = frozenset(clients)
        return Roster(self.conversation, {who: how for who, how in self.members.items() if who not in gone})

    def about(self, conversation: Conversation) -> "Roster":
        """This roster after what is said about the conversation has changed."""
        return Roster(conversation, self.members)


class Inbox(msgspec.Struct, frozen=True):
    """A conversation as one member finds it on coming back."""

    conversation: Conversation
    read_seq: int
    changed_at: int
    """Milliseconds: the latest of its messages, its changes, and this member's own."""
    left: bool = False
    """The member is no longer in it, or it is gone: only that is to be told."""
    unread_addressed: int | None = None
    """Where messages name their readers: how many of this one's are unread."""

    @property
    def unread(self) -> int:
        """How many messages have come since the member last read, its own not counted."""
        if self.unread_addressed is not None:
            return self.unread_addressed
        return max(0, self.conversation.last_seq - self.read_seq)


def judge_alias(alias: str) -> None:
    """Refuse what nobody would be called: BAD_FORMAT."""
    if len(alias) > LONGEST_ALIAS:
        raise bad_format("alias", f"an alias has at most {LONGEST_ALIAS} characters")
    bytes_of(alias, "alias")
