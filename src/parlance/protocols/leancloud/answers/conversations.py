"""Answers about conversations and the people in them. Times are ISO strings (`udate`, `cdate`) or milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from parlance.protocols.leancloud.generated import messages_pb2 as pb

Failures = Iterable[pb.ErrorCommand]


def json_text(value: Any) -> pb.JsonObjectMessage:
    """Any value, as the schema carries JSON."""
    return pb.JsonObjectMessage(data=msgspec.json.encode(value).decode())


def conv(op: pb.OpType, body: pb.ConvCommand) -> pb.GenericCommand:
    """An answer or push of the conversation kind."""
    return pb.GenericCommand(cmd=pb.conv, op=op, convMessage=body)


def started(
    cid: str,
    cdate: str,
    *,
    unique_id: str | None = None,
    existing: bool = False,
    temp_conv_ttl: int | None = None,
) -> pb.GenericCommand:
    """The conversation is there, or was already (wire: leancloud#conv-start)."""
    return conv(
        pb.started,
        pb.ConvCommand(
            cid=cid, cdate=cdate, uniqueId=unique_id, existing=True if existing else None, tempConvTTL=temp_conv_ttl
        ),
    )


def added(cid: str, allowed: Iterable[str], failed: Failures, udate: str | None) -> pb.GenericCommand:
    """Who is in now, and who could not be let in (wire: leancloud#membership)."""
    return conv(pb.added, pb.ConvCommand(cid=cid, allowedPids=allowed, failedPids=failed, udate=udate))


def removed(cid: str, allowed: Iterable[str], failed: Failures, udate: str | None) -> pb.GenericCommand:
    """Who is out now, and who could not be (wire: leancloud#membership)."""
    return conv(pb.removed, pb.ConvCommand(cid=cid, allowedPids=allowed, failedPids=failed, udate=udate))


def updated(
    cid: str, udate: str, attr: Mapping[str, Any] | None = None, attr_modified: Mapping[str, Any] | None = None
) -> pb.GenericCommand:
    """What was asked to be set, and what has come of it (wire: leancloud#conv-update); neither for mute and unmute."""
    return conv(
        pb.updated,
        pb.ConvCommand(
            cid=cid,
            udate=udate,
            attr=None if attr is None else json_text(attr),
            attrModified=None if attr_modified is None else json_text(attr_modified),
        ),
    )


def counted(cid: str, count: int) -> pb.GenericCommand:
    """How many are in it (wire: leancloud#conv-count)."""
    return conv(pb.result, pb.ConvCommand(cid=cid, count=count))


def members(cid: str, client_ids: Iterable[str]) -> pb.GenericCommand:
    """Some of those in it (wire: leancloud#conv-members)."""
    return conv(pb.members, pb.ConvCommand(cid=cid, m=client_ids))


def membership(member_of: Mapping[str, bool]) -> pb.GenericCommand:
    """In which conversations the client is (wire: leancloud#conv-is-member)."""
    return conv(pb.results, pb.ConvCommand(results=json_text(member_of)))


def max_read(cid: str, max_ack: int | None, max_read: int | None) -> pb.GenericCommand:
    """How far the one who came furthest has come (wire: leancloud#conv-max-read)."""
    return conv(pb.max_read, pb.ConvCommand(cid=cid, maxAckTimestamp=max_ack, maxReadTimestamp=max_read))


def max_read_of_each(cid: str, marks: Iterable[tuple[str, int | None, int | None]]) -> pb.GenericCommand:
    """How far each of the others has come: client, ack, read."""
    tuples = [pb.MaxReadTuple(pid=pid, maxAckTimestamp=ack, maxReadTimestamp=read) for pid, ack, read in marks]
    return conv(pb.max_read, pb.ConvCommand(cid=cid, maxReadTuples=tuples))


def rows(found: Sequence[Mapping[str, Any]]) -> pb.GenericCommand:
    """Conversations that were looked for (wire: leancloud#conv-query)."""
    return conv(pb.results, pb.ConvCommand(results=json_text(found)))


def member_info_updated(cid: str) -> pb.GenericCommand:
    """Somebody has another role (wire: leancloud#roles)."""
    return conv(pb.member_info_updated, pb.ConvCommand(cid=cid))


def shut_up(cid: str, allowed: Iterable[str], failed: Failures) -> pb.GenericCommand:
    """Who may not speak now (wire: leancloud#shutup)."""
    return conv(pb.shutup_added, pb.ConvCommand(cid=cid, allowedPids=allowed, failedPids=failed))


def let_speak(cid: str, allowed: Iterable[str], failed: Failures) -> pb.GenericCommand:
    """Who may speak again (wire: leancloud#shutup)."""
    return conv(pb.shutup_removed, pb.ConvCommand(cid=cid, allowedPids=allowed, failedPids=failed))


def shut_up_list(cid: str, client_ids: Iterable[str], following: str | None) -> pb.GenericCommand:
    """Who may not speak; `following` is where the next page starts (wire: leancloud#shutup)."""
    return conv(pb.shutup_result, pb.ConvCommand(cid=cid, m=client_ids, next=following))


def shut_up_among(cid: str, client_ids: Iterable[str]) -> pb.GenericCommand:
    """Who of those asked about may not speak (wire: leancloud#shutup)."""
    return conv(pb.check_result, pb.ConvCommand(cid=cid, m=client_ids))


def blocked(src_cid: str, allowed: Iterable[str], failed: Failures) -> pb.GenericCommand:
    """Who is blocked now (wire: leancloud#blacklist)."""
    return _blacklist(pb.blocked, pb.BlacklistCommand(srcCid=src_cid, allowedPids=allowed, failedPids=failed))


def unblocked(src_cid: str, allowed: Iterable[str], failed: Failures) -> pb.GenericCommand:
    """Who is no longer blocked (wire: leancloud#blacklist)."""
    return _blacklist(pb.unblocked, pb.BlacklistCommand(srcCid=src_cid, allowedPids=allowed, failedPids=failed))


def blocked_list(src_cid: str, client_ids: Iterable[str], following: str | None) -> pb.GenericCommand:
    """Who is blocked; `following` is where the next page starts (wire: leancloud#blacklist)."""
    return _blacklist(pb.query_result, pb.BlacklistCommand(srcCid=src_cid, blockedPids=client_ids, next=following))


def blocked_among(src_cid: str, client_ids: Iterable[str]) -> pb.GenericCommand:
    """Who of those asked about is blocked (wire: leancloud#blacklist)."""
    return _blacklist(pb.check_result, pb.BlacklistCommand(srcCid=src_cid, blockedPids=client_ids))


def _blacklist(op: pb.OpType, body: pb.BlacklistCommand) -> pb.GenericCommand:
    return pb.GenericCommand(cmd=pb.blacklist, op=op, blacklistMessage=body)
