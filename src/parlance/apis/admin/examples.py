"""Answers as the API's pages show them."""

from typing import Any

CONV_ID = "016f42d20c5571008a5a7d0f4a1b6c2e"
MSG_ID = "01a1f988cc8a7000801f9544be7d4800"
_AT = 1_795_187_854_474
_SERVER = "chat-1/4711"

DONE: dict[str, Any] = {}
SESSION = {"operator": "admin", "csrf": "5f0c…", "expires_at": _AT + 43_200_000, "version": "1.0.0"}
APP = {
    "app_id": "school",
    "name": "School",
    "policy": "token",
    "created_at": _AT,
    "updated_at": _AT,
    "app_key": "nPt4…",
    "master_key": "wU9x…",
    "token_secret": "KwvG…",
    "settings": {"create_users": True, "recall_window": None, "group_capacity": 1000, "hook_key": ""},
}
APPS = {"apps": [APP]}
KEYS = {"app": APP, "keys": {"master_key": "wU9xT2b1…"}}
USER = {
    "client_id": "ben",
    "uid": 2,
    "nickname": "Ben",
    "name": "",
    "username": "",
    "avatar": "",
    "level": "",
    "banned": False,
    "created_at": _AT,
    "online": True,
}
USERS = {"users": [USER], "total": 1, "page": 1, "pages": 1}
DEVICE = {"server": _SERVER, "device_id": "phone", "protocol": "platform", "connected_at": _AT, "unsent": 0}
USER_DETAILS = {"user": USER, "ext": {"school": 7}, "devices": [DEVICE]}
ERASED = {"messages": 128, "files": 3, "conversations": 4}
CONVERSATION = {
    "conv_id": CONV_ID,
    "kind": 3,
    "name": "Class 7b",
    "group_id": 1,
    "creator": "ada",
    "size": 2,
    "members": ["ada", "ben"],
    "capacity": 1000,
    "last_seq": 13,
    "last_message_at": _AT,
    "created_at": _AT,
    "expires_at": None,
}
CONVERSATIONS = {"conversations": [CONVERSATION], "total": 1, "page": 1, "pages": 1}
MEMBERS = {
    "members": [
        {
            "client_id": "ada",
            "called": "Ada",
            "alias": "",
            "role": 2,
            "online": False,
            "read_seq": 13,
            "delivered_seq": 13,
        }
    ],
    "total": 1,
}
MESSAGE = {
    "msg_id": MSG_ID,
    "conv_id": CONV_ID,
    "seq": 13,
    "sender": "ada",
    "type": -1,
    "text": "Who brings the cake?",
    "attr": None,
    "url": None,
    "created_at": _AT,
    "recalled": False,
    "patched_at": None,
}
MESSAGES = {"messages": [MESSAGE], "more": False}
TRACE = {
    "app_id": "school",
    "message": MESSAGE,
    "conversation_name": "Class 7b",
    "conversation_kind": 3,
    "servers": [{"server": _SERVER, "heard_at": _AT + 2, "remembers_since": _AT - 86_400_000}],
    "silent": 0,
    "readers": [
        {
            "client_id": "ben",
            "called": "Ben",
            "fate": "written",
            "devices": [{**DEVICE, "gone_at": None, "written": True}],
            "delivered_at": None,
            "read_at": None,
        }
    ],
    "more": False,
}
EXPORT = {
    "user": {"client_id": "ben", "nickname": "Ben"},
    "conversations": [{"conv_id": CONV_ID, "name": "Class 7b"}],
    "restrictions": [],
    "files": [],
    "messages": [MESSAGE],
}
FILES = {
    "files": [
        {
            "key": f"uploads/{CONV_ID}.pdf",
            "name": "timetable.pdf",
            "content_type": "application/pdf",
            "size": 48_213,
            "uploader": "ada",
            "created_at": _AT,
            "path": f"/storage/uploads/{CONV_ID}.pdf",
        }
    ],
    "total": 1,
    "bytes": 48_213,
    "page": 1,
    "pages": 1,
}
DELIVERIES = {
    "deliveries": [
        {
            "id": MSG_ID,
            "event": "message.sent",
            "hook": "_messageSent",
            "lane": CONV_ID,
            "state": "dead",
            "made_at": _AT,
            "due_at": 0,
            "attempts": 14,
            "reason": "503",
        }
    ],
    "more": False,
}
REPLAYED = {"count": 1}
ENTRIES = {
    "entries": [
        {
            "id": MSG_ID,
            "at": _AT,
            "operator": "admin",
            "address": "192.0.2.7",
            "action": "user.ban",
            "app_id": "school",
            "subject": "ben",
            "outcome": "done",
            "detail": "",
        }
    ],
    "more": False,
    "actions": ["user.ban", "user.erase"],
}
SERVERS = {
    "servers": [
        {
            "server": _SERVER,
            "version": "1.0.0",
            "started_at": _AT,
            "samples": [
                {
                    "at": _AT,
                    "connections": 812,
                    "clients": 809,
                    "messages": 41.5,
                    "deliveries": 630.0,
                    "frames_in": 55.0,
                    "requests": 12.0,
                    "failures": 0.0,
                    "commit_half": 2.5,
                    "commit_most": 10.0,
                    "request_half": 2.5,
                    "request_most": 25.0,
                    "store_waiting": 0,
                    "hooks_waiting": 0,
                    "hooks_dead": 0,
                    "memory": 142_000_000,
                }
            ],
            "database": "PostgreSQL",
            "database_bytes": 912_000_000,
        }
    ],
    "silent": 0,
}
