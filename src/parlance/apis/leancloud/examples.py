"""What calls are sent and answer, for the API's pages: by type, as LeanCloud's own documents show it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.apis.leancloud.broadcasts import BroadcastRow, BroadcastSent
from parlance.apis.leancloud.changes import ConversationChanged, Done
from parlance.apis.leancloud.clients import ConversationIds, ConversationSent, Figures, KickAsked, Online
from parlance.apis.leancloud.conversations import ColumnsSent, Rows
from parlance.apis.leancloud.members import ClientIds, ClientsSent, Count
from parlance.apis.leancloud.messages import MessageChange, MessageRecall, MessageRow, MessageSent, MessageTaken
from parlance.apis.leancloud.objects import Created, ObjectSent
from parlance.apis.leancloud.restrictions import ClientList, SilencedSent, SilenceSent
from parlance.apis.leancloud.roles import RoleChanged, RoleChangeSent, RoleRecord, RoleRecords, RoleSent
from parlance.apis.leancloud.scans import Scanned
from parlance.apis.leancloud.subscribers import SubscriberCount, SubscriberSent, Subscription
from parlance.web.routes import Route

_ID, _MSG_ID, _RECORD = "5eccba570d3a42c5fd4e25c3", "018f3c6a5b2e700080015544a3b1c2d4", "5a5d7433c3422b31ed845e76"
_AT, _TIME = "2020-05-26T06:42:31.492Z", 1590475351492
_TEXT = '{"_lctype":-1,"_lctext":"hello"}'
_ROW: dict[str, Any] = {
    "objectId": _ID,
    "createdAt": "2020-05-26T06:42:31.482Z",
    "updatedAt": _AT,
    "name": "My First Conversation",
    "c": "BillGates",
    "m": ["BillGates", "SteveJobs"],
    "mu": [],
    "unique": True,
    "uniqueId": "6c7b0e5afcae9aa1139a0afa25833dec",
    "conv_type": 1,
}
_MESSAGE = MessageRow(_TIME, _ID, _TEXT, "BillGates", _MSG_ID, _ID)
_BROADCAST = BroadcastRow(_TIME, _ID, _TEXT, "desk", _MSG_ID, _ID, valid_till=_TIME + 1)
_SUBSCRIPTION = Subscription(_TIME, "BillGates", _ID)

ANSWERS: Mapping[Any, Any] = {
    Scanned: Scanned([_ROW], cursor=_ID),
    dict[str, Any]: _ROW,
    Rows: Rows([_ROW]),
    Created: Created(_ID, _AT),
    ConversationChanged: ConversationChanged(_AT, _ID),
    Done: Done(),
    ClientIds: ClientIds(["BillGates", "SteveJobs"]),
    Count: Count(3),
    ClientList: ClientList(["BillGates", "SteveJobs"], "SteveJobs"),
    RoleChanged: RoleChanged(_RECORD, _AT),
    RoleRecords: RoleRecords([RoleRecord(_RECORD, "SteveJobs", "Manager", _ID)]),
    MessageTaken: MessageTaken(_MSG_ID, _TIME, {"msg-id": _MSG_ID, "timestamp": _TIME}),
    list[MessageRow]: [_MESSAGE],
    list[BroadcastRow]: [_BROADCAST],
    list[Subscription]: [_SUBSCRIPTION],
    SubscriberCount: SubscriberCount(100),
    Online: Online(["SteveJobs"]),
    ConversationIds: ConversationIds([_ID], _ID),
    Figures: Figures({"online_user_count": 10212, "user_count_today": 1002324}),
}
SENT: Mapping[type, Mapping[str, Any]] = {
    ColumnsSent: {"name": "My First Conversation", "m": ["BillGates", "SteveJobs"], "unique": True},
    ObjectSent: {"name": "My Private Room", "m": ["BillGates", "SteveJobs"]},
    ClientsSent: {"client_ids": ["BillGates", "SteveJobs"]},
    SilenceSent: {"client_id": "SteveJobs", "ttl": 50},
    SilencedSent: {"client_id": "SteveJobs"},
    RoleSent: {"clientId": "SteveJobs", "role": "Manager"},
    RoleChangeSent: {"role": "Member"},
    MessageSent: {"from_client": "BillGates", "message": _TEXT},
    MessageChange: {"from_client": "BillGates", "message": _TEXT, "timestamp": _TIME},
    MessageRecall: {"from_client": "BillGates", "timestamp": _TIME},
    BroadcastSent: {"from_client": "desk", "conv_id": _ID, "message": _TEXT},
    SubscriberSent: {"client_id": "SteveJobs"},
    ConversationSent: {"conv_id": _ID},
    KickAsked: {"reason": "why"},
}


def shown(row: Route[Any]) -> Route[Any]:
    """The call with its examples."""
    answer = ANSWERS.get(row.answers)
    about = msgspec.structs.replace(
        row.about,
        example=SENT.get(row.reads),
        answer_example=None if answer is None else msgspec.to_builtins(answer),
    )
    return msgspec.structs.replace(row, about=about)
