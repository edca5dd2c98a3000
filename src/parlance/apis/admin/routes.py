"""Every address of the admin API, and the name that each has in the log."""

from types import MappingProxyType
from typing import Any

from parlance.apis.admin import apps, audit, conversations, deliveries, files, messages, servers, sessions, users
from parlance.apis.admin.envelope import Done
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode as F
from parlance.web.routes import Nothing, Route, Source

_APP = "/admin/apps/{app_id}"
_USER = f"{_APP}/users/{{client_id}}"
_CONVERSATION = f"{_APP}/conversations/{{conv_id}}"
_MESSAGE = f"{_CONVERSATION}/messages/{{msg_id}}"

LOGGED = MappingProxyType(
    {
        ("POST", "/admin/logout"): "logout",
        ("POST", "/admin/password"): "password.change",
        ("POST", "/admin/apps"): "app.create",
        ("PATCH", _APP): "app.change",
        ("POST", f"{_APP}/keys"): "app.rotate",
        ("PUT", f"{_USER}/ban"): "user.ban",
        ("DELETE", f"{_USER}/ban"): "user.unban",
        ("POST", f"{_USER}/kick"): "user.kick",
        ("DELETE", _USER): "user.erase",
        ("GET", f"{_USER}/export"): "user.export",
        ("DELETE", _CONVERSATION): "conversation.dissolve",
        ("GET", f"{_CONVERSATION}/messages"): "conversation.read",
        ("POST", f"{_MESSAGE}/recall"): "message.recall",
        ("GET", "/admin/messages/{msg_id}"): "message.trace",
        ("GET", f"{_APP}/files"): "file.list",
        ("DELETE", f"{_APP}/files"): "file.delete",
        ("POST", f"{_APP}/deliveries/replay"): "delivery.replay",
        ("POST", f"{_APP}/deliveries/{{delivery_id}}/replay"): "delivery.replay",
    }
)
"""Whatever changes something, and whatever shows what people said or uploaded. Logging in is written down by itself."""

NAMES = sorted({*LOGGED.values(), sessions.LOGIN, sessions.LINK})

QUERY, BODY = Source.QUERY, Source.BODY


def table(actions: Actions) -> tuple[Route[Any], ...]:
    """The calls, noun by noun."""
    of_sessions, of_apps, of_users = sessions.Sessions(actions), apps.Apps(actions), users.Users(actions)
    of_conversations, of_messages = conversations.Conversations(actions), messages.Messages(actions)
    of_files, of_deliveries = files.Files(actions), deliveries.Deliveries(actions)
    of_audit, of_servers = audit.Audit(actions, NAMES), servers.Servers(actions)

    # fmt: off
    # ruff: noqa: E501
    return (
        Route("POST", "/admin/login", of_sessions.log_in, sessions.LOG_IN, sessions.Login, sessions.Session, BODY, faults=(F.BAD_CREDENTIAL, F.RATE_LIMITED, F.NOT_PERMITTED, F.MISSING_FIELD, F.BAD_FORMAT, F.MALFORMED, F.BODY_TOO_LARGE, F.UNAVAILABLE), public=True),
        Route("POST", "/admin/login/link", of_sessions.follow_link, sessions.FOLLOW, sessions.Link, sessions.Session, BODY, faults=(F.BAD_CREDENTIAL, F.RATE_LIMITED, F.NOT_PERMITTED, F.MISSING_FIELD, F.BAD_FORMAT, F.MALFORMED, F.BODY_TOO_LARGE, F.UNAVAILABLE), public=True),
        Route("GET", "/admin/session", of_sessions.show, sessions.SHOW, Nothing, sessions.Session, faults=(F.NOT_PERMITTED, F.UNAVAILABLE), public=True),
        Route("POST", "/admin/logout", of_sessions.log_out, sessions.LOG_OUT, Nothing, Done),
        Route("POST", "/admin/password", of_sessions.change_password, sessions.CHANGE, sessions.NewPassword, Done, BODY, faults=(F.BAD_CREDENTIAL,)),
        Route("GET", "/admin/servers", of_servers.list, servers.LIST, Nothing, servers.ServersFound),
        Route("GET", "/admin/apps", of_apps.list, apps.LIST, Nothing, apps.AppsFound),
        Route("POST", "/admin/apps", of_apps.create, apps.CREATE, apps.AppToMake, apps.KeysMade, BODY),
        Route("GET", _APP, of_apps.show, apps.SHOW, Nothing, apps.AppShown, faults=(F.UNKNOWN_APP,)),
        Route("PATCH", _APP, of_apps.change, apps.CHANGE, apps.AppChange, apps.AppShown, BODY, faults=(F.UNKNOWN_APP,)),
        Route("POST", f"{_APP}/keys", of_apps.rotate, apps.ROTATE, apps.KeysToMake, apps.KeysMade, BODY, faults=(F.UNKNOWN_APP,)),
        Route("GET", f"{_APP}/users", of_users.list, users.LIST, users.UsersWanted, users.UsersFound, QUERY, faults=(F.UNKNOWN_APP,)),
        Route("GET", _USER, of_users.show, users.SHOW, Nothing, users.UserDetails, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT)),
        Route("PUT", f"{_USER}/ban", of_users.ban, users.BAN, Nothing, Done, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT)),
        Route("DELETE", f"{_USER}/ban", of_users.unban, users.UNBAN, Nothing, Done, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT)),
        Route("POST", f"{_USER}/kick", of_users.kick, users.KICK, users.KickWanted, Done, BODY, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT)),
        Route("DELETE", _USER, of_users.erase, users.ERASE, Nothing, users.ErasedShown, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT)),
        Route("GET", f"{_USER}/export", of_users.export, users.EXPORT, Nothing, users.ExportShown, faults=(F.UNKNOWN_APP, F.UNKNOWN_CLIENT), head=False),
        Route("GET", f"{_APP}/conversations", of_conversations.list, conversations.LIST, conversations.ConversationsWanted, conversations.ConversationsFound, QUERY, faults=(F.UNKNOWN_APP,)),
        Route("GET", _CONVERSATION, of_conversations.show, conversations.SHOW, Nothing, conversations.ConversationShown, faults=(F.UNKNOWN_APP, F.UNKNOWN_CONVERSATION)),
        Route("GET", f"{_CONVERSATION}/members", of_conversations.members, conversations.MEMBERS, Nothing, conversations.MembersFound, faults=(F.UNKNOWN_APP, F.UNKNOWN_CONVERSATION)),
        Route("GET", f"{_CONVERSATION}/messages", of_messages.list, messages.LIST, messages.MessagesWanted, messages.MessagesFound, QUERY, faults=(F.UNKNOWN_APP, F.UNKNOWN_CONVERSATION), head=False),
        Route("DELETE", _CONVERSATION, of_conversations.dissolve, conversations.DISSOLVE, Nothing, Done, faults=(F.UNKNOWN_APP, F.UNKNOWN_CONVERSATION)),
        Route("POST", f"{_MESSAGE}/recall", of_messages.recall, messages.RECALL, Nothing, Done, faults=(F.UNKNOWN_APP, F.UNKNOWN_CONVERSATION, F.UNKNOWN_MESSAGE)),
        Route("GET", "/admin/messages/{msg_id}", of_messages.trace, messages.TRACE, Nothing, messages.TraceShown, faults=(F.UNKNOWN_MESSAGE,), head=False),
        Route("GET", f"{_APP}/files", of_files.list, files.LIST, files.FilesWanted, files.FilesFound, QUERY, faults=(F.UNKNOWN_APP,), head=False),
        Route("DELETE", f"{_APP}/files", of_files.delete, files.DELETE, files.FileNamed, Done, BODY, faults=(F.UNKNOWN_APP, F.UNKNOWN_FILE)),
        Route("GET", f"{_APP}/deliveries", of_deliveries.list, deliveries.LIST, deliveries.DeliveriesWanted, deliveries.DeliveriesFound, QUERY, faults=(F.UNKNOWN_APP,)),
        Route("POST", f"{_APP}/deliveries/replay", of_deliveries.replay, deliveries.REPLAY, deliveries.ReplayWanted, deliveries.Replayed, BODY, faults=(F.UNKNOWN_APP,)),
        Route("POST", f"{_APP}/deliveries/{{delivery_id}}/replay", of_deliveries.replay_one, deliveries.REPLAY_ONE, Nothing, deliveries.Replayed, faults=(F.UNKNOWN_APP, F.UNKNOWN_ROUTE)),
        Route("GET", "/admin/audit", of_audit.list, audit.LIST, audit.AuditWanted, audit.EntriesFound, QUERY),
    )
