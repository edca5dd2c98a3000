"""What LeanCloud's clients ask about what was said: `ack`, `read`, `logs`, `patch`."""

from parlance.core.model import typed_message
from parlance.core.model.message import Message
from parlance.core.model.places import LoggedMessage, Place, Range
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.words import content, conv_id, conv_type, people
from parlance.kernel.faults import Fault, bad_format
from parlance.protocols.leancloud.answers.messages import log_item, logs, patched
from parlance.protocols.leancloud.commands import messages as commands
from parlance.protocols.leancloud.generated import messages_pb2 as pb

MOST_READ = 500
"""Conversations of which one command says how far they are read; the others count as not said."""
MOST_PATCHED = 20
"""Messages that one command changes."""


async def acknowledge(desk: Desk, session: Session, command: commands.AckMessages) -> None:
    """Take note of what has arrived (wire: leancloud#ack)."""
    if command.cid is None:
        return
    await desk.actions.mark_delivered(session.caller, conv_id(command.cid), Place(command.tots, command.mid))


async def read(desk: Desk, session: Session, command: commands.ReadMessages) -> None:
    """Take note of what was read (wire: leancloud#read)."""
    for mark in command.marks[:MOST_READ]:
        place = Place(mark.timestamp, mark.mid)
        try:
            await desk.actions.mark_read_at(session.caller, conv_id(mark.cid), place, session.number)
        except Fault:
            # It has no answer, and the other conversations are read all the same.
            continue


async def history(desk: Desk, session: Session, command: commands.QueryHistory) -> pb.GenericCommand:
    """Read back (wire: leancloud#logs)."""
    cid = conv_id(command.cid)
    wanted = Range(
        _place(command.t, command.mid),
        _place(command.tt, command.tmid),
        command.t_included,
        command.tt_included,
        oldest_first=command.direction is commands.Direction.NEW,
        most=command.page,
        type=command.lctype,
    )
    found = await desk.actions.read_range(session.caller, cid, wanted)
    return logs(cid, [_item(each) for each in found])


def _place(time: int | None, mid: str | None) -> Place | None:
    return None if time is None and not mid else Place(time, mid or None)


def _item(logged: LoggedMessage) -> pb.LogItem:
    message = logged.message
    return log_item(
        message.sender,
        content(message),
        message.created_at,
        message.msg_id,
        conv_type(logged.kind),
        ack_at=logged.delivered_at,
        read_at=logged.read_at,
        patch_timestamp=message.patched_at,
        mention_all=message.mention_all,
        mention_pids=message.mentions,
    )


async def patch(desk: Desk, session: Session, command: commands.PatchMessages) -> pb.GenericCommand:
    """Change what was said, or take it back (wire: leancloud#patch)."""
    if len(command.patches) > MOST_PATCHED:
        raise bad_format("patches", f"at most {MOST_PATCHED} at once")
    latest = command.last_patch_time
    for item in command.patches:
        message = await _patched(desk, session, item)
        latest = max(latest, message.patched_at or 0)
    return patched(latest)


async def _patched(desk: Desk, session: Session, item: commands.PatchItem) -> Message:
    cid = conv_id(item.cid)
    if item.recall:
        return await desk.actions.recall(session.caller, cid, item.mid, session.number)
    said = item.binary_msg if item.data is None else item.data
    if said is None:
        raise bad_format("data", "a message says something")
    new = typed_message.read(said).new_content(item.mention_all, people(item.mention_pids, "mentionPids"))
    return await desk.actions.edit(session.caller, cid, item.mid, new, session.number)
