"""The list of a client's conversations."""

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.clinic import contents
from parlance.apis.clinic.ids import type_and_number
from parlance.apis.clinic.messages import Kind
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.conversations.recents import Recent
from parlance.core.model.user import client_id
from parlance.web.calls import Call
from parlance.web.routes import Operation

TAG = "Clinic conversations"
DIRECT, GROUP = 0, 1


class ListWanted(msgspec.Struct, frozen=True):
    """Whose conversations."""

    from_id: str | int


class ClinicConversation(msgspec.Struct):
    """A conversation in the list."""

    conv_id: str
    conv_type: int
    """0 two people, 1 a group."""
    conv_users: list[str]
    users_type: list[str] | UnsetType = UNSET
    """What `conv_users` are, in their order; only for two people."""
    last_msg: str = ""
    last_msg_type: Kind = contents.TEXT
    last_user_name: str = ""
    """Who sent the last message; "" as long as nobody has said it."""
    last_time: int = 0
    """Milliseconds: of the last message, else of the beginning."""
    unread_count: int = 0


class Conversations:
    """The call about conversations."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[ListWanted]) -> list[ClinicConversation]:
        """POST /im/conv/list."""
        client = client_id(call.fields.from_id, "from_id")
        return [conversation_shown(recent) for recent in await self._actions.recent_conversations(call.caller, client)]


def conversation_shown(recent: Recent) -> ClinicConversation:
    """A conversation as this dialect lists it."""
    conversation, last = recent.conversation, recent.last_message
    of_two = conversation.abilities.fixed_members
    shown = ClinicConversation(
        conv_id=conversation.conv_id,
        conv_type=DIRECT if of_two else GROUP,
        conv_users=[*recent.members],
        users_type=[type_and_number(client)[0] for client in recent.members] if of_two else UNSET,
        last_time=conversation.created_at,
        unread_count=recent.unread,
    )
    if last is not None:
        shown.last_msg_type, shown.last_msg = contents.shown(last)
        shown.last_user_name = recent.last_sender.called if recent.last_sender else ""
        shown.last_time = last.created_at
    return shown


LIST = Operation(
    summary="List a client's conversations",
    tag=TAG,
    description="The newest activity first. A client nobody has heard of becomes known by it, and has none.",
    example={"from_id": "CKD_P_903000000000001"},
    answer_example=[
        {
            "conv_id": "016f42d20c5571008a5a7d0f4a1b6c2e",
            "conv_type": 0,
            "conv_users": ["CKD_P_903000000000001", "CKD_D_903000000000002"],
            "users_type": ["P", "D"],
            "last_msg": "测试信息",
            "last_msg_type": 0,
            "last_user_name": "白亚玲",
            "last_time": 1577433689000,
            "unread_count": 0,
        },
        {
            "conv_id": "016f42d20c5571008a5a7d0f4a1b6c2f",
            "conv_type": 1,
            "conv_users": ["CKD_P_903000000000001", "CKD_P_903000000000003"],
            "last_msg": "",
            "last_msg_type": 0,
            "last_user_name": "",
            "last_time": 1577433688000,
            "unread_count": 0,
        },
    ],
)
