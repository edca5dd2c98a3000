"""A conversation, and what its kind lets people do in it.

Rule: no other file asks "which kind is this?". They ask `conversation.abilities`, the row of one table.
"""

from collections.abc import Iterable
from enum import IntEnum
from hashlib import md5

import msgspec

from parlance.core.model.text import bytes_of
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import AppId, ClientId, ConvId

LONGEST_LIFETIME = 30 * DAY
LARGEST_EXT = 64 * 1024


class Kind(IntEnum):
    """The four kinds that the platform document numbers, the one in which an app itself speaks, and its channels."""

    DIRECT = 1
    TEMPORARY = 2
    GROUP = 3
    ROOM = 4
    SYSTEM = 5
    SERVICE = 6


class Abilities(msgspec.Struct, frozen=True):
    """What a kind of conversation can do."""

    fixed_members: bool = False
    """Nobody comes or goes."""
    expires: bool = False
    """Has an end, after which it is unknown."""
    present_members: bool = False
    """Who is in it is who is connected to it; nothing is kept for who is away."""
    members_invite: bool = False
    """A member may bring in others, not only the backend."""
    counts_unread: bool = True
    """Its members have unread messages, and find it when they sync."""
    numbered: bool = False
    """Has a small number within its app, for the dialects that show one."""
    addressed: bool = False
    """Each of its messages is for those it names; nobody else sees it."""
    the_apps_own: bool = False
    """An app has one, which stands in no list. Nobody is in it, only the app speaks."""
    open_floor: bool = False
    """Who is not in may come in unasked, and speak there through the faces that know such a thing."""
    loosens: bool = False
    """Who brings others in, or goes, makes a group of it, through the faces that know such a thing."""


ABILITIES: dict[Kind, Abilities] = {
    Kind.DIRECT: Abilities(fixed_members=True, loosens=True),
    Kind.TEMPORARY: Abilities(expires=True, members_invite=True),
    Kind.GROUP: Abilities(members_invite=True, numbered=True),
    Kind.ROOM: Abilities(present_members=True, counts_unread=False, open_floor=True),
    Kind.SYSTEM: Abilities(fixed_members=True, addressed=True, the_apps_own=True),
    Kind.SERVICE: Abilities(addressed=True, open_floor=True),
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
    group_id: int | None = None
    """A group's number within its app, from 1; None for other kinds."""
    organization_id: int | None = None
    code: str = ""
    """With which a group is entered face to face, for an hour after it was made; "" if it is not."""
    notices: bool = False
    """What happens to it is told its people by system messages, too."""
    columns: str | None = None
    """What its app keeps about it besides `ext`, under names of its own: JSON text, an object."""
    unique_id: str | None = None
    """Under which those who started it find it again, whoever is in it now; None: each start makes another."""
    open_door: bool = False
    """Who knows its id may come in, and members may take out members where nobody is an admin."""

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
    organization_id: int | None = None
    code: str = ""
    notices: bool = False
    group_id: int | None = None
    """A number drawn for it before; None: it gets the next, if its kind is numbered."""
    columns: str | None = None
    unique_id: str | None = None
    open_door: bool = False


def kind_of(number: int) -> Kind:
    """The kind numbered so by the platform document, else WRONG_KIND."""
    for kind, abilities in ABILITIES.items():
        if kind == number and not abilities.addressed:
            return kind
    raise Fault(FaultCode.WRONG_KIND, "conversation types are 1, 2, 3 and 4", field="conv_type")


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


def judge_size(capacity: int, size: int) -> None:
    """Refuse that so many are in what takes `capacity`."""
    if size > capacity:
        raise Fault(FaultCode.FULL, f"it takes at most {capacity} members")


def judge_ext(ext: str | None) -> None:
    """Refuse an extension (JSON text) of a size that would burden whoever lists the conversation."""
    if ext is not None and bytes_of(ext, "conv_extend") > LARGEST_EXT:
        raise bad_format("conv_extend", f"an extension has at most {LARGEST_EXT} bytes")


def unique_id_of(members: Iterable[ClientId]) -> str:
    """Under what those who start a unique conversation find it again: 32 lowercase hex digits.

    MD5 over the sorted ids without anything between them, as LeanCloud's clients and data have it.
    """
    return md5("".join(sorted(members)).encode(), usedforsecurity=False).hexdigest()


def only_other(client: ClientId, others: Iterable[ClientId]) -> ClientId:
    """The one other client of a direct conversation, else WRONG_KIND."""
    rest = [other for other in others if other != client]
    if len(rest) != 1:
        raise Fault(
            FaultCode.WRONG_KIND, "a direct conversation is with exactly one other client", field="to_client_ids"
        )
    return rest[0]
