"""What is said, and what becomes of it. Times are in milliseconds; content is text, or bytes of a binary message."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pushes.push import Notification, push


def direct(
    uid: str,
    cid: str,
    sender: str,
    content: str | bytes,
    timestamp: int,
    conv_type: int,
    server_ts: int,
    *,
    mention_all: bool = False,
    mention_pids: Sequence[str] = (),
    transient: bool = False,
    patch_timestamp: int | None = None,
    offline: bool = False,
    has_more: bool = False,
) -> Push:
    """A message (wire: leancloud#delivery). `offline` and `has_more` belong to what is delivered at login."""
    body = pb.DirectCommand(
        id=uid,
        cid=cid,
        fromPeerId=sender,
        timestamp=timestamp,
        convType=conv_type,
        patchTimestamp=patch_timestamp,
        mentionPids=mention_pids,
    )
    if isinstance(content, bytes):
        body.binaryMsg = content
    else:
        body.msg = content
    if mention_all:
        body.mentionAll = True
    if transient:
        body.transient = True
    if offline:
        body.offline = True
    if has_more:
        body.hasMore = True
    return push(pb.GenericCommand(cmd=pb.direct, directMessage=body), server_ts)


def delivered(uid: str, cid: str, t: int, by: str, server_ts: int) -> Push:
    """For the sender of a message with a receipt: it has arrived (wire: leancloud#receipts)."""
    return push(pb.GenericCommand(cmd=pb.rcp, rcpMessage=_receipt(uid, cid, t, by)), server_ts)


def read(uid: str, cid: str, t: int, by: str, server_ts: int) -> Push:
    """For the same: it was read."""
    body = _receipt(uid, cid, t, by)
    body.read = True
    return push(pb.GenericCommand(cmd=pb.rcp, rcpMessage=body), server_ts, Notification.PERMANENT)


def unread_row(
    cid: str,
    unread: int,
    *,
    mid: str | None = None,
    timestamp: int | None = None,
    sender: str | None = None,
    content: str | bytes | None = None,
    patch_timestamp: int | None = None,
    mentioned: bool = False,
    conv_type: int | None = None,
) -> pb.UnreadTuple:
    """How much is unread in a conversation, and its last message."""
    row = pb.UnreadTuple(
        cid=cid,
        unread=unread,
        mid=mid,
        timestamp=timestamp,
        data=content if isinstance(content, str) else None,
        binaryMsg=content if isinstance(content, bytes) else None,
        patchTimestamp=patch_timestamp,
        mentioned=mentioned,
        convType=conv_type,
    )
    if sender is not None:
        setattr(row, "from", sender)
    return row


def unread(rows: Iterable[pb.UnreadTuple], notif_time: int) -> Push:
    """After a login, and to a client's other devices when one of them has read (wire: leancloud#unread)."""
    body = pb.UnreadCommand(convs=rows, notifTime=notif_time)
    return push(pb.GenericCommand(cmd=pb.unread, unreadMessage=body), notif_time)


def patch(
    cid: str,
    mid: str,
    sender: str,
    content: str | bytes,
    timestamp: int,
    patch_timestamp: int,
    server_ts: int,
    *,
    recall: bool = False,
    mention_all: bool = False,
    mention_pids: Sequence[str] = (),
    patch_code: int | None = None,
    patch_reason: str | None = None,
) -> Push:
    """A message says something else now, or nothing; one item a push, as some clients need (wire: leancloud#patch)."""
    item = pb.PatchItem(
        cid=cid,
        mid=mid,
        timestamp=timestamp,
        recall=recall,
        data=content if isinstance(content, str) else None,
        binaryMsg=content if isinstance(content, bytes) else None,
        patchTimestamp=patch_timestamp,
        mentionAll=True if mention_all else None,
        mentionPids=mention_pids,
        patchCode=patch_code,
        patchReason=patch_reason,
    )
    setattr(item, "from", sender)
    body = pb.PatchCommand(patches=[item], lastPatchTime=patch_timestamp)
    return push(pb.GenericCommand(cmd=pb.patch, op=pb.modify, patchMessage=body), server_ts)


def data(ids: Iterable[str], payloads: Iterable[Any], installation_id: str) -> pb.GenericCommand:
    """For an installation that watches queries; it has no client id, so this is not addressed."""
    texts = [pb.JsonObjectMessage(data=msgspec.json.encode(each).decode()) for each in payloads]
    body = pb.DataCommand(ids=ids, msg=texts)
    return pb.GenericCommand(cmd=pb.data, service=1, installationId=installation_id, dataMessage=body)


def _receipt(uid: str, cid: str, t: int, by: str) -> pb.RcpCommand:
    receipt = pb.RcpCommand(id=uid, cid=cid, t=t)
    setattr(receipt, "from", by)
    return receipt
