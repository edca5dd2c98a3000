"""What LeanCloud's clients ask about sessions: who is online, another token, where to push to."""

from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.words import people
from parlance.protocols.leancloud.answers import sessions as answers
from parlance.protocols.leancloud.commands import sessions as commands
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def query(desk: Desk, session: Session, command: commands.QuerySessions) -> pb.GenericCommand:
    """Who of these is online (wire: leancloud#session-query)."""
    online = desk.actions.who_is_online(session.caller, people(command.asked_about, "sessionPeerIds"))
    return answers.online([client for client, here in online.items() if here])


async def refresh(desk: Desk, session: Session, _: commands.RefreshSession) -> pb.GenericCommand:
    """Another token (wire: leancloud#session-refresh)."""
    token = await desk.actions.refresh_session(session.caller, session.tag, session.device_id or None)
    return answers.refreshed(token.token, token.ttl)


async def report(_: Desk, __: Session, ___: commands.UploadReport) -> pb.GenericCommand:
    """Take note of where to push to: nobody pushes from here (wire: leancloud#report)."""
    return answers.uploaded()
