"""What LeanCloud's clients ask for over HTTP besides their socket: a signature, what they missed, who is a manager."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.auth import SESSION_HEADER
from parlance.apis.leancloud.ids import conv_id, iso
from parlance.apis.leancloud.members import MOST_LISTED
from parlance.apis.leancloud.roles import RoleRecords, records
from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.core.model.places import Notification
from parlance.core.model.signature import Permission
from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode, missing
from parlance.kernel.ids import ClientId
from parlance.web.bodies import parse
from parlance.web.calls import Call

TAG = "LeanCloud sessions"
NOTIFICATIONS_AT_ONCE = 100
PERMANENT = 1
OPS = {
    "joined": "joined",
    "left": "left",
    "blocked": "blocked",
    "unblocked": "unblocked",
    "silenced": "shutuped",
    "unsilenced": "unshutuped",
}
"""What happened, in the words of the socket."""


class SignAsked(msgspec.Struct, frozen=True):
    """Who wants to log in: by a client token of this server in the place of LeanCloud's."""

    session_token: str


class LoginSignature(msgspec.Struct):
    """With which the client logs in on the socket; `timestamp` in milliseconds."""

    signature: str
    timestamp: int
    nonce: str
    client_id: str


class NotificationsAsked(msgspec.Struct, frozen=True):
    """From when on (ms), of which client."""

    client_id: str | None = None
    start_ts: int = 0
    notification_type: str | None = None


class NotificationRow(msgspec.Struct, rename="camel"):
    """A push of the socket, as it is replayed."""

    cmd: str
    server_ts: int
    notification_type: int
    cid: str
    op: str | UnsetType = UNSET
    init_by: str | UnsetType = UNSET
    udate: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    t: int | UnsetType = UNSET
    sender: str | UnsetType = msgspec.field(default=UNSET, name="from")
    read: bool | UnsetType = UNSET


class NotificationRows(msgspec.Struct, rename="camel"):
    """What was missed, the earliest first."""

    has_more: bool
    notifications: list[NotificationRow]
    invalid_local_conv_cache: bool | UnsetType = UNSET
    """What the client knows of its conversations is to be asked for again."""


NOT_KEPT = NotificationRows(has_more=False, notifications=[], invalid_local_conv_cache=True)
"""What may be dropped is: clients ask for their conversations again."""


class AllNotificationRows(msgspec.Struct):
    """Both kinds of what was missed, for clients that do not say which they want."""

    permanent: NotificationRows
    droppable: NotificationRows


class RolesWanted(msgspec.Struct, frozen=True):
    """Of which conversation: in `where`, or by itself."""

    where: str | None = None
    cid: str | None = None
    client_id: str | None = None
    limit: int | None = None
    skip: Annotated[int, msgspec.Meta(ge=0)] = 0


class Sessions:
    """The calls of clients."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def sign(self, call: Call[SignAsked]) -> LoginSignature:
        """POST /1.1/rtm/sign, GET /1.2/rtm/clients/sign."""
        shown = Credentials(app_id=call.caller.app.app_id, token=call.fields.session_token)
        try:
            client = (await self._actions.authenticate(shown)).client_id
        except Fault as fault:
            if fault.code is not FaultCode.BAD_CREDENTIAL:
                raise
            client = None
        if client is None:
            raise Fault(FaultCode.UNKNOWN_CLIENT, field="session_token")
        signed = self._actions.sign(msgspec.structs.replace(call.caller, client_id=client), Permission(client))
        return LoginSignature(signed.signature, signed.timestamp, signed.nonce, client)

    async def notifications(self, call: Call[NotificationsAsked]) -> NotificationRows | AllNotificationRows:
        """GET /1.1/rtm/notifications."""
        caller = await self._in_session(call, call.fields.client_id)
        if call.fields.notification_type == "droppable":
            return NOT_KEPT
        found = await self._actions.notifications_since(caller, call.fields.start_ts, NOTIFICATIONS_AT_ONCE)
        permanent = NotificationRows(found.more, [replayed(each) for each in found.rows])
        return permanent if call.fields.notification_type == "permanent" else AllNotificationRows(permanent, NOT_KEPT)

    async def roles(self, call: Call[RolesWanted]) -> RoleRecords:
        """GET /1.1/classes/_ConversationMemberInfo; the backend need not be anybody."""
        with_key = call.caller.is_backend and call.caller.keyed and SESSION_HEADER not in call.request.headers
        named = call.fields.client_id
        caller = call.caller if with_key and not named else await self._in_session(call, named)
        where = conv_id(conversation_wanted(call.fields))
        rows = await records(self._actions, caller, where)
        skip, limit = call.fields.skip, call.fields.limit
        return RoleRecords(rows[skip : skip + (MOST_LISTED if limit is None else max(0, limit))])

    async def _in_session(self, call: Call[Any], named: str | None) -> Caller:
        """The client whose session token was shown; the app's backend may act for whom it names."""
        token = call.request.headers.get(SESSION_HEADER)
        if token is None:
            if call.caller.is_backend and call.caller.keyed and named:
                return call.caller.acting_as(client_id(named), "client_id")
            raise Fault(FaultCode.SESSION_EXPIRED)
        caller: Caller = await self._actions.session_of(call.caller.app.app_id, token)
        if named is not None and ClientId(named) != caller.client_id:
            raise Fault(FaultCode.SESSION_EXPIRED)
        return caller


def conversation_wanted(fields: RolesWanted) -> str:
    """Which conversation is asked about, in either of two ways."""
    if fields.cid:
        return fields.cid
    if fields.where is None:
        raise missing("where")
    where = parse(fields.where, "where")
    wanted = where.get("cid") if isinstance(where, dict) else None
    if not isinstance(wanted, str):
        raise missing("where")
    return wanted


def replayed(happened: Notification) -> NotificationRow:
    """What happened, as the socket would have said it."""
    if happened.msg_id is not None:
        return NotificationRow(
            "rcp",
            happened.time,
            PERMANENT,
            happened.conv_id,
            id=happened.msg_id,
            t=happened.time,
            sender=happened.by or "",
            read=True,
        )
    return NotificationRow(
        "conv",
        happened.time,
        PERMANENT,
        happened.conv_id,
        op=OPS[happened.what],
        init_by=happened.by or "",
        udate=iso(happened.time),
    )
