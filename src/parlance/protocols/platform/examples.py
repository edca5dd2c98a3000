"""A message of every type, in both directions, as the AsyncAPI document shows them."""

from typing import Any, Final

import msgspec

from parlance.protocols.platform import frames
from parlance.protocols.platform.codes import ErrorCode

_CONV = "0e7ae8d24e2658e7fb4ecdfbb409249d"
_MSG = "01748af6c94a7000b4a3f8d0b9357100"
_TIME = 1_608_126_111_618

COMMANDS: Final[dict[str, list[dict[str, Any]]]] = {
    "login": [
        {
            "type": "login",
            "data": {"device_id": "1111", "app_id": "666666", "client_id": "1111", "ext": {"nickname": "liliSara"}},
        },
        {"type": "login", "data": {"app_id": "666666", "client_id": "Tom", "token": "eyJhbGciOi…", "ref": "in"}},
    ],
    "msg.send": [
        {"type": "msg.send", "data": {"ref": "r-1", "conv_id": _CONV, "type": -1, "text": "HELLO !"}},
        {
            "type": "msg.send",
            "data": {
                "ref": "r-2",
                "to_client_id": "Jerry",
                "type": -2,
                "url": "http://127.0.0.1/storage/uploads/7de523065e29c5526b7f1f8b15030df3.jpg",
                "attr": {"width": 640, "height": 480},
                "transient": 0,
                "no_sync": 1,
                "mention_all": 0,
                "mention_client_ids": ["Jerry"],
            },
        },
    ],
    "msg.list": [{"type": "msg.list", "data": {"conv_id": _CONV, "after_seq": 40, "limit": 50, "ref": "l-1"}}],
    "msg.read": [{"type": "msg.read", "data": {"conv_id": _CONV, "seq": 42}}],
    "msg.recall": [{"type": "msg.recall", "data": {"conv_id": _CONV, "msg_id": _MSG, "ref": "x-1"}}],
    "msg.edit": [{"type": "msg.edit", "data": {"conv_id": _CONV, "msg_id": _MSG, "text": "HELLO ?", "attr": None}}],
    "typing": [{"type": "typing", "data": {"conv_id": _CONV}}],
    "presence": [{"type": "presence", "data": {"client_ids": ["Tom", "Jerry"], "ref": "p-1"}}],
    "sync": [{"type": "sync"}, {"type": "sync", "data": {"since": _TIME, "limit": 100, "ref": "s-1"}}],
    "conv.join": [{"type": "conv.join", "data": {"conv_id": _CONV, "ref": "j-1"}}],
    "conv.leave": [{"type": "conv.leave", "data": {"conv_id": _CONV, "ref": "j-2"}}],
    "ping": [{"type": "ping"}, {"type": "ping", "data": {"ref": "9"}}],
    "logout": [{"type": "logout"}],
}
"""By `type`."""

_ROW = frames.message_row("Tom", _CONV, _MSG, _TIME, -1, "HELLO !", '{"mood":"good"}', None, 42, False, ["Jerry"])
_TRANSIENT = frames.message_row("Tom", _CONV, _MSG, _TIME, -1, "HELLO !", None, None, None)
_EDITED = frames.message_row("Tom", _CONV, _MSG, _TIME, -1, "HELLO ?", None, None, 42, mtime=_TIME + 9_000)
_RECALLED = frames.message_row(
    "Tom", _CONV, _MSG, _TIME, -1, "", None, None, 42, msg_status=frames.RECALLED, mtime=_TIME + 9_000
)
_FOUND = frames.sync_row(
    _CONV, 3, 42, 40, 2, _ROW, conv_extend='{"conv_name":"just test"}', ctime=_TIME - 60_000, mtime=None
)
_GONE = frames.sync_row(_CONV, 3, 42, 40, 0, None, conv_extend=None, ctime=_TIME, mtime=None, left=True)


def _decoded(*texts: bytes) -> list[dict[str, Any]]:
    return [msgspec.json.decode(text) for text in texts]


SERVER_FRAMES: Final[dict[str, list[dict[str, Any]]]] = {
    "login.success": _decoded(frames.login_success(_TIME)),
    "logout.success": _decoded(frames.logout_success()),
    "logout.kick": _decoded(frames.logout_kick()),
    "server.going_away": _decoded(frames.going_away("the server restarts", "restart", 2)),
    "error": _decoded(
        frames.error(ErrorCode.UNKNOWN_CONVERSATION, "unknown conversation", "r-1"),
        frames.error(ErrorCode.RATE_LIMITED, "too many requests", "r-2", retry_after=1),
    ),
    "msg.sent": _decoded(frames.msg_sent("r-1", _CONV, _MSG, 42, _TIME)),
    "msg.new": _decoded(frames.msg_new(_ROW), frames.msg_new(_TRANSIENT)),
    "msg.list": _decoded(frames.msg_list(_CONV, [_ROW, _RECALLED], True, "l-1")),
    "msg.read": _decoded(frames.msg_read(_CONV, "Jerry", 42, _TIME)),
    "msg.recalled": _decoded(
        frames.msg_recalled(_CONV, _MSG, 42, "Tom", _TIME, "x-1", answer=True),
        frames.msg_recalled(_CONV, _MSG, 42, None, _TIME),
    ),
    "msg.edited": _decoded(frames.msg_edited(_EDITED, answer=True), frames.msg_edited(_EDITED)),
    "typing": _decoded(frames.typing(_CONV, "Tom")),
    "presence": _decoded(
        frames.presence({"Tom": True, "Jerry": False}, "p-1", answer=True), frames.presence({"Jerry": True})
    ),
    "sync": _decoded(frames.sync([_FOUND, _GONE], _TIME, False, "s-1")),
    "pong": _decoded(frames.pong(_TIME, "9")),
    "conv.join": _decoded(frames.conv_join(_CONV, "j-1")),
    "conv.leave": _decoded(frames.conv_leave(_CONV, "j-2")),
    "conv.joined": _decoded(frames.conv_joined(_CONV, "Tom", _TIME, ["Jerry"])),
    "conv.left": _decoded(frames.conv_left(_CONV, "Tom", _TIME, ["Jerry"])),
    "conv.updated": _decoded(frames.conv_updated(_CONV, None, _TIME)),
    "conv.members_joined": _decoded(frames.conv_members_joined(_CONV, "Tom", _TIME, ["Spike", "Tyke"])),
    "conv.members_left": _decoded(frames.conv_members_left(_CONV, None, _TIME, ["Spike"])),
    "conv.deleted": _decoded(frames.conv_deleted(_CONV, "Tom", _TIME)),
}
"""By `type`."""
