"""What servers of one installation ask each other when an operator wants to know."""

import msgspec

from parlance.core.model.figures import ServerFigures
from parlance.kernel.ids import AppId, ClientId


class FiguresAsked(msgspec.Struct, frozen=True, tag=True):
    """How are you?"""


class DevicesAsked(msgspec.Struct, frozen=True, tag=True):
    """Which devices of these clients are with you?"""

    app_id: AppId
    client_ids: tuple[ClientId, ...]


class TraceAsked(msgspec.Struct, frozen=True, tag=True):
    """Which devices of these clients have you written that message (by its number) to?"""

    app_id: AppId
    message: int
    client_ids: tuple[ClientId, ...]


Question = FiguresAsked | DevicesAsked | TraceAsked


class Device(msgspec.Struct, frozen=True):
    """A connection of a client, now or a while ago. Times are milliseconds."""

    client_id: ClientId
    device_id: str
    """"" if it did not say."""
    protocol: str
    connected_at: int
    gone_at: int | None = None
    """None: it is open."""
    unsent: int = 0
    """Bytes that wait because it reads too slowly; of one that is gone, those that waited then."""
    written: bool = False
    """The message that was asked about was written to it."""


class FiguresFound(msgspec.Struct, frozen=True, tag=True):
    """One server's figures."""

    figures: ServerFigures


class DevicesFound(msgspec.Struct, frozen=True, tag=True):
    """Those that are connected."""

    server: str
    devices: list[Device]


class TraceFound(msgspec.Struct, frozen=True, tag=True):
    """What one server remembers of a message.

    `heard_at` None: it never heard of it, or it was before `remembers_since`.
    """

    server: str
    remembers_since: int
    heard_at: int | None
    devices: list[Device]
    """Of the clients that were asked about: all that are connected, and those that went since, or last."""


Answer = FiguresFound | DevicesFound | TraceFound
