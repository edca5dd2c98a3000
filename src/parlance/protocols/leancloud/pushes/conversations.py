"""What happens to a conversation and to those in it. `server_ts` is in milliseconds, `udate` an ISO string.

`init_by` is the client who did it; None: the app's backend.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from parlance.protocols.leancloud.answers.conversations import conv, json_text
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pushes.push import Notification, push


def joined(
    cid: str, init_by: str | None, udate: str | None, server_ts: int, *, temp_conv_ttl: int | None = None
) -> Push:
    """For who came: you are in it now (wire: leancloud#membership)."""
    body = pb.ConvCommand(cid=cid, initBy=init_by, udate=udate)
    if temp_conv_ttl is not None:
        body.tempConv = True
        body.tempConvTTL = temp_conv_ttl
    return push(conv(pb.joined, body), server_ts, Notification.PERMANENT)


def left(cid: str, init_by: str | None, udate: str | None, server_ts: int) -> Push:
    """For who went: you are no longer in it."""
    return push(conv(pb.left, pb.ConvCommand(cid=cid, initBy=init_by, udate=udate)), server_ts, Notification.PERMANENT)


def members_joined(
    cid: str, client_ids: Iterable[str], init_by: str | None, udate: str | None, server_ts: int,
    *, temp_conv_ttl: int | None = None,
) -> Push:  # fmt: skip
    """For all in it, those who came included. Of a new conversation all are told, later only who came."""
    body = pb.ConvCommand(cid=cid, m=client_ids, initBy=init_by, udate=udate)
    if temp_conv_ttl is not None:
        body.tempConv = True
        body.tempConvTTL = temp_conv_ttl
    return push(conv(pb.members_joined, body), server_ts, Notification.DROPPABLE)


def members_left(cid: str, client_ids: Iterable[str], init_by: str | None, udate: str | None, server_ts: int) -> Push:
    """For who stays."""
    return _members(pb.members_left, cid, client_ids, init_by, udate, server_ts)


def updated(
    cid: str,
    attr: Mapping[str, Any],
    attr_modified: Mapping[str, Any],
    init_by: str | None,
    udate: str,
    server_ts: int,
) -> Push:
    """For everybody but the connection that asked (wire: leancloud#conv-update)."""
    body = pb.ConvCommand(
        cid=cid, attr=json_text(attr), attrModified=json_text(attr_modified), initBy=init_by, udate=udate
    )
    return push(conv(pb.updated, body), server_ts, Notification.DROPPABLE)


def member_info_changed(
    cid: str, pid: str, role: str, info_id: str | None, init_by: str | None, server_ts: int
) -> Push:
    """For everybody in it (wire: leancloud#roles)."""
    info = pb.ConvMemberInfo(pid=pid, role=role, infoId=info_id)
    body = pb.ConvCommand(cid=cid, info=info, initBy=init_by)
    return push(conv(pb.member_info_changed, body), server_ts, Notification.DROPPABLE)


def shut_up(cid: str, init_by: str | None, server_ts: int) -> Push:
    """For who may not speak any more (wire: leancloud#shutup)."""
    return _one(pb.shutuped, cid, init_by, server_ts)


def let_speak(cid: str, init_by: str | None, server_ts: int) -> Push:
    """For who may speak again."""
    return _one(pb.unshutuped, cid, init_by, server_ts)


def members_shut_up(cid: str, client_ids: Iterable[str], init_by: str | None, server_ts: int) -> Push:
    """For everybody in it."""
    return _members(pb.members_shutuped, cid, client_ids, init_by, None, server_ts)


def members_let_speak(cid: str, client_ids: Iterable[str], init_by: str | None, server_ts: int) -> Push:
    """For everybody in it."""
    return _members(pb.members_unshutuped, cid, client_ids, init_by, None, server_ts)


def blocked(cid: str, init_by: str | None, server_ts: int) -> Push:
    """For who is kept out; `left` follows (wire: leancloud#blacklist)."""
    return _one(pb.blocked, cid, init_by, server_ts)


def unblocked(cid: str, init_by: str | None, server_ts: int) -> Push:
    """For who may come back."""
    return _one(pb.unblocked, cid, init_by, server_ts)


def members_blocked(cid: str, client_ids: Iterable[str], init_by: str | None, server_ts: int) -> Push:
    """For who stays; `members_left` follows."""
    return _members(pb.members_blocked, cid, client_ids, init_by, None, server_ts)


def members_unblocked(cid: str, client_ids: Iterable[str], init_by: str | None, server_ts: int) -> Push:
    """For everybody in it."""
    return _members(pb.members_unblocked, cid, client_ids, init_by, None, server_ts)


def _one(op: pb.OpType, cid: str, init_by: str | None, server_ts: int) -> Push:
    return push(conv(op, pb.ConvCommand(cid=cid, initBy=init_by)), server_ts, Notification.PERMANENT)


def _members(
    op: pb.OpType, cid: str, client_ids: Iterable[str], init_by: str | None, udate: str | None, server_ts: int
) -> Push:
    body = pb.ConvCommand(cid=cid, m=client_ids, initBy=init_by, udate=udate)
    return push(conv(op, body), server_ts, Notification.DROPPABLE)
