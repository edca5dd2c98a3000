"""How LeanCloud's clients begin a conversation: what is unique is found again instead of made anew."""

import msgspec

from parlance.core.model.conversation import Kind
from parlance.core.model.member import Roster
from parlance.kernel.ids import ClientId, ConvId


class Starting(msgspec.Struct, frozen=True):
    """`creator` starts a conversation with `others`; `ext` and `columns` are JSON text, objects.

    `kind` is GROUP, TEMPORARY, ROOM or (the backend only) SERVICE. A `unique` GROUP is the one that the same people
    started before: between two people their direct conversation.
    """

    kind: Kind
    creator: ClientId
    others: tuple[ClientId, ...] = ()
    unique: bool = False
    name: str = ""
    ext: str | None = None
    columns: str | None = None
    ttl_seconds: int | None = None
    conv_id: ConvId | None = None


class Started(msgspec.Struct, frozen=True):
    """The conversation with everybody in it; `existing`: it was there before."""

    roster: Roster
    existing: bool = False
