"""Membership: who is in a conversation, in what role, and how far they have read."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from hashlib import blake2b

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.restriction import FREE, Restriction
from parlance.core.model.text import bytes_of
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId, ConvId

LONGEST_ALIAS = 64


class Role(IntEnum):
    """What a member may do, more with each step."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a member stands: what decides what it may do to others. Whether it may speak: `Restriction`."""

    role: Role = Role.MEMBER


PLAIN = Standing()
"""How nearly everybody stands; one object for all of them."""
OWNER = Standing(role=Role.OWNER)


NOBODY: Mapping[ClientId, Restriction] = {}


class Roster(msgspec.Struct, frozen=True):
    """A conversation with everybody who is in it: what every judgement about it needs, in one piece."""

    conversation: Conversation
    members: Mapping[ClientId, Standing]
    restrictions: Mapping[ClientId, Restriction] = NOBODY
    """Who may not speak, or not come in; most conversations restrict nobody."""

    def standing(self, client: ClientId) -> Standing | None:
        """How `client` stands, None if it is not in."""
        return self.members.get(client)

    def restriction(self, client: ClientId) -> Restriction:
        """What is not allowed to `client` here."""
        return self.restrictions.get(client, FREE)

    def restricted_by(self, restrictions: Mapping[ClientId, Restriction]) -> "Roster":
        """This roster after some are restricted otherwise."""
        now = {**self.restrictions, **restrictions}
        return Roster(self.conversation, self.members, {who: how for who, how in now.items() if how != FREE})

    def joined_by(self, standings: Mapping[ClientId, Standing]) -> "Roster":
        """This roster after some have come."""
        return Roster(self.conversation, {**self.members, **standings}, self.restrictions)

    def left_by(self, clients: Iterable[ClientId]) -> "Roster":
        """This roster after some have gone."""
        gone = frozenset(clients)
        staying = {who: how for who, how in self.members.items() if who not in gone}
        return Roster(self.conversation, staying, self.restrictions)

    def about(self, conversation: Conversation) -> "Roster":
        """This roster after what is said about the conversation has changed."""
        return Roster(conversation, self.members, self.restrictions)


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


class MemberMark(msgspec.Struct, frozen=True):
    """How far a member has come: sequence numbers, and when (ms) it came there; None: not since it joined."""

    client_id: ClientId
    read_seq: int
    read_at: int | None
    delivered_seq: int
    delivered_at: int | None


class Arrival(msgspec.Struct, frozen=True):
    """How a member stands to what was said: since when it is in, and how far it has come. As `MemberMark` otherwise."""

    client_id: ClientId
    joined_seq: int
    joined_at: int
    left_at: int | None
    read_seq: int
    read_at: int | None
    delivered_seq: int
    delivered_at: int | None


class Unread(msgspec.Struct, frozen=True):
    """A conversation in which a member has `count` messages to read."""

    conversation: Conversation
    count: int
    mentioned: bool
    """One of them mentions the member."""
    delivered_seq: int = 0
    """How far they have arrived at one of its devices."""


def role_record(conv_id: ConvId, client: ClientId) -> str:
    """The 24 hex digits under which LeanCloud's clients know what role a member has: the same for good."""
    return blake2b(f"{conv_id} {client}".encode(), digest_size=12).hexdigest()
