"""Answers about messages. Times are in milliseconds."""

import binascii
from collections.abc import Iterable

from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb


def message_taken(uid: str, t: int, cid: str) -> pb.GenericCommand:
    """The message has an id and a time (wire: leancloud#direct)."""
    return pb.GenericCommand(cmd=pb.ack, ackMessage=pb.AckCommand(cid=cid, t=t, uid=uid))


def message_refused(
    uid: str,
    t: int,
    cid: str | None,
    code: ErrorCode,
    *,
    app_code: int | None = None,
    app_msg: str | None = None,
) -> pb.GenericCommand:
    """Not by an `error`: the `ack` has a code, and id and time all the same (wire: leancloud#direct)."""
    body = pb.AckCommand(uid=uid, t=t, cid=cid, code=code, reason=code.name, appCode=app_code, appMsg=app_msg)
    return pb.GenericCommand(cmd=pb.ack, ackMessage=body)


def as_base64(data: bytes) -> str:
    """How bytes stand where only text does."""
    return binascii.b2a_base64(data, newline=False).decode()


def log_item(
    sender: str,
    data: str | bytes,
    timestamp: int,
    msg_id: str,
    conv_type: int,
    *,
    ack_at: int | None = None,
    read_at: int | None = None,
    patch_timestamp: int | None = None,
    mention_all: bool = False,
    mention_pids: Iterable[str] = (),
) -> pb.LogItem:
    """A message of the history; bytes are a binary one, and travel as base64."""
    is_binary = isinstance(data, bytes)
    item = pb.LogItem(
        data=as_base64(data) if isinstance(data, bytes) else data,
        timestamp=timestamp,
        msgId=msg_id,
        ackAt=ack_at,
        readAt=read_at,
        patchTimestamp=patch_timestamp,
        mentionAll=True if mention_all else None,
        mentionPids=mention_pids,
        bin=True if is_binary else None,
        convType=conv_type,
    )
    setattr(item, "from", sender)
    return item


def logs(cid: str, items: Iterable[pb.LogItem]) -> pb.GenericCommand:
    """A page of history, ascending in time whichever way it was read (wire: leancloud#logs)."""
    return pb.GenericCommand(cmd=pb.logs, logsMessage=pb.LogsCommand(cid=cid, logs=items))


def patched(last_patch_time: int) -> pb.GenericCommand:
    """The edit or recall is done (wire: leancloud#patch)."""
    body = pb.PatchCommand(lastPatchTime=last_patch_time)
    return pb.GenericCommand(cmd=pb.patch, op=pb.modified, patchMessage=body)
