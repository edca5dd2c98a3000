"""How LeanCloud's protocol says what is refused (wire: leancloud#error-codes)."""

from collections.abc import Mapping

from parlance.kernel.faults import Fault, FaultCode
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands import conversations, members, messages, sessions
from parlance.protocols.leancloud.commands.command import Command

CODES: Mapping[FaultCode, ErrorCode] = {
    FaultCode.MISSING_FIELD: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.MISSING_APP: ErrorCode.APP_NOT_AVAILABLE,
    FaultCode.BAD_FORMAT: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.MALFORMED: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.BODY_TOO_LARGE: ErrorCode.FRAME_TOO_LONG,
    FaultCode.UNKNOWN_ROUTE: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.WRONG_METHOD: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.RATE_LIMITED: ErrorCode.CONVERSATION_API_QUOTA_EXCEEDED,
    FaultCode.BAD_CREDENTIAL: ErrorCode.SIGNATURE_FAILED,
    FaultCode.FOREIGN_CLIENT: ErrorCode.CONVERSATION_OPERATION_UNAUTHORIZED,
    FaultCode.KEY_REQUIRED: ErrorCode.CONVERSATION_OPERATION_UNAUTHORIZED,
    FaultCode.NOT_LOGGED_IN: ErrorCode.SESSION_REQUIRED,
    FaultCode.UNKNOWN_APP: ErrorCode.APP_NOT_AVAILABLE,
    FaultCode.WRONG_SIGNATURE: ErrorCode.CONVERSATION_SIGNATURE_FAILED,
    FaultCode.SESSION_EXPIRED: ErrorCode.SESSION_TOKEN_EXPIRED,
    FaultCode.SESSION_CONFLICT: ErrorCode.SESSION_CONFLICT,
    FaultCode.UNKNOWN_CLIENT: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.BAD_UNIQUE_ID: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.BANNED: ErrorCode.BLACKLISTED,
    FaultCode.UNKNOWN_CONVERSATION: ErrorCode.CONVERSATION_NOT_FOUND,
    FaultCode.UNKNOWN_MESSAGE: ErrorCode.MESSAGE_NOT_FOUND,
    FaultCode.NOT_A_MEMBER: ErrorCode.CONVERSATION_MEMBERSHIP_REQUIRED,
    FaultCode.NOT_PERMITTED: ErrorCode.CONVERSATION_OPERATION_UNAUTHORIZED,
    FaultCode.WRONG_KIND: ErrorCode.NORMAL_CONVERSATION_REQUIRED,
    FaultCode.FULL: ErrorCode.CONVERSATION_FULL,
    FaultCode.OWNER_STAYS: ErrorCode.CONVERSATION_NEED_OWNER,
    FaultCode.ALREADY_MEMBER: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.WRONG_CODE: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.NOT_THE_SENDER: ErrorCode.MESSAGE_OWNERSHIP_REQUIRED,
    FaultCode.SILENCED: ErrorCode.SILIENCED,
    FaultCode.SILENCED_FOR_NOW: ErrorCode.CONVERSATION_TEMPORARY_BLACKLISTED,
    FaultCode.BLOCKED: ErrorCode.BLOCKED_BY_CONV,
    FaultCode.UNKNOWN_ROLE: ErrorCode.UNKNOWN_CONVERSATION_ROLE,
    FaultCode.BAD_QUERY: ErrorCode.CONVERSATION_QUERY_FAILED,
    FaultCode.REJECTED_BY_APP: ErrorCode.CONVERSATION_REJECTED_BY_APP,
    FaultCode.UNKNOWN_ORGANISATION: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.ALREADY_NOTIFIED: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.UNKNOWN_FILE: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.WRONG_FILE_FORMAT: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.WRONG_IMAGE: ErrorCode.CONVERSATION_API_FAILED,
    FaultCode.PROVIDER_FAILED: ErrorCode.CONVERSATION_INTERNAL_ERROR,
    FaultCode.UNAVAILABLE: ErrorCode.CONVERSATION_INTERNAL_ERROR,
    FaultCode.INTERNAL: ErrorCode.CONVERSATION_INTERNAL_ERROR,
}
"""Every fault of the catalogue."""

_LOGIN: Mapping[FaultCode, ErrorCode] = {
    FaultCode.MISSING_FIELD: ErrorCode.INVALID_LOGIN,
    FaultCode.BAD_FORMAT: ErrorCode.INVALID_LOGIN,
    FaultCode.WRONG_SIGNATURE: ErrorCode.SIGNATURE_FAILED,
    FaultCode.FOREIGN_CLIENT: ErrorCode.SIGNATURE_FAILED,
    FaultCode.UNKNOWN_CLIENT: ErrorCode.INVALID_LOGIN,
    FaultCode.NOT_PERMITTED: ErrorCode.SIGNATURE_FAILED,
    FaultCode.RATE_LIMITED: ErrorCode.APP_QUOTA_EXCEEDED,
    FaultCode.UNAVAILABLE: ErrorCode.INTERNAL_ERROR,
    FaultCode.INTERNAL: ErrorCode.INTERNAL_ERROR,
}
_MESSAGE: Mapping[FaultCode, ErrorCode] = {
    FaultCode.UNKNOWN_CONVERSATION: ErrorCode.INVALID_MESSAGING_TARGET,
    FaultCode.NOT_A_MEMBER: ErrorCode.INVALID_MESSAGING_TARGET,
    FaultCode.NOT_PERMITTED: ErrorCode.CONVERSATION_NOT_ALLOWED,
    FaultCode.WRONG_KIND: ErrorCode.INVALID_MESSAGING_TARGET,
    FaultCode.RATE_LIMITED: ErrorCode.MESSAGE_SENT_QUOTA_EXCEEDED,
    FaultCode.REJECTED_BY_APP: ErrorCode.MESSAGE_REJECTED_BY_APP,
    FaultCode.UNAVAILABLE: ErrorCode.SEND_MESSAGE_TIMEOUT,
    FaultCode.INTERNAL: ErrorCode.INTERNAL_ERROR,
}
_BLACKLIST: Mapping[FaultCode, ErrorCode] = {
    FaultCode.WRONG_SIGNATURE: ErrorCode.BLACKLIST_SIGNATURE_FAILED,
    FaultCode.FULL: ErrorCode.BLACKLIST_FULL,
}

_OTHERWISE: Mapping[type[Command], Mapping[FaultCode, ErrorCode]] = {
    sessions.OpenSession: _LOGIN,
    sessions.RefreshSession: _LOGIN,
    messages.SendMessage: _MESSAGE,
    conversations.UpdateConversation: {
        FaultCode.NOT_A_MEMBER: ErrorCode.CONVERSATION_UPDATE_REJECTED,
        FaultCode.NOT_PERMITTED: ErrorCode.CONVERSATION_UPDATE_REJECTED,
    },
    conversations.QueryConversations: {
        FaultCode.BAD_FORMAT: ErrorCode.CONVERSATION_QUERY_FAILED,
        FaultCode.MISSING_FIELD: ErrorCode.CONVERSATION_QUERY_FAILED,
    },
    messages.QueryHistory: {
        FaultCode.NOT_A_MEMBER: ErrorCode.CONVERSATION_LOG_REJECTED,
        FaultCode.NOT_PERMITTED: ErrorCode.CONVERSATION_LOG_REJECTED,
    },
    messages.PatchMessages: {
        FaultCode.NOT_A_MEMBER: ErrorCode.MESSAGE_OWNERSHIP_REQUIRED,
        FaultCode.NOT_PERMITTED: ErrorCode.MESSAGE_EDIT_DISABLED,
        FaultCode.REJECTED_BY_APP: ErrorCode.MESSAGE_UPDATE_REJECTED_BY_APP,
    },
    members.UpdateMemberInfo: {FaultCode.UNKNOWN_CLIENT: ErrorCode.CONVERSATION_MEMBERSHIP_REQUIRED},
    members.ShutUpMembers: {FaultCode.FULL: ErrorCode.SILIENCED_MEMBER_LIST_FULL},
    members.BlockMembers: _BLACKLIST,
    members.UnblockMembers: _BLACKLIST,
}
"""Where a command has other words for a fault than most."""


def code_of(fault: FaultCode, command: type[Command]) -> ErrorCode:
    """What a refusal of a command says."""
    return _OTHERWISE.get(command, {}).get(fault, CODES[fault])


def detail_of(fault: Fault) -> str | None:
    """What was wrong, where the code alone does not say it."""
    return fault.sentence if fault.reason or fault.field else None
