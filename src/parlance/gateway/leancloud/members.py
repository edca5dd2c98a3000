"""What LeanCloud's clients ask about people in conversations: `conv` with `add`, roles and shut-ups, `blacklist`."""

import re
from collections.abc import Callable, Iterable

from parlance.core.model.member import Role
from parlance.core.model.membership import MembershipChange
from parlance.core.model.restriction import FOREVER, Restraint
from parlance.core.model.signature import Permission, SignedAction
from parlance.core.model.where.values import iso
from parlance.gateway.leancloud import rooms
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.faults import code_of
from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.words import ROLES, conv_id, people, person
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import ClientId, ConvId
from parlance.protocols.leancloud.answers import conversations as answers
from parlance.protocols.leancloud.answers.failures import failure
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.commands import members as commands
from parlance.protocols.leancloud.commands.command import Command, Signable
from parlance.protocols.leancloud.generated import messages_pb2 as pb

Answer = pb.GenericCommand

_ROLES = {word: role for role, word in ROLES.items() if role is not Role.OWNER}
"""Those that can be given: the owner is who began the conversation."""
_AFTER = "~"
"""Stands before the client after whom a page begins, so that no client's id is taken for a number."""
_COUNTED = re.compile("[0-9]{1,5}")


async def add(desk: Desk, session: Session, command: commands.AddMembers) -> Answer:
    """Bring people in, or come in oneself (wire: leancloud#membership)."""
    cid, clients = conv_id(command.cid), people(command.members, "m")
    await _signed(desk, session, command, cid, clients, SignedAction.INVITE)
    change = await desk.actions.bring_in(session.caller, cid, clients)
    if session.client in change.allowed:
        await rooms.entered(desk, session, change.conversation)
    return answers.added(cid, change.allowed, _failures(session, change, command), iso(change.changed_at))


async def remove(desk: Desk, session: Session, command: commands.RemoveMembers) -> Answer:
    """Take people out, or go oneself (wire: leancloud#membership)."""
    cid, clients = conv_id(command.cid), people(command.members, "m")
    if clients != (session.client,):
        # Going oneself is not signed by every library.
        await _signed(desk, session, command, cid, clients, SignedAction.KICK)
    change = await desk.actions.take_out(session.caller, cid, clients)
    if session.room == cid and session.client in change.allowed:
        session.room = None
    return answers.removed(cid, change.allowed, _failures(session, change, command), iso(change.changed_at))


async def set_role(desk: Desk, session: Session, command: commands.UpdateMemberInfo) -> Answer:
    """Give somebody another role (wire: leancloud#roles)."""
    cid, role = conv_id(command.cid), _ROLES.get(command.info.role or "")
    if command.target is None:
        raise missing("targetClientId")
    if role is None:
        raise Fault(FaultCode.UNKNOWN_ROLE)
    await desk.actions.set_role(session.caller, cid, person(command.target, "targetClientId"), role)
    return answers.member_info_updated(cid)


async def shut_up(desk: Desk, session: Session, command: commands.ShutUpMembers) -> Answer:
    """Let people not speak any more (wire: leancloud#shutup)."""
    cid = conv_id(command.cid)
    change = await desk.actions.silence(session.caller, cid, people(command.members, "m"), FOREVER)
    return answers.shut_up(cid, change.allowed, _failures(session, change, command))


async def let_speak(desk: Desk, session: Session, command: commands.LetMembersSpeak) -> Answer:
    """Let them speak again (wire: leancloud#shutup)."""
    cid = conv_id(command.cid)
    change = await desk.actions.unsilence(session.caller, cid, people(command.members, "m"))
    return answers.let_speak(cid, change.allowed, _failures(session, change, command))


async def query_shut_up(desk: Desk, session: Session, command: commands.QueryShutUp) -> Answer:
    """Who may not speak (wire: leancloud#shutup)."""
    cid = conv_id(command.cid)
    return answers.shut_up_list(cid, *await _page(desk, session, cid, Restraint.SILENCED, command.next, command.page))


async def check_shut_up(desk: Desk, session: Session, command: commands.CheckShutUp) -> Answer:
    """Who of these may not speak (wire: leancloud#shutup)."""
    return await _among(desk, session, command.cid, command.members, Restraint.SILENCED, answers.shut_up_among)


async def block(desk: Desk, session: Session, command: commands.BlockMembers) -> Answer:
    """Keep people out (wire: leancloud#blacklist)."""
    cid, clients = conv_id(command.src_cid), people(command.to_pids, "toPids")
    await _signed(desk, session, command, cid, clients, SignedAction.BLOCK)
    change = await desk.actions.block(session.caller, cid, clients)
    return answers.blocked(cid, change.allowed, _failures(session, change, command))


async def unblock(desk: Desk, session: Session, command: commands.UnblockMembers) -> Answer:
    """Let them come back (wire: leancloud#blacklist)."""
    cid, clients = conv_id(command.src_cid), people(command.to_pids, "toPids")
    await _signed(desk, session, command, cid, clients, SignedAction.UNBLOCK)
    change = await desk.actions.unblock(session.caller, cid, clients)
    return answers.unblocked(cid, change.allowed, _failures(session, change, command))


async def query_blocked(desk: Desk, session: Session, command: commands.QueryBlocked) -> Answer:
    """Who is kept out (wire: leancloud#blacklist)."""
    cid = conv_id(command.src_cid)
    return answers.blocked_list(cid, *await _page(desk, session, cid, Restraint.BLOCKED, command.next, command.page))


async def check_blocked(desk: Desk, session: Session, command: commands.CheckBlocked) -> Answer:
    """Who of these is kept out (wire: leancloud#blacklist)."""
    return await _among(desk, session, command.src_cid, command.to_pids, Restraint.BLOCKED, answers.blocked_among)


async def _among(
    desk: Desk,
    session: Session,
    cid: str,
    clients: Iterable[str],
    restraint: Restraint,
    answer: Callable[[str, Iterable[str]], Answer],
) -> Answer:
    asked = people(clients, "m")
    found = await desk.actions.restricted_among(session.caller, conv_id(cid), restraint, asked)
    return answer(cid, found)


async def _signed(
    desk: Desk,
    session: Session,
    command: Signable,
    cid: ConvId,
    clients: tuple[ClientId, ...],
    action: SignedAction,
) -> None:
    """Look for the signature, if the app asks for one. Raises WRONG_SIGNATURE."""
    permission = Permission(session.client, clients, cid, action)
    await desk.actions.check_signature(session.caller, permission, command.t, command.n, command.s)


def _failures(session: Session, change: MembershipChange, command: Command) -> list[pb.ErrorCommand]:
    """Who could not, and why. Who does not read of such (wire: leancloud#capabilities) is refused in words of one."""
    if change.refused and not session.can(Capabilities.PARTIAL_FAILURES):
        raise Fault(change.refused[0].code)
    return [failure(code_of(each.code, type(command)), pids=each.clients) for each in change.refused]


async def _page(
    desk: Desk, session: Session, cid: ConvId, restraint: Restraint, following: str | None, most: int
) -> tuple[tuple[ClientId, ...], str | None]:
    """Some of those concerned, and the `next` for those after them. Some libraries count up to there instead."""
    after, passed = None, 0
    if following:
        if following.startswith(_AFTER):
            after = person(following[len(_AFTER) :], "next")
        elif _COUNTED.fullmatch(following):
            passed = int(following)
        else:
            raise bad_format("next", "not one of ours")
    while passed:
        listed = await desk.actions.restricted(session.caller, cid, restraint, after, passed)
        if listed.following is None:
            return (), None
        after, passed = listed.following, passed - len(listed.clients)
    listed = await desk.actions.restricted(session.caller, cid, restraint, after, most)
    return listed.clients, None if listed.following is None else _AFTER + listed.following
