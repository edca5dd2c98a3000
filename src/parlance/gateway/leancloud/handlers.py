"""Which of LeanCloud's commands is carried out by what; the visit itself opens, closes and sends."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from parlance.gateway.leancloud import conversations, members, messages, presence
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.session import Session
from parlance.protocols.leancloud.commands import conversations as of_conversations
from parlance.protocols.leancloud.commands import members as of_members
from parlance.protocols.leancloud.commands import messages as of_messages
from parlance.protocols.leancloud.commands import sessions as of_sessions
from parlance.protocols.leancloud.commands.command import Command
from parlance.protocols.leancloud.generated import messages_pb2 as pb

Handler = Callable[[Desk, Session, Any], Awaitable[pb.GenericCommand | None]]
"""Carries out a command and answers it, or raises a Fault; None is for commands without an answer."""

HANDLERS: Mapping[type[Command], Handler] = {
    of_sessions.QuerySessions: presence.query,
    of_sessions.RefreshSession: presence.refresh,
    of_sessions.UploadReport: presence.report,
    of_conversations.StartConversation: conversations.start,
    of_conversations.UpdateConversation: conversations.update,
    of_conversations.MuteConversation: conversations.mute,
    of_conversations.UnmuteConversation: conversations.unmute,
    of_conversations.CountMembers: conversations.count,
    of_conversations.ListMembers: conversations.members,
    of_conversations.AskMembership: conversations.membership,
    of_conversations.AskMaxRead: conversations.max_read,
    of_conversations.QueryConversations: conversations.query,
    of_members.AddMembers: members.add,
    of_members.RemoveMembers: members.remove,
    of_members.UpdateMemberInfo: members.set_role,
    of_members.ShutUpMembers: members.shut_up,
    of_members.LetMembersSpeak: members.let_speak,
    of_members.QueryShutUp: members.query_shut_up,
    of_members.CheckShutUp: members.check_shut_up,
    of_members.BlockMembers: members.block,
    of_members.UnblockMembers: members.unblock,
    of_members.QueryBlocked: members.query_blocked,
    of_members.CheckBlocked: members.check_blocked,
    of_messages.AckMessages: messages.acknowledge,
    of_messages.ReadMessages: messages.read,
    of_messages.QueryHistory: messages.history,
    of_messages.PatchMessages: messages.patch,
}
