"""How LeanCloud's clients write our nouns."""

from collections.abc import Iterable

from parlance.core.model import typed_message
from parlance.core.model.conversation import ABILITIES, Conversation, Kind
from parlance.core.model.member import Role
from parlance.core.model.user import LONGEST_CLIENT_ID
from parlance.core.model.where.values import iso
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId

NORMAL, ROOM, SERVICE, TEMPORARY = 1, 2, 3, 4
"""Their kinds of conversations, `convType`."""
TEMPORARY_PREFIX = "_tmp:"
LONGEST_CONV_ID = 128
ROLES = {Role.ADMIN: "Manager", Role.MEMBER: "Member", Role.OWNER: "Owner"}


def conv_type(kind: Kind) -> int:
    """Which of their kinds a conversation is to them."""
    abilities = ABILITIES[kind]
    if abilities.present_members:
        return ROOM
    if abilities.addressed:
        return SERVICE
    return TEMPORARY if abilities.expires else NORMAL


def seconds_left(conversation: Conversation, now: int) -> int | None:
    """How long a temporary conversation still lives; None for others."""
    if conversation.expires_at is None:
        return None
    # Rounded up: clients take 0 for a conversation that never ends.
    return max(0, -((now - conversation.expires_at) // SECOND))


def changed_at(conversation: Conversation, now: int | None = None) -> str:
    """Their `udate`."""
    times = (conversation.created_at, conversation.updated_at or 0, now or 0)
    return iso(max(times))


content = typed_message.written
"""A message as they read it: text, or bytes."""


def conv_id(raw: str) -> ConvId:
    """A conversation's id; what could be none is one that nobody knows."""
    if not raw or len(raw) > LONGEST_CONV_ID or not raw.isprintable():
        raise Fault(FaultCode.UNKNOWN_CONVERSATION)
    return ConvId(raw)


def person(raw: str, field: str) -> ClientId:
    """A client id; all that is asked of it is that it can be written down (wire: leancloud#limits)."""
    if not raw or len(raw) > LONGEST_CLIENT_ID or not raw.isprintable():
        raise bad_format(field, f"a client id has 1 to {LONGEST_CLIENT_ID} characters, and no control characters")
    return ClientId(raw)


def people(raw: Iterable[str], field: str) -> tuple[ClientId, ...]:
    """Several, each once, in the order in which they first came."""
    return tuple(dict.fromkeys(person(each, field) for each in raw))
