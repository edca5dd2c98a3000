"""Every address of the platform dialect."""

from typing import Any

from parlance.apis.platform import conversations, files, members, messages, tokens, users
from parlance.apis.platform.files import Receive
from parlance.apis.platform.rows import MessageRows, Rows
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode as F
from parlance.web.routes import Nothing, Route, Source

BODY = Source.BODY
ASKED = Source.QUERY_OR_BODY


def table(actions: Actions, receive: Receive, public_url: str) -> tuple[Route[Any], ...]:
    """The dialect's calls, in the order in which they are read about."""
    of_users, of_tokens = users.Users(actions), tokens.Tokens(actions)
    of_conversations, of_members = conversations.Conversations(actions), members.Members(actions)
    of_messages, of_files = messages.Messages(actions), files.Files(actions, receive, public_url)

    # fmt: off
    # ruff: noqa: E501
    return (
        Route("POST", "/im/users", of_users.create, users.CREATE, users.UserAsked, users.UserShown, BODY, faults=(F.BAD_UNIQUE_ID, F.NOT_PERMITTED)),
        Route("GET", "/im/users", of_users.list, users.LIST, users.UsersAsked, Rows[users.UserShown], ASKED, faults=(F.NOT_PERMITTED,)),
        Route("GET", "/im/users/{client_id}", of_users.show, users.SHOW, Nothing, users.UserShown, faults=(F.UNKNOWN_CLIENT,)),
        Route("PUT", "/im/users/{client_id}", of_users.update, users.UPDATE, users.ProfileAsked, users.UserShown, BODY, faults=(F.UNKNOWN_CLIENT, F.FOREIGN_CLIENT, F.NOT_PERMITTED)),
        Route("POST", "/im/users/{client_id}/ban", of_users.ban, users.BAN, Nothing, users.UserShown, faults=(F.UNKNOWN_CLIENT, F.NOT_PERMITTED)),
        Route("POST", "/im/users/{client_id}/unban", of_users.unban, users.UNBAN, Nothing, users.UserShown, faults=(F.UNKNOWN_CLIENT, F.NOT_PERMITTED)),
        Route("POST", "/im/tokens", of_tokens.issue, tokens.ISSUE, tokens.TokenAsked, tokens.TokenShown, BODY, faults=(F.KEY_REQUIRED, F.UNKNOWN_CLIENT)),
        Route("POST", "/im/conversations", of_conversations.open_or_search, conversations.OPEN, dict[str, Any], conversations.Opened | Rows[conversations.ConversationShown], ASKED, either=(conversations.ConversationAsked, conversations.ConversationsAsked), faults=(F.WRONG_KIND, F.UNKNOWN_CLIENT, F.FOREIGN_CLIENT, F.FULL)),
        Route("GET", "/im/conversations", of_conversations.search, conversations.SEARCH, conversations.ConversationsAsked, Rows[conversations.ConversationShown], ASKED),
        Route("PUT", "/im/conversations", of_conversations.update, conversations.UPDATE, conversations.UpdateAsked, bool, BODY, faults=(F.UNKNOWN_CONVERSATION, F.NOT_PERMITTED)),
        Route("DELETE", "/im/conversations/{conv_id}", of_conversations.delete, conversations.DELETE, Nothing, bool, faults=(F.UNKNOWN_CONVERSATION, F.NOT_PERMITTED)),
        Route("POST", "/im/conversations/{conv_id}/members", of_members.add, members.ADD, members.MembersAsked, bool, BODY, faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER, F.UNKNOWN_CLIENT, F.WRONG_KIND, F.NOT_PERMITTED, F.FULL)),
        Route("GET", "/im/conversations/{conv_id}/members", of_members.list, members.LIST, Nothing, list[str], faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER)),
        Route("DELETE", "/im/conversations/{conv_id}/members", of_members.remove, members.REMOVE, members.MembersAsked, bool, BODY, faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER, F.WRONG_KIND, F.NOT_PERMITTED)),
        Route("POST", "/im/conversations/{conv_id}/message", of_messages.send, messages.SEND, messages.MessageAsked, messages.MessageTaken, BODY, faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER, F.NOT_PERMITTED, F.UNKNOWN_CLIENT, F.FOREIGN_CLIENT, F.RATE_LIMITED)),
        Route("GET", "/im/conversations/{conv_id}/message", of_messages.list, messages.LIST, messages.MessagesAsked, MessageRows[messages.MessageShown], ASKED, faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER)),
        Route("POST", "/im/file/upload", of_files.upload, files.UPLOAD, files.FileAsked, str, Source.UPLOAD, faults=(F.WRONG_FILE_FORMAT,)),
    )
