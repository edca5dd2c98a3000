"""What LeanCloud's clients ask of conversations: `conv` with `start`, `update`, `query` and the like."""

from typing import Any

from parlance.core.model.columns import said_by
from parlance.core.model.conversation import Kind, unique_id_of
from parlance.core.model.conversation_query import ConversationQuery, FoundConversation
from parlance.core.model.conversation_row import conversation_row
from parlance.core.model.message import Message
from parlance.core.model.signature import Permission
from parlance.core.model.starting import Starting
from parlance.core.model.where.values import iso
from parlance.gateway.leancloud import rooms
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.words import changed_at, content, conv_id, people, seconds_left
from parlance.kernel.ids import ClientId, ConvId
from parlance.protocols.leancloud.answers import conversations as answers
from parlance.protocols.leancloud.answers.messages import as_base64
from parlance.protocols.leancloud.commands import conversations as commands
from parlance.protocols.leancloud.generated import messages_pb2 as pb

Answer = pb.GenericCommand


async def start(desk: Desk, session: Session, command: commands.StartConversation) -> Answer:
    """Begin a conversation, or find it again (wire: leancloud#conv-start)."""
    others = people(command.members, "m")
    said = said_by(command.attr or {})
    # As they are signed: what the client sent, whether it named itself or not.
    await desk.actions.check_signature(
        session.caller, Permission(session.client, others), command.t, command.n, command.s
    )
    starting = Starting(
        _kind(command),
        session.client,
        tuple(other for other in others if other != session.client),
        unique=command.unique and not (command.transient or command.temp_conv),
        name=said.name,
        ext=said.ext,
        columns=said.columns,
        ttl_seconds=command.temp_conv_ttl or None,
    )
    started = await desk.actions.start_conversation(session.caller, starting)
    conversation = started.roster.conversation
    unique_id = conversation.unique_id
    if unique_id is None and starting.unique:
        # The two of them talked before, through another face.
        unique_id = unique_id_of({session.client, *others})
    await rooms.entered(desk, session, conversation)
    return answers.started(
        conversation.conv_id,
        iso(conversation.created_at),
        unique_id=unique_id,
        existing=started.existing,
        temp_conv_ttl=seconds_left(conversation, desk.clock.now()),
    )


def _kind(command: commands.StartConversation) -> Kind:
    if command.transient:
        return Kind.ROOM
    return Kind.TEMPORARY if command.temp_conv else Kind.GROUP


async def update(desk: Desk, session: Session, command: commands.UpdateConversation) -> Answer:
    """Change what is said about a conversation (wire: leancloud#conv-update)."""
    cid = conv_id(command.cid)
    changed = await desk.actions.change_columns(session.caller, cid, command.attr, session.number)
    return answers.updated(cid, changed_at(changed.conversation), command.attr, changed.modified)


async def mute(desk: Desk, session: Session, command: commands.MuteConversation) -> Answer:
    """Be left alone while away (wire: leancloud#conv-mute)."""
    conversation = await desk.actions.mute(session.caller, conv_id(command.cid), muted=True)
    return answers.updated(command.cid, changed_at(conversation))


async def unmute(desk: Desk, session: Session, command: commands.UnmuteConversation) -> Answer:
    """Be told again (wire: leancloud#conv-mute)."""
    conversation = await desk.actions.mute(session.caller, conv_id(command.cid), muted=False)
    return answers.updated(command.cid, changed_at(conversation))


async def count(desk: Desk, session: Session, command: commands.CountMembers) -> Answer:
    """How many are in it (wire: leancloud#conv-count)."""
    return answers.counted(command.cid, await desk.actions.count_members(session.caller, conv_id(command.cid)))


async def members(desk: Desk, session: Session, command: commands.ListMembers) -> Answer:
    """Some of those who are in it (wire: leancloud#conv-members)."""
    everybody = await desk.actions.list_members(session.caller, conv_id(command.cid))
    return answers.members(command.cid, [*everybody][: command.page])


async def membership(desk: Desk, session: Session, command: commands.AskMembership) -> Answer:
    """In which of these the client is (wire: leancloud#conv-is-member)."""
    member_of = await desk.actions.membership(session.caller, tuple(map(ConvId, command.cids)))
    return answers.membership({str(cid): isin for cid, isin in member_of.items()})


async def max_read(desk: Desk, session: Session, command: commands.AskMaxRead) -> Answer:
    """How far the others have come (wire: leancloud#conv-max-read)."""
    marks = await desk.actions.member_marks(session.caller, conv_id(command.cid))
    if command.query_all_members:
        return answers.max_read_of_each(
            command.cid, [(mark.client_id, mark.delivered_at, mark.read_at) for mark in marks]
        )
    delivered = max((mark.delivered_at for mark in marks if mark.delivered_at is not None), default=None)
    read = max((mark.read_at for mark in marks if mark.read_at is not None), default=None)
    return answers.max_read(command.cid, delivered, read)


async def query(desk: Desk, session: Session, command: commands.QueryConversations) -> Answer:
    """Look for conversations (wire: leancloud#conv-query)."""
    asked = ConversationQuery(
        command.conditions,
        command.sort,
        command.page,
        command.skipped,
        command.with_last_message,
        tuple(map(ConvId, command.temp_conv_ids)) if command.temp_conv_ids else None,
    )
    found = await desk.actions.query_conversations(session.caller, asked)
    now = desk.clock.now()
    return answers.rows([_row(each, session.client, now, compact=command.compact) for each in found])


def _row(found: FoundConversation, client: ClientId, now: int, *, compact: bool) -> dict[str, Any]:
    row = conversation_row(found)
    if compact:
        row.pop("m", None)
    if client in found.muted:
        row["muted"] = True
    ttl = seconds_left(found.conversation, now)
    if ttl is not None:
        row["ttl"] = ttl
    return row if found.last_message is None else row | _last_message(found.last_message)


def _last_message(message: Message) -> dict[str, Any]:
    said = content(message)
    row: dict[str, Any] = {
        "msg": said if isinstance(said, str) else as_base64(said),
        "msg_from": message.sender,
        "msg_mid": message.msg_id,
        "msg_timestamp": message.created_at,
    }
    if isinstance(said, bytes):
        row["bin"] = True
    if message.patched_at is not None:
        row["patch_timestamp"] = message.patched_at
    if message.mention_all:
        row["mention_all"] = True
    if message.mentions:
        row["mention_pids"] = list(message.mentions)
    return row
