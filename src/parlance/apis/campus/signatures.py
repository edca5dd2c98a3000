"""Signatures for LeanCloud's clients: to log in, to open a conversation, to bring members in and take them out."""

import msgspec

from parlance.apis.campus.ids import conv_id, one_client
from parlance.core.actions.catalogue import Actions
from parlance.core.model.signature import Permission, Signed, SignedAction, joined_client_ids
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

TAG = "Campus signatures"


class LoginSigned(msgspec.Struct):
    """What a client shows to log in."""

    timestamp: str
    """Milliseconds, in decimal digits."""
    signature: str
    nonce: str
    app_id: str
    client_id: str


class ConversationSigned(msgspec.Struct):
    """What a client shows to open a conversation."""

    timestamp: str
    """Milliseconds, in decimal digits."""
    signature: str
    nonce: str
    sorted_member_ids: str
    """By code point, whatever the order in which they were sent."""
    app_id: str
    client_id: str


class ChangeSigned(msgspec.Struct):
    """What a client shows to bring members in, or to take them out."""

    action: str
    signature: str
    conversation_id: str
    app_id: str
    nonce: str
    sorted_member_ids: str
    """By code point, whatever the order in which they were sent."""
    client_id: str
    timestamp: str
    """Milliseconds, in decimal digits."""


class ConversionSigned(msgspec.Struct):
    """What the first revision answers to bring members in."""

    action: str
    signature: str
    conversion_id: str
    app_id: str
    nonce: str
    sorted_member_ids: str
    """By code point, whatever the order in which they were sent."""
    client_id: str
    timestamp: str
    """Milliseconds, in decimal digits."""


class Signatures:
    """The calls for signatures."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def login(self, call: Call[Nothing]) -> LoginSigned:
        """GET …/signature/login/{app_id}/{client_id}."""
        signed = self._actions.sign(call.caller, Permission(_client(call)))
        return LoginSigned(
            timestamp=str(signed.timestamp),
            signature=signed.signature,
            nonce=signed.nonce,
            app_id=call.caller.app.app_id,
            client_id=signed.permission.client,
        )

    async def conversation(self, call: Call[Nothing]) -> ConversationSigned:
        """GET …/signature/conversation/{app_id}/{client_id}/{sorted_member_ids}."""
        signed = self._actions.sign(call.caller, Permission(_client(call), _members(call)))
        return ConversationSigned(
            timestamp=str(signed.timestamp),
            signature=signed.signature,
            nonce=signed.nonce,
            sorted_member_ids=signed.permission.sorted_members,
            app_id=call.caller.app.app_id,
            client_id=signed.permission.client,
        )

    async def invite(self, call: Call[Nothing]) -> ChangeSigned:
        """GET …/signature/invite/{app_id}/{client_id}/{conversation_id}/{sorted_member_ids}."""
        return _change(call, self._change(call, SignedAction.INVITE))

    async def invite_first(self, call: Call[Nothing]) -> ConversionSigned:
        """GET /signature/invite/{app_id}/{client_id}/{conversion_id}/{sorted_member_ids}, of the first revision."""
        signed = await self.invite(call)
        return ConversionSigned(
            action=signed.action,
            signature=signed.signature,
            conversion_id=signed.conversation_id,
            app_id=signed.app_id,
            nonce=signed.nonce,
            sorted_member_ids=signed.sorted_member_ids,
            client_id=signed.client_id,
            timestamp=signed.timestamp,
        )

    async def kick(self, call: Call[Nothing]) -> ChangeSigned:
        """GET …/signature/kick/{app_id}/{client_id}/{conversation_id}/{sorted_member_ids}."""
        return _change(call, self._change(call, SignedAction.KICK))

    def _change(self, call: Call[Nothing], action: SignedAction) -> Signed:
        # The first revision calls this part of the address otherwise.
        name = "conversation_id" if "conversation_id" in call.request.match_info else "conversion_id"
        where = conv_id(call.path(name), name)
        return self._actions.sign(call.caller, Permission(_client(call), _members(call), where, action))


def _client(call: Call[Nothing]) -> ClientId:
    return one_client(call.path("client_id"), "client_id")


def _members(call: Call[Nothing]) -> tuple[ClientId, ...]:
    return joined_client_ids(call.request.match_info.get("sorted_member_ids", ""), "sorted_member_ids")


def _change(call: Call[Nothing], signed: Signed) -> ChangeSigned:
    permission = signed.permission
    return ChangeSigned(
        action=permission.action or "",
        signature=signed.signature,
        conversation_id=permission.conv_id or "",
        app_id=call.caller.app.app_id,
        nonce=signed.nonce,
        sorted_member_ids=permission.sorted_members,
        client_id=permission.client,
        timestamp=str(signed.timestamp),
    )


_DESCRIPTION = (
    "HMAC-SHA1, hex, keyed with the app's server key. With the server key anybody's; a client token signs for its "
    "own client."
)
_LOGIN_EXAMPLE = {
    "timestamp": "1450166986392",
    "signature": "f389a31dfa75212d7dbe196f987a973345b40500",
    "nonce": "cdXsciFc",
    "app_id": "2",
    "client_id": "3",
}
_CONVERSATION_EXAMPLE = {
    "timestamp": "1450167224627",
    "signature": "14bf896f77332d3569645632088feac8d4c70515",
    "nonce": "b3uMtwWT",
    "sorted_member_ids": "3:4:5:6",
    "app_id": "1",
    "client_id": "2",
}
_INVITE_EXAMPLE = {
    "action": "invite",
    "signature": "c2610b002a8a9e20692f18e62b671dd4df47d9f5",
    "conversation_id": "3",
    "app_id": "1",
    "nonce": "QDFIkEMB",
    "sorted_member_ids": "4:5:6",
    "client_id": "2",
    "timestamp": "1450167393275",
}
LOGIN = Operation(
    summary="Sign a login",
    tag=TAG,
    description=f"{_DESCRIPTION} Signed is `app_id:client_id::timestamp:nonce`.",
    answer_example=_LOGIN_EXAMPLE,
)
CONVERSATION = Operation(
    summary="Sign the opening of a conversation",
    tag=TAG,
    description=f"{_DESCRIPTION} Signed is `app_id:client_id:sorted_member_ids:timestamp:nonce`.",
    answer_example=_CONVERSATION_EXAMPLE,
)
INVITE = Operation(
    summary="Sign that members are brought in",
    tag=TAG,
    description=f"{_DESCRIPTION} Signed is `app_id:client_id:conversation_id:sorted_member_ids:timestamp:nonce:invite`."
    " Without members: the client joins by itself.",
    answer_example=_INVITE_EXAMPLE,
)
KICK = Operation(
    summary="Sign that members are taken out",
    tag=TAG,
    description=f"{_DESCRIPTION} Signed is `app_id:client_id:conversation_id:sorted_member_ids:timestamp:nonce:kick`.",
    answer_example={**_INVITE_EXAMPLE, "action": "kick"},
)
INVITE_FIRST = Operation(
    summary="Sign that members are brought in (first revision)",
    tag=TAG,
    description="As in the second revision, with `conversion_id` for `conversation_id`.",
    answer_example={
        ("conversion_id" if name == "conversation_id" else name): value for name, value in _INVITE_EXAMPLE.items()
    },
)
