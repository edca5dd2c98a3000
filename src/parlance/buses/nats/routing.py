"""Whom an event concerns, on other servers.

Two classes. What other servers keep at hand (conversations, members, bans, apps) goes to all of them. What only
clients are told goes where these clients are.
"""

from collections.abc import Collection
from typing import NamedTuple

from parlance.core.model.events import (
    AppChanged,
    BanChanged,
    ConversationDeleted,
    ConversationUpdated,
    Event,
    KickedOut,
    LoggedIn,
    LoginsHere,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    ProfileChanged,
    RestrictionsChanged,
    RoomLost,
    StandingsChanged,
    TagTaken,
    Typing,
)
from parlance.kernel.ids import AppId, ClientId


class Concerned(NamedTuple):
    """Clients of an app; `everybody`: every server besides."""

    app_id: AppId
    audience: Collection[ClientId]
    everybody: bool = False


def concerned(event: Event) -> Concerned | None:  # noqa: PLR0911 - one answer for each kind of event
    """Whom it concerns; None: nobody elsewhere."""
    if type(event) is MessageSent:
        return Concerned(event.message.app_id, event.audience)
    match event:
        case MessagesRead() | Typing() | MessageEdited() | MessageRecalled():
            return Concerned(event.app_id, event.audience)
        case MessagesDelivered():
            return Concerned(event.app_id, {sender for _, sender in event.receipts})
        case (
            MembersJoined()
            | MembersLeft()
            | StandingsChanged()
            | RestrictionsChanged()
            | ConversationUpdated()
            | ConversationDeleted()
        ):
            return Concerned(event.conversation.app_id, event.audience, everybody=True)
        case LoggedIn() | LoginsHere() | TagTaken() | KickedOut():
            return Concerned(event.app_id, (event.client_id,))
        case BanChanged() | ProfileChanged() | AppChanged() | RoomLost():
            return Concerned(event.app_id, (), everybody=True)
        case PresenceChanged():
            # The others know it from who comes and goes.
            return None
        case MessageSent():
            return Concerned(event.message.app_id, event.audience)


def concerns_all(event: Event) -> bool:
    """Whether every server keeps at hand what it changes."""
    concerns = concerned(event)
    return concerns is not None and concerns.everybody
