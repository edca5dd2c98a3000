"""A client is in one chat room at a time, on each of its sockets: coming into another, it leaves the first.

Who is lost and comes back is in it again (wire: leancloud#rooms).
"""

from parlance.core.model.conversation import Conversation
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.session import Session
from parlance.kernel.faults import Fault
from parlance.kernel.ids import ConvId


async def come_back(desk: Desk, session: Session, *, reconnect: bool) -> None:
    """A client has logged in: by itself (`reconnect`), then it comes into the room again that it was lost in."""
    room = desk.actions.lost_rooms.found(session.caller, session.device_id)
    if not reconnect:
        return
    if room is None:
        _take_over(desk, session)
        return
    try:
        change = await desk.actions.bring_in(session.caller, room, (session.client,))
    except Fault:
        # The room is no more.
        return
    if session.client in change.allowed:
        session.room = room


def _take_over(desk: Desk, session: Session) -> None:
    """If nobody has noticed yet that it was lost: the room is the new session's, and the dead one takes none along."""
    for other in desk.hub.clients(session.caller.app.app_id).get(session.client, ()):
        same = session.device_id and other.device_id == session.device_id and other is not session
        if same and isinstance(other, Session) and other.room is not None:
            session.room, other.room = other.room, None
            return


async def entered(desk: Desk, session: Session, conversation: Conversation) -> None:
    """To be called when a client has come into a conversation, whatever it is."""
    if not conversation.abilities.present_members or session.room == conversation.conv_id:
        return
    before, session.room = session.room, conversation.conv_id
    if before is not None:
        await left_behind(desk, session, before)


async def left_behind(desk: Desk, session: Session, room: ConvId) -> None:
    """The client is out of a room, unless it is there on another of its connections."""
    others = desk.hub.clients(session.caller.app.app_id).get(session.client, ())
    if any(isinstance(other, Session) and other is not session and other.room == room for other in others):
        return
    try:
        await desk.actions.take_out(session.caller, room, (session.client,))
    except Fault:
        # The room is no more.
        return
