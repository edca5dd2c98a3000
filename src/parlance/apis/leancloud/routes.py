"""Every address of the leancloud dialect: version 1.2 by its guide's chapters, then 1.1, then what clients ask for."""

from collections.abc import Iterator
from typing import Any

import msgspec

from parlance.apis.leancloud import broadcasts as b
from parlance.apis.leancloud import clients as c
from parlance.apis.leancloud import conversations as v
from parlance.apis.leancloud import files as f
from parlance.apis.leancloud import members as m
from parlance.apis.leancloud import messages as g
from parlance.apis.leancloud import objects as j
from parlance.apis.leancloud import old_calls as q
from parlance.apis.leancloud import old_messages as o
from parlance.apis.leancloud import restrictions as r
from parlance.apis.leancloud import roles as p
from parlance.apis.leancloud import scans as a
from parlance.apis.leancloud import sessions as w
from parlance.apis.leancloud import subscribers as s
from parlance.apis.leancloud.changes import ConversationChanged, Done
from parlance.apis.leancloud.examples import shown
from parlance.core.actions.catalogue import Actions
from parlance.kernel.clock import Clock
from parlance.kernel.faults import FaultCode as F
from parlance.kernel.ids import Ids
from parlance.web.routes import Nothing, Operation, Route, Source

BODY, QUERY, BOTH = Source.BODY, Source.QUERY, Source.QUERY_OR_BODY
RTM = "/1.2/rtm"
CONVERSATIONS, ROOMS, SERVICE = f"{RTM}/conversations", f"{RTM}/chatrooms", f"{RTM}/service-conversations"
OBJECTS = "/1.1/classes/_Conversation"

COMMON = (
    F.MISSING_FIELD,
    F.MISSING_APP,
    F.BAD_FORMAT,
    F.MALFORMED,
    F.BAD_CREDENTIAL,
    F.KEY_REQUIRED,
    F.BODY_TOO_LARGE,
    F.UNAVAILABLE,
    F.INTERNAL,
)
"""What every call may refuse, those that the public key does included."""
GONE = (F.UNKNOWN_CONVERSATION,)
CHANGING = (F.UNKNOWN_CONVERSATION, F.NOT_PERMITTED, F.WRONG_KIND, F.REJECTED_BY_APP)
MEMBERSHIP = (*CHANGING, F.FULL, F.BLOCKED, F.OWNER_STAYS, F.BANNED, F.UNKNOWN_CLIENT, F.NOT_A_MEMBER)
SENDING = (
    *CHANGING,
    F.BANNED,
    F.UNKNOWN_CLIENT,
    F.SILENCED,
    F.SILENCED_FOR_NOW,
    F.BLOCKED,
    F.RATE_LIMITED,
    F.NOT_A_MEMBER,
)
PATCHING = (
    *GONE,
    F.UNKNOWN_MESSAGE,
    F.NOT_PERMITTED,
    F.REJECTED_BY_APP,
    F.NOT_A_MEMBER,
    F.RATE_LIMITED,
)
BROADCASTING = (*GONE, F.WRONG_KIND)
READING = (*GONE, F.NOT_A_MEMBER, F.WRONG_SIGNATURE, F.UNKNOWN_MESSAGE)
STARTING = (F.FULL, F.BANNED, F.UNKNOWN_CLIENT, F.REJECTED_BY_APP, F.WRONG_KIND)


def table(actions: Actions, clock: Clock, ids: Ids, public_url: str) -> tuple[Route[Any], ...]:
    """The dialect's calls."""
    rows = (
        *_conversations(v.Conversations(actions)),
        *_members(m.Members(actions)),
        *_restrictions(r.Restrictions(actions, clock)),
        *_roles(p.Roles(actions, clock)),
        *_messages(g.Messages(actions)),
        *_service(s.Subscribers(actions), g.Messages(actions)),
        *_clients(c.Clients(actions)),
        *_broadcasts(b.Broadcasts(actions)),
        *_objects(j.Objects(actions)),
        *_classes(a.Scans(actions)),
        *_old_messages(o.OldMessages(actions)),
        *_old_calls(q.OldCalls(actions, clock)),
        *_of_clients(w.Sessions(actions)),
        *_files(f.Files(actions, clock, ids, public_url)),
    )
    return tuple(map(shown, map(_complete, rows)))


def _complete(row: Route[Any]) -> Route[Any]:
    return msgspec.structs.replace(row, faults=(*COMMON, *row.faults)) if row.public else row


# fmt: off
# ruff: noqa: E501


def _conversations(of: v.Conversations) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, v.TAG)

    sent, asked = v.ColumnsSent, v.ConversationsAsked
    yield Route("POST", CONVERSATIONS, of.create, about("Make a conversation"), sent, dict[str, Any], BODY, either=(sent,), faults=STARTING)
    yield Route("POST", ROOMS, of.create_room, about("Make a chat room"), sent, dict[str, Any], BODY, either=(sent,), faults=STARTING)
    yield Route("POST", SERVICE, of.create_service, about("Make a service conversation"), sent, dict[str, Any], BODY, either=(sent,), faults=STARTING)
    yield Route("GET", CONVERSATIONS, of.list, about("Find conversations"), asked, v.Rows, QUERY, faults=(F.BAD_QUERY,))
    yield Route("GET", ROOMS, of.list_rooms, about("Find chat rooms"), asked, v.Rows, QUERY, faults=(F.BAD_QUERY,))
    yield Route("GET", SERVICE, of.list_service, about("Find service conversations"), asked, v.Rows, QUERY, faults=(F.BAD_QUERY,))
    yield Route("GET", f"{RTM}/all-conversations", of.list_all, about("Find conversations of all kinds"), asked, v.Rows, QUERY, faults=(F.BAD_QUERY,))
    for kind, what in ((CONVERSATIONS, "a conversation"), (ROOMS, "a chat room"), (SERVICE, "a service conversation")):
        yield Route("PUT", f"{kind}/{{conv_id}}", of.update, about(f"Change {what}"), sent, ConversationChanged, BODY, either=(sent,), faults=CHANGING)
        yield Route("DELETE", f"{kind}/{{conv_id}}", of.delete, about(f"End {what}"), Nothing, Done, faults=CHANGING)


def _members(of: m.Members) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, m.TAG)

    one = f"{CONVERSATIONS}/{{conv_id}}"
    yield Route("POST", f"{one}/members", of.add, about("Bring members in"), m.ClientsSent, ConversationChanged, BODY, faults=MEMBERSHIP)
    yield Route("DELETE", f"{one}/members", of.remove, about("Take members out"), m.ClientsSent, ConversationChanged, BODY, faults=MEMBERSHIP)
    yield Route("GET", f"{one}/members", of.list, about("List members"), Nothing, m.ClientIds, faults=GONE)
    yield Route("POST", f"{one}/mutes", of.mute, about("Tell members nothing while they are away"), m.ClientsSent, ConversationChanged, BODY, faults=MEMBERSHIP)
    yield Route("DELETE", f"{one}/mutes", of.unmute, about("Tell them again"), m.ClientsSent, ConversationChanged, BODY, faults=MEMBERSHIP)
    yield Route("GET", f"{one}/mutes", of.list_muted, about("List who is told nothing"), Nothing, m.ClientIds, faults=GONE)
    yield Route("GET", f"{ROOMS}/{{conv_id}}/members", of.list, about("List who is in a chat room"), Nothing, m.ClientIds, faults=GONE)
    yield Route("GET", f"{ROOMS}/{{conv_id}}/members/online-count", of.count, about("Count who is in a chat room"), Nothing, m.Count, faults=GONE)


def _restrictions(of: r.Restrictions) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, r.TAG)

    for kind in (CONVERSATIONS, ROOMS):
        one = f"{kind}/{{conv_id}}"
        yield Route("POST", f"{one}/temporary-silenceds", of.silence_for_a_while, about("Silence somebody for a while"), r.SilenceSent, Done, BODY, faults=CHANGING)
        yield Route("DELETE", f"{one}/temporary-silenceds", of.end_silence, about("End somebody's silence"), r.SilencedSent, Done, BOTH, faults=CHANGING)
        yield Route("POST", f"{one}/permanent-silenceds", of.silence, about("Silence some"), m.ClientsSent, Done, BODY, faults=CHANGING)
        yield Route("DELETE", f"{one}/permanent-silenceds", of.let_speak, about("Let them speak"), m.ClientsSent, Done, BODY, faults=CHANGING)
        yield Route("GET", f"{one}/permanent-silenceds", of.list_silenced, about("List who is silenced"), r.PageAsked, r.ClientList, QUERY, faults=GONE)
    for kind in (CONVERSATIONS, ROOMS, SERVICE):
        one = f"{kind}/{{conv_id}}"
        yield Route("POST", f"{one}/blacklists", of.block, about("Keep some out"), m.ClientsSent, Done, BODY, faults=CHANGING)
        yield Route("DELETE", f"{one}/blacklists", of.unblock, about("Keep them out no longer"), m.ClientsSent, Done, BODY, faults=CHANGING)
        yield Route("GET", f"{one}/blacklists", of.list_blocked, about("List who is kept out"), r.PageAsked, r.ClientList, QUERY, faults=GONE)


def _roles(of: p.Roles) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, p.TAG)

    for kind in (CONVERSATIONS, ROOMS):
        one = f"{kind}/{{conv_id}}"
        yield Route("POST", f"{one}/member-infos", of.set_role, about("Give a member a role"), p.RoleSent, p.RoleChanged, BODY, faults=(*MEMBERSHIP, F.UNKNOWN_ROLE))
        yield Route("PUT", f"{one}/member-infos/{{info_id}}", of.change_role, about("Give it another"), p.RoleChangeSent, p.RoleChanged, BODY, faults=(*MEMBERSHIP, F.UNKNOWN_ROLE, F.UNKNOWN_FILE))
        yield Route("DELETE", f"{one}/member-infos/{{info_id}}", of.drop_role, about("Take its role away"), Nothing, Done, faults=(*MEMBERSHIP, F.UNKNOWN_FILE))
        yield Route("GET", f"{one}/member-infos", of.list_roles, about("List who has a role"), p.RolesAsked, p.RoleRecords, QUERY, faults=(*GONE, F.UNKNOWN_ROLE))


def _messages(of: g.Messages) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, g.TAG)

    for kind, what, send in ((CONVERSATIONS, "a conversation", of.send), (ROOMS, "a chat room", of.send_in_room)):
        messages = f"{kind}/{{conv_id}}/messages"
        yield Route("POST", messages, send, about(f"Send a message in {what}"), g.MessageSent, g.MessageTaken, BODY, faults=SENDING)
        yield Route("GET", messages, of.history, about(f"List the messages of {what}"), g.HistoryAsked, list[g.MessageRow], QUERY, faults=READING, public=True)
        yield Route("DELETE", f"{messages}/{{msg_id}}", of.delete, about("Take a message out of the history"), Nothing, Done, faults=PATCHING)
    yield Route("POST", f"{SERVICE}/{{conv_id}}/messages", of.send_to_clients, about("Tell some who subscribed"), g.MessageSent, g.MessageTaken, BODY, faults=SENDING)
    asked, rows = g.HistoryAsked, list[g.MessageRow]
    yield Route("GET", f"{RTM}/messages", of.of_app, about("List the messages of the whole app"), asked, rows, QUERY, faults=(F.UNKNOWN_MESSAGE,))
    yield Route("GET", f"{RTM}/clients/{{client_id}}/messages", of.of_client, about("List what somebody said"), asked, rows, QUERY, faults=(F.UNKNOWN_MESSAGE,))
    yield Route("GET", f"{SERVICE}/{{conv_id}}/subscribers/{{client_id}}/messages", of.of_subscriber, about("List what a subscriber was told"), asked, rows, QUERY, faults=(*GONE, F.UNKNOWN_MESSAGE))
    yield Route("DELETE", f"{SERVICE}/{{conv_id}}/subscribers/{{client_id}}/messages/{{msg_id}}", of.delete_for_subscriber, about("Take a message out of a subscriber's history"), Nothing, Done, faults=PATCHING)
    for kind in (CONVERSATIONS, ROOMS, SERVICE):
        one = f"{kind}/{{conv_id}}/messages/{{msg_id}}"
        yield Route("PUT", one, of.edit, about("Change a message"), g.MessageChange, Done, BODY, faults=PATCHING)
        yield Route("PUT", f"{one}/recall", of.recall, about("Take a message back"), g.MessageRecall, Done, BODY, faults=PATCHING)


def _service(of: s.Subscribers, messages: g.Messages) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, s.TAG)

    one = f"{SERVICE}/{{conv_id}}"
    yield Route("POST", f"{one}/subscribers", of.subscribe, about("Subscribe somebody"), s.SubscriberSent, Done, BODY, faults=MEMBERSHIP)
    yield Route("GET", f"{one}/subscribers", of.subscribers, about("List who subscribed"), s.SubscribersAsked, list[s.Subscription], QUERY, faults=GONE)
    yield Route("GET", f"{one}/subscribers/count", of.count, about("Count who subscribed"), Nothing, s.SubscriberCount, faults=GONE)
    yield Route("DELETE", f"{one}/subscribers/{{client_id}}", of.unsubscribe, about("End a subscription"), Nothing, Done, faults=MEMBERSHIP)
    yield Route("GET", f"{RTM}/clients/{{client_id}}/service-conversations", of.of_client, about("List to what somebody subscribed"), s.SubscriptionsAsked, list[s.Subscription], QUERY)
    yield Route("POST", f"{one}/broadcasts", messages.send_to_subscribers, about("Tell all who subscribed"), g.MessageSent, g.MessageTaken, BODY, faults=SENDING)


def _clients(of: c.Clients) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, c.TAG)

    one = f"{RTM}/clients/{{client_id}}"
    yield Route("POST", f"{RTM}/clients/check-online", of.check_online, about("Who is online?"), c.ClientsAsked, c.Online, BODY)
    yield Route("GET", f"{one}/unread-count", of.unread_count, about("How much does somebody have to read?"), c.UnreadAsked, c.Unread, QUERY, public=True)
    yield Route("POST", f"{one}/kick", of.kick, about("Send somebody off"), c.KickAsked, Done, BODY, faults=(F.UNKNOWN_CLIENT,))
    yield Route("POST", f"{one}/blacklists", of.block, about("Keep somebody out of a conversation"), c.ConversationSent, Done, BODY, faults=CHANGING)
    yield Route("DELETE", f"{one}/blacklists", of.unblock, about("Keep it out no longer"), c.ConversationSent, Done, BOTH, faults=CHANGING)
    yield Route("GET", f"{one}/blacklists", of.blocking, about("Which conversations keep somebody out?"), c.BlockingAsked, c.ConversationIds, QUERY, faults=GONE)
    yield Route("GET", f"{RTM}/stats", of.stats, about("How many are here?"), Nothing, c.Figures)


def _broadcasts(of: b.Broadcasts) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, b.TAG)

    all_ = f"{RTM}/broadcasts"
    yield Route("POST", all_, of.send, about("Tell everybody"), b.BroadcastSent, g.MessageTaken, BODY, faults=BROADCASTING)
    yield Route("GET", all_, of.list, about("List what everybody is told"), b.BroadcastsAsked, list[b.BroadcastRow], QUERY, faults=BROADCASTING)
    yield Route("DELETE", f"{all_}/{{msg_id}}", of.withdraw, about("Tell nobody else"), Nothing, Done, faults=(F.UNKNOWN_MESSAGE,))


def _objects(of: j.Objects) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, j.TAG)

    sent = j.ObjectSent
    yield Route("POST", OBJECTS, of.create, about("Make a conversation"), sent, j.Created, BODY, either=(sent,), faults=STARTING, status=201)
    yield Route("GET", OBJECTS, of.list, about("Find conversations"), v.ConversationsAsked, v.Rows, QUERY, faults=(F.BAD_QUERY,))
    yield Route("GET", f"{OBJECTS}/{{conv_id}}", of.find, about("Show a conversation"), j.ColumnsAsked, dict[str, Any], QUERY, faults=GONE)
    yield Route("PUT", f"{OBJECTS}/{{conv_id}}", of.update, about("Change a conversation, or who is in it"), sent, ConversationChanged, BODY, either=(sent,), faults=MEMBERSHIP)
    yield Route("DELETE", f"{OBJECTS}/{{conv_id}}", of.delete, about("End a conversation"), Nothing, Done, faults=CHANGING)


def _classes(of: a.Scans) -> Iterator[Route[Any]]:
    yield Route("GET", "/1.1/scan/classes/{name}", of.scan, Operation("Go through a whole class", a.TAG), a.ScanAsked, a.Scanned, QUERY, faults=(F.UNKNOWN_FILE, F.BAD_QUERY))


def _old_messages(of: o.OldMessages) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, o.TAG)

    rtm, logs = "/1.1/rtm", "/1.1/rtm/messages/logs"
    yield Route("POST", f"{rtm}/messages", of.send, about("Send a message"), o.MessageSent, g.MessageTaken, BODY, faults=SENDING)
    yield Route("POST", f"{rtm}/broadcast/subscriber", of.send_to_subscribers, about("Tell all who subscribed"), o.Said, g.MessageTaken, BODY, faults=SENDING)
    yield Route("POST", f"{rtm}/broadcast", of.broadcast, about("Tell everybody"), o.BroadcastSent, g.MessageTaken, BODY, faults=BROADCASTING)
    yield Route("GET", f"{rtm}/broadcast", of.broadcasts, about("List what everybody is told"), b.BroadcastsAsked, list[b.BroadcastRow], QUERY, faults=BROADCASTING)
    yield Route("DELETE", f"{rtm}/broadcast", of.withdraw, about("Tell nobody else"), o.BroadcastNamed, Done, BOTH, faults=(F.UNKNOWN_MESSAGE,))
    for address in (f"{rtm}/messages/history", logs):
        yield Route("GET", address, of.history, about("List messages"), o.HistoryAsked, list[g.MessageRow], QUERY, faults=READING, public=True)
    yield Route("PUT", logs, of.rewrite, about("Change a message"), o.RowSent, Done, BODY, faults=PATCHING)
    yield Route("DELETE", logs, of.delete, about("Take a message out of the history"), o.MessageNamed, Done, BOTH, faults=PATCHING)
    yield Route("PUT", f"{rtm}/patch/message", of.patch, about("Change a message, or take it back"), o.PatchSent, Done, BODY, faults=PATCHING)


def _old_calls(of: q.OldCalls) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, q.TAG)

    rtm, unread = "/1.1/rtm", "/1.1/rtm/messages/unread/{client_id}"
    subscription, blacklist = f"{rtm}/conversation/subscription", f"{rtm}/conversation/blacklist"
    yield Route("POST", f"{rtm}/online", of.online, about("Who is online?"), q.PeersAsked, c.Online, BODY)
    yield Route("GET", unread, of.unread, about("How much does somebody have to read?"), Nothing, c.Unread, public=True)
    yield Route("GET", f"{unread}/{{conv_id}}", of.unread_in, about("How much in one conversation?"), Nothing, c.Unread, public=True)
    yield Route("POST", f"{rtm}/client/kick", of.kick, about("Send somebody off"), q.KickSent, Done, BODY, faults=(F.UNKNOWN_CLIENT,))
    yield Route("GET", f"{rtm}/transient_group/onlines", of.count, about("Count who is in a chat room"), q.RoomAsked, m.Count, QUERY, faults=GONE, public=True)
    yield Route("POST", subscription, of.subscribe, about("Subscribe somebody"), q.Placed, Done, BODY, faults=MEMBERSHIP)
    yield Route("DELETE", subscription, of.unsubscribe, about("End a subscription"), q.Placed, Done, BOTH, faults=MEMBERSHIP)
    yield Route("POST", blacklist, of.silence, about("Silence somebody for a while"), q.SilenceSent, Done, BODY, faults=CHANGING)
    yield Route("DELETE", blacklist, of.let_speak, about("End somebody's silence"), q.Placed, Done, BOTH, faults=CHANGING)


def _of_clients(of: w.Sessions) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, w.TAG)

    yield Route("POST", "/1.1/rtm/sign", of.sign, about("Sign a login"), w.SignAsked, w.LoginSignature, BODY, faults=(F.UNKNOWN_CLIENT, F.BANNED), public=True)
    yield Route("GET", f"{RTM}/clients/sign", of.sign, about("Sign a login"), w.SignAsked, w.LoginSignature, QUERY, faults=(F.UNKNOWN_CLIENT, F.BANNED), public=True)
    yield Route("GET", "/1.1/rtm/notifications", of.notifications, about("What was missed"), w.NotificationsAsked, w.NotificationRows | w.AllNotificationRows, QUERY, faults=(F.SESSION_EXPIRED,), public=True)
    yield Route("GET", "/1.1/classes/_ConversationMemberInfo", of.roles, about("List who has a role"), w.RolesWanted, p.RoleRecords, QUERY, faults=(F.SESSION_EXPIRED, F.NOT_A_MEMBER, F.UNKNOWN_CONVERSATION), public=True)


def _files(of: f.Files) -> Iterator[Route[Any]]:
    def about(summary: str) -> Operation:
        return Operation(summary, f.TAG)

    kept = (F.WRONG_FILE_FORMAT,)
    yield Route("POST", "/1.1/fileTokens", of.token, about("Ask where to send a file"), f.TokenAsked, f.FileToken, BODY, faults=kept, status=201, public=True)
    yield Route("POST", "/1.1/fileCallback", of.called_back, about("Say that it was sent"), f.Callback, Done, BODY, public=True)
    yield Route("POST", "/1.1/files", of.create, about("Tell of a file that lies elsewhere"), f.FileSent, f.FileObject, BODY, faults=kept, status=201, public=True)
    yield Route("POST", "/1.1/classes/_File", of.create, about("The same, as the Java library asks"), f.FileSent, f.FileObject, BODY, faults=kept, status=201, public=True)
    yield Route("POST", "/1.1/files/{name}", of.create, about("Send a small file"), f.FileSent, f.FileObject, BODY, faults=kept, status=201, public=True)
