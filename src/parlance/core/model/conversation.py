"""A conversation, and what its kind lets people do in it.

Rule: no other file asks "which kind is this?". They ask `conversation.abilities`, the row of one table.
"""

from collections.abc import Iterable
from enum import IntEnum

import msgspec

from parlance.core.model.text import bytes_of
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import AppId, ClientId, ConvId

LONGEST_LIFETIME = 30 * DAY
LARGEST_EXT = 64 * 1024


class Kind(IntEnum):
    """The four kinds, numbered as the platform document numbers them."""

    DIRECT = 1
    TEMPORARY = 2
    GROUP = 3
    ROOM = 4


class Abilities(msgspec.Struct, frozen=True):
    """What a kind of conversation can do."""

    fixed_members: bool = False
    """Two people, and nobody comes or goes."""
    expires: bool = False
    """Has an end, after which it is unknown."""
    present_members: bool = False
    """Who is in it is who is connected to it; nothing is kept for who is away."""
    members_invite: bool = False
    """A member may bring in others, not only the backend."""
    counts_unread: bool = True
    """Its members have unread messages, and find it when they sync."""


ABILITIES: dict[Kind, Abilities] = {
    Kind.DIRECT: Abilities(fixed_members=True),
    Kind.TEMPORARY: Abilities(expires=True, members_invite=True),
    Kind.GROUP: Abilities(members_invite=True),
    Kind.ROOM: Abilities(present_members=True, counts_unread=False),
}


class Conversation(msgspec.Struct, frozen=True):
    """A place where messages stand in one gap-free sequence.

    `id` is the store's own number, never shown. `ext` is JSON text. Times are milliseconds.
    """

    id: int
    app_id: AppId
    conv_id: ConvId
    kind: Kind
    creator: ClientId
    created_at: int
    capacity: int
    ext: str | None = None
    keep_history: bool = True
    expires_at: int | None = None
    updated_at: int | None = None
    """When somebody last changed what is said about it; None: never."""
    last_seq: int = 0
    """The sequence number of its newest message, 0 before the first. A copy may be behind."""
    last_message_at: int | None = None
    name: str = ""
    avatar: str = ""
    description: str = ""

    @property
    def abilities(self) -> Abilities:
        """What its kind can do."""
        return ABILITIES[self.kind]

    def over(self, now: int) -> bool:
        """Whether its end has come."""
        return self.expires_at is not None and self.expires_at <= now


class NewConversation(msgspec.Struct, frozen=True):
    """A conversation about to be stored; `direct` names the two of a direct one."""

    app_id: AppId
    conv_id: ConvId
    kind: Kind
    creator: ClientId
    created_at: int
    capacity: int
    ext: str | None = None
    keep_history: bool = True
    expires_at: int | None = None
    direct: tuple[ClientId, ClientId] | None = None
    name: str = ""
    avatar: str = ""
    description: str = ""


def kind_of(number: int) -> Kind:
    """The kind numbered so by the platform document, else WRONG_KIND."""
    try:
        return Kind(number)
    except ValueError:
        raise Fault(FaultCode.WRONG_KIND, "conversation types are 1, 2, 3 and 4", field="conv_type") from None


def pair(one: ClientId, other: ClientId) -> tuple[ClientId, ClientId]:
    """The two of a direct conversation, in the one order under which it is found."""
    return (one, other) if one <= other else (other, one)


def lifetime(seconds: int | None, default: int) -> int:
    """Milliseconds that a temporary conversation lives: 1 s to 30 days, else BAD_FORMAT."""
    if seconds is None:
        return default
    if not 1 <= seconds <= LONGEST_LIFETIME // SECOND:
        raise bad_format("ttl", "a lifetime is 1 second to 30 days")
    return seconds * SECOND


def judge_ext(ext: str | None) -> None:
    """Refuse an extension (JSON text) of a size that would burden whoever lists the conversation."""
    if ext is not None and bytes_of(ext, "conv_extend") > LARGEST_EXT:
        raise bad_format("conv_extend", f"an extension has at most {LARGEST_EXT} bytes")


def only_other(client: ClientId, others: Iterable[ClientId]) -> ClientId:
    """The one other client of a direct conversation, else WRONG_KIND."""
    rest = [other for other in others if other != client]
    if len(rest) != 1:
        raise Fault(
            FaultCode.WRONG_KIND, "a direct conversation is with exactly one other client", field="to_client_ids"
        )
    return rest[0]
