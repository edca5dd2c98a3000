"""What is asked for when a conversation is opened."""

import msgspec

from parlance.core.model.conversation import Kind
from parlance.kernel.ids import ClientId, ConvId


class Opening(msgspec.Struct, frozen=True):
    """`creator` opens a conversation of `kind` with `others`. `ext` is JSON text, an object.

    `ttl_seconds` counts for kinds that expire, `keep_history` False for kinds whose members are only who
    is present. `conv_id` gives it a public id from outside.
    """

    kind: Kind
    creator: ClientId
    others: tuple[ClientId, ...] = ()
    ext: str | None = None
    ttl_seconds: int | None = None
    keep_history: bool = True
    conv_id: ConvId | None = None
    name: str = ""
    avatar: str = ""
    description: str = ""
    create_missing: bool = False
    """Those nobody has heard of become known by it; otherwise they keep it from being opened."""
