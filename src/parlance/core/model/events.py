"""What has happened, as every server of an installation tells the others.

An event names its `audience`: the clients to be told, wherever they are connected. Events are announced
in the order of the commits they follow.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import Standing
from parlance.core.model.message import Message
from parlance.core.model.restriction import Restraint, Restriction
from parlance.kernel.ids import AppId, ClientId, ConvId


class MessageSent(msgspec.Struct, gc=False):
    """A message was stored (or is transient, and passes by).

    `audience` is the membership as it was when the message was let in. `origin` is the connection that
    sent it: it has its acknowledgement and is not told again.
    """

    message: Message
    audience: Collection[ClientId]
    origin: int | None = None
    kind: Kind = Kind.GROUP
    """Its conversation's."""
    exact: bool = False
    """Only the audience is to be told, whoever is a member by now."""


class MessageRecalled(msgspec.Struct, frozen=True):
    """A message's content is gone; its place in the sequence stays."""

    app_id: AppId
    message: Message
    by: ClientId | None
    audience: Collection[ClientId]
    origin: int | None = None


class MessageEdited(msgspec.Struct, frozen=True):
    """A message says something else now."""

    app_id: AppId
    message: Message
    by: ClientId | None
    audience: Collection[ClientId]
    origin: int | None = None


Receipts = tuple[tuple[int, ClientId], ...]
"""Messages, by their numbers, whose senders are to be told; and these senders."""


class MessagesRead(msgspec.Struct, frozen=True):
    """A member has read up to `seq`.

    `receipts` are the messages that this mark passed, and no earlier mark of that member.
    """

    app_id: AppId
    conv_id: ConvId
    client_id: ClientId
    seq: int
    time: int
    audience: Collection[ClientId]
    origin: int | None = None
    receipts: Receipts = ()


class MessagesDelivered(msgspec.Struct, frozen=True):
    """All up to `seq` has arrived at a device of a member. `receipts` as for `MessagesRead`."""

    app_id: AppId
    conv_id: ConvId
    client_id: ClientId
    seq: int
    time: int
    audience: Collection[ClientId]
    origin: int | None = None
    receipts: Receipts = ()


class Typing(msgspec.Struct, frozen=True):
    """A member is writing."""

    app_id: AppId
    conv_id: ConvId
    client_id: ClientId
    audience: Collection[ClientId]
    origin: int | None = None


class MembersJoined(msgspec.Struct, frozen=True):
    """Some came; `audience` is everybody who is in now, they included."""

    conversation: Conversation
    standings: Mapping[ClientId, Standing]
    by: ClientId | None
    time: int
    audience: Collection[ClientId]
    origin: int | None = None


class MembersLeft(msgspec.Struct, frozen=True):
    """Some went; `audience` is everybody who was in before, they included."""

    conversation: Conversation
    client_ids: tuple[ClientId, ...]
    by: ClientId | None
    time: int
    audience: Collection[ClientId]
    origin: int | None = None


class StandingsChanged(msgspec.Struct, frozen=True):
    """Members stand otherwise than before; they were in and stay in."""

    conversation: Conversation
    standings: Mapping[ClientId, Standing]
    by: ClientId | None = None
    time: int = 0
    audience: Collection[ClientId] = ()
    origin: int | None = None


class RestrictionsChanged(msgspec.Struct, frozen=True):
    """Some may do less here than before, or more again.

    `lifted`: the restraint holds no longer. `audience` is everybody who was in before.
    """

    conversation: Conversation
    restraint: Restraint
    restrictions: Mapping[ClientId, Restriction]
    lifted: bool
    by: ClientId | None
    time: int
    audience: Collection[ClientId]
    origin: int | None = None


class ConversationUpdated(msgspec.Struct, frozen=True):
    """What is said about a conversation has changed.

    `asked` and `modified` (by LeanCloud's keys, dotted ones among them) are what was to be changed and what has
    come of it, where whoever changed it spoke in such terms.
    """

    conversation: Conversation
    by: ClientId | None
    time: int
    audience: Collection[ClientId]
    asked: Mapping[str, Any] | None = None
    modified: Mapping[str, Any] | None = None
    origin: int | None = None


class ConversationDeleted(msgspec.Struct, frozen=True):
    """A conversation is gone."""

    conversation: Conversation
    by: ClientId | None
    time: int
    audience: Collection[ClientId]


class LoggedIn(msgspec.Struct, frozen=True):
    """A client logged in from a device: any older connection from that device gives way.

    `at` grows with the time and is given once: of two logins on two servers, everybody knows which was the later.
    """

    app_id: AppId
    client_id: ClientId
    device_id: str
    connection: int
    at: int = 0


class LoginsHere(msgspec.Struct, frozen=True):
    """When (`LoggedIn.at`) those connections of a client logged in that a server has; each keeps count with it."""

    app_id: AppId
    client_id: ClientId
    server: str
    logins: tuple[int, ...]


class TagTaken(msgspec.Struct, frozen=True):
    """A client logged in under a tag, of which it has one device at a time: other devices under it give way.

    `at` is greater than that of whoever held the tag before.
    """

    app_id: AppId
    client_id: ClientId
    tag: str
    device: str
    connection: int
    at: int = 0


class KickedOut(msgspec.Struct, frozen=True):
    """The app wants a client off all its devices, or one; it does not come back by itself."""

    app_id: AppId
    client_id: ClientId
    reason: str
    device_id: str | None = None


class RoomLost(msgspec.Struct, frozen=True):
    """A client was in a room when it was lost on a device; no room: it is back, or went elsewhere.

    A server that died says nothing: then each of the others says it to itself, and of no device.
    """

    app_id: AppId
    client_id: ClientId
    device_id: str
    room: ConvId | None


class PresenceChanged(msgspec.Struct, frozen=True):
    """A client's first connection opened, or its last one ended."""

    app_id: AppId
    client_id: ClientId
    online: bool


class BanChanged(msgspec.Struct, frozen=True):
    """A client may not be here any more, or may be here again."""

    app_id: AppId
    client_id: ClientId
    banned: bool


class ProfileChanged(msgspec.Struct, frozen=True):
    """A client is called otherwise, or looks otherwise."""

    app_id: AppId
    client_id: ClientId


class AppChanged(msgspec.Struct, frozen=True):
    """An app's keys, policy or settings are not what they were."""

    app_id: AppId


Event = (
    MessageSent
    | MessageRecalled
    | MessageEdited
    | MessagesRead
    | Typing
    | MembersJoined
    | MembersLeft
    | MessagesDelivered
    | StandingsChanged
    | RestrictionsChanged
    | ConversationUpdated
    | ConversationDeleted
    | LoggedIn
    | LoginsHere
    | TagTaken
    | KickedOut
    | RoomLost
    | PresenceChanged
    | BanChanged
    | ProfileChanged
    | AppChanged
)
