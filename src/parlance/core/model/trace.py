"""What became of a message: from the store to each of its readers."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.inquiry import Device
from parlance.core.model.member import Arrival
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId


class Fate(StrEnum):
    """How far it came with one of its readers; the furthest that is known."""

    SENDER = "sender"
    """It is the reader's own."""
    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    """A device said that it has it."""
    WRITTEN = "written"
    """Written to a device that is connected, and has not said anything."""
    SLOW = "slow"
    """Written to a device that does not read what is written to it."""
    CUT = "cut"
    """Written to a device whose connection ended before it said anything; it has not come back."""
    RETURNED = "returned"
    """No device was there for it; one came later, and could fetch it."""
    AWAY = "away"
    """No device was there for it, none came since."""
    UNTOLD = "untold"
    """A device was there, and it was not written to it: its server did not hear of the message."""
    FORGOTTEN = "forgotten"
    """Too long ago: no server remembers any more."""
    LATER = "later"
    """The reader came into the conversation after it was said."""
    LEFT = "left"
    """The reader has left since."""
    BANNED = "banned"
    """The reader may not be here."""


class Server(msgspec.Struct, frozen=True):
    """What one server knows of it (ms); see `TraceFound`."""

    name: str
    remembers_since: int
    heard_at: int | None


class DeviceThere(msgspec.Struct, frozen=True):
    """A device at a server."""

    server: str
    device: Device


class Reader(msgspec.Struct, frozen=True):
    """One who is or was to have it."""

    client_id: ClientId
    fate: Fate
    called: str = ""
    devices: tuple[DeviceThere, ...] = ()
    arrival: Arrival | None = None


class Trace(msgspec.Struct, frozen=True):
    """A message and what became of it. `silent` servers did not answer; `more`: not all readers are here."""

    app_id: AppId
    message: Message
    conversation: Conversation
    servers: list[Server]
    readers: list[Reader]
    silent: int
    more: bool


def fate_of(
    message: Message, arrival: Arrival | None, devices: Sequence[Device], *, heard: bool, remembered: bool, banned: bool
) -> Fate:
    """How far it came. `heard`: by a server; `remembered`: whatever was heard at its time still is, everywhere."""
    place = message.seq or 0
    by_standing = _by_its_standing(place, arrival, banned=banned)
    if by_standing is not None:
        return by_standing
    by_writing = _by_what_was_written(message, devices)
    if by_writing is not None:
        return by_writing
    if not heard and any(_there(device, message.created_at) for device in devices):
        return Fate.UNTOLD if remembered else Fate.FORGOTTEN
    if _came_since(message, devices):
        return Fate.RETURNED
    return Fate.AWAY if remembered else Fate.FORGOTTEN


def _by_its_standing(place: int, arrival: Arrival | None, *, banned: bool) -> Fate | None:
    """What the store knows of it."""
    fates = (
        (arrival is not None and arrival.joined_seq >= place, Fate.LATER),
        (arrival is not None and arrival.read_seq >= place, Fate.READ),
        (arrival is not None and arrival.delivered_seq >= place, Fate.ACKNOWLEDGED),
        (arrival is not None and arrival.left_at is not None, Fate.LEFT),
        (banned, Fate.BANNED),
    )
    return next((fate for holds, fate in fates if holds), None)


def _by_what_was_written(message: Message, devices: Sequence[Device]) -> Fate | None:
    """What the servers know of it."""
    written = [device for device in devices if device.written]
    if not written:
        return None
    here = [device for device in written if device.gone_at is None]
    if here:
        return Fate.SLOW if all(device.unsent for device in here) else Fate.WRITTEN
    return Fate.RETURNED if _came_since(message, devices) else Fate.CUT


def _came_since(message: Message, devices: Sequence[Device]) -> bool:
    return any(device.gone_at is None and device.connected_at > message.created_at for device in devices)


def _there(device: Device, at: int) -> bool:
    return device.connected_at <= at and (device.gone_at is None or device.gone_at >= at)
