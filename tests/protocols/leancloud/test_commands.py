"""Each command of the protocol, from its frame to its struct."""

from typing import Any

import pytest

from parlance.protocols.leancloud.commands import conversations, members, messages, sessions
from parlance.protocols.leancloud.commands.command import Command, Signable, Signature
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.reader import COMMANDS, Asked, read
from protocols.leancloud.parts import PROTOBUF_CODEC


def command(cmd: pb.CommandType, op: pb.OpType | None = None, **body: Any) -> pb.GenericCommand:
    """A command with this in its body."""
    fields: Any = {pb.CommandType.Name(cmd) + "Message": body}
    return pb.GenericCommand(cmd=cmd, op=op, i=1, **fields)


def asked(sent: pb.GenericCommand) -> Command:
    """What is read of it."""
    event = read(PROTOBUF_CODEC.read_binary(sent.SerializeToString()), 5_120)
    assert isinstance(event, Asked), event
    return event.command


SIGNED: Any = {"t": 1, "n": "nonce", "s": "abc"}
JSON = {"data": '{"a":{"$in":[1]}}'}
READ: Any = {"a": {"$in": [1]}}

CASES: list[tuple[pb.GenericCommand, Command]] = [
    (
        command(pb.session, pb.open, ua="js", r=True, st="st", tag="t", deviceId="d", lastUnreadNotifTime=5,
                lastPatchTime=6, configBitmap=187, systemInfo={"isEmulator": True}, **SIGNED),
        sessions.OpenSession(ua="js", reconnect=True, st="st", tag="t", device_id="d", last_unread_notif_time=5,
                             last_patch_time=6, config_bitmap=187, **SIGNED),
    ),
    (command(pb.session, pb.open), sessions.OpenSession()),
    (command(pb.session, pb.close), sessions.CloseSession()),
    (command(pb.session, pb.query, sessionPeerIds=["a"]), sessions.QuerySessions(session_peer_ids=["a"])),
    (command(pb.session, pb.refresh, st="st", **SIGNED), sessions.RefreshSession(st="st", **SIGNED)),
    (
        command(pb.report, pb.upload, initiative=True, type="token", data="x"),
        sessions.UploadReport(initiative=True, type="token", data="x"),
    ),
    (pb.GenericCommand(cmd=pb.login, installationId="i"), sessions.Login(installation_id="i")),
    (pb.GenericCommand(cmd=pb.logout, installationId="i"), sessions.Logout(installation_id="i")),
    (pb.GenericCommand(cmd=pb.echo), sessions.Echo()),
    (
        command(pb.conv, pb.start, m=["a"], transient=True, unique=True, tempConv=True, tempConvTTL=9, attr=JSON,
                **SIGNED),
        conversations.StartConversation(members=["a"], transient=True, unique=True, temp_conv=True, temp_conv_ttl=9,
                                        attr=READ, **SIGNED),
    ),
    (command(pb.conv, pb.start), conversations.StartConversation()),
    (command(pb.conv, pb.add, cid="c", m=["a"], **SIGNED), members.AddMembers(cid="c", members=["a"], **SIGNED)),
    (command(pb.conv, pb.remove, cid="c", m=["a"]), members.RemoveMembers(cid="c", members=["a"])),
    (
        command(pb.conv, pb.update, cid="c", attr=JSON),
        conversations.UpdateConversation(cid="c", attr=READ),
    ),
    (command(pb.conv, pb.mute, cid="c"), conversations.MuteConversation(cid="c")),
    (command(pb.conv, pb.unmute, cid="c"), conversations.UnmuteConversation(cid="c")),
    (command(pb.conv, pb.count, cid="c"), conversations.CountMembers(cid="c")),
    (command(pb.conv, pb.members, cid="c", limit=9), conversations.ListMembers(cid="c", limit=9)),
    (command(pb.conv, pb.is_member, cids=["c"]), conversations.AskMembership(cids=["c"])),
    (
        command(pb.conv, pb.max_read, cid="c", queryAllMembers=True),
        conversations.AskMaxRead(cid="c", query_all_members=True),
    ),
    (
        command(pb.conv, pb.query, where=JSON, sort="a,-b", limit=0, skip=3, flag=3, tempConvIds=["_tmp:1"]),
        conversations.QueryConversations(where=READ, sort="a,-b", limit=0, skip=3, flag=3,
                                         temp_conv_ids=["_tmp:1"]),
    ),
    (
        command(pb.conv, pb.member_info_update, cid="c", targetClientId="a", info={"pid": "a", "role": "Manager"}),
        members.UpdateMemberInfo(cid="c", target_client_id="a", info=members.MemberInfo(pid="a", role="Manager")),
    ),
    (command(pb.conv, pb.add_shutup, cid="c", m=["a"]), members.ShutUpMembers(cid="c", members=["a"])),
    (command(pb.conv, pb.remove_shutup, cid="c", m=["a"]), members.LetMembersSpeak(cid="c", members=["a"])),
    (command(pb.conv, pb.query_shutup, cid="c", next="n"), members.QueryShutUp(cid="c", next="n")),
    (command(pb.conv, pb.check_shutup, cid="c", m=["a"]), members.CheckShutUp(cid="c", members=["a"])),
    (
        command(pb.blacklist, pb.block, srcCid="c", toPids=["a"], **SIGNED),
        members.BlockMembers(src_cid="c", to_pids=["a"], **SIGNED),
    ),
    (command(pb.blacklist, pb.unblock, srcCid="c", toPids=["a"]), members.UnblockMembers(src_cid="c", to_pids=["a"])),
    (command(pb.blacklist, pb.query, srcCid="c", limit=2), members.QueryBlocked(src_cid="c", limit=2)),
    (command(pb.blacklist, pb.check_block, srcCid="c", toPids=["a"]), members.CheckBlocked(src_cid="c", to_pids=["a"])),
    (
        command(pb.direct, cid="c", msg="hi", r=True, transient=True, dt="u", pushData="{}", will=True,
                mentionPids=["a"], mentionAll=True, fromPeerId="somebody else"),
        messages.SendMessage(cid="c", msg="hi", receipt=True, transient=True, dt="u", push_data="{}", will=True,
                             mention_pids=["a"], mention_all=True),
    ),
    (command(pb.direct, cid="c", binaryMsg=b"\xff\x00"), messages.SendMessage(cid="c", binary_msg=b"\xff\x00")),
    (command(pb.ack, cid="c", fromts=1, tots=2), messages.AckMessages(cid="c", fromts=1, tots=2)),
    (command(pb.ack, cid="c", mid="m"), messages.AckMessages(cid="c", mid="m")),
    (command(pb.ack, ids=["a"]), messages.AckMessages(ids=["a"])),
    (
        command(pb.read, convs=[{"cid": "c", "timestamp": 5, "mid": "m"}]),
        messages.ReadMessages(convs=[messages.ReadTuple(cid="c", timestamp=5, mid="m")]),
    ),
    (
        command(pb.logs, pb.open, cid="c", l=1, limit=2, t=3, mid="m", tIncluded=True, tt=4, tmid="n", ttIncluded=True,
                direction=pb.LogsCommand.NEW, lctype=-1, checksum="x", stored=True),
        messages.QueryHistory(cid="c", l=1, limit=2, t=3, mid="m", t_included=True, tt=4, tmid="n", tt_included=True,
                              direction=messages.Direction.NEW, lctype=-1),
    ),
    (
        command(pb.patch, pb.modify, lastPatchTime=7, patches=[
            {"cid": "c", "mid": "m", "timestamp": 5, "recall": True, "data": "{}", "mentionAll": True},
            {"cid": "c", "mid": "n", "timestamp": 6, "binaryMsg": b"\xff", "mentionPids": ["a"]},
        ]),
        messages.PatchMessages(last_patch_time=7, patches=[
            messages.PatchItem(cid="c", mid="m", timestamp=5, recall=True, data="{}", mention_all=True),
            messages.PatchItem(cid="c", mid="n", timestamp=6, binary_msg=b"\xff", mention_pids=["a"]),
        ]),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "expected"), CASES, ids=[type(expected).__name__ for _, expected in CASES])
def test_each_command_is_read(sent: pb.GenericCommand, expected: Command) -> None:
    """All that was said, and nothing that was not."""
    assert expected == asked(sent)


def test_every_command_is_tried() -> None:
    """So that none is forgotten."""
    assert COMMANDS == {type(expected) for _, expected in CASES}


def test_the_header_belongs_to_some_commands() -> None:
    """The app, the name and the service to a login, the priority to a message."""
    sent = command(pb.session, pb.open)
    sent.appId, sent.peerId = "app", "tom"
    assert sessions.OpenSession(app_id="app", peer_id="tom") == asked(sent)
    sent = command(pb.direct, cid="c", msg="hi")
    sent.priority = 3
    assert messages.SendMessage(cid="c", msg="hi", priority=3) == asked(sent)
    sent = pb.GenericCommand(cmd=pb.login, appId="app", installationId="i", service=1)
    assert sessions.Login(app_id="app", installation_id="i", service=1) == asked(sent)


def test_a_body_may_be_missing_where_nothing_in_it_is_needed() -> None:
    """The same as an empty one."""
    assert sessions.CloseSession() == asked(pb.GenericCommand(cmd=pb.session, op=pb.close))
    assert conversations.QueryConversations() == asked(pb.GenericCommand(cmd=pb.conv, op=pb.query))


def test_a_signature_is_whole_or_none() -> None:
    """Its three parts belong together."""
    assert Signature(1, "n", "s") == Signable(t=1, n="n", s="s").signature
    for part in ("t", "n", "s"):
        assert Signable(**({"t": 1, "n": "n", "s": "s"} | {part: None})).signature is None  # type: ignore[arg-type]


@pytest.mark.parametrize(("asked_for", "given"), [(None, 20), (0, 0), (-3, 0), (1, 1), (100, 100), (1_000, 100)])
def test_a_page_of_history(asked_for: int | None, given: int) -> None:
    """Under either name; 0 is not the same as nothing."""
    assert given == messages.QueryHistory(cid="c", l=asked_for).page
    assert given == messages.QueryHistory(cid="c", limit=asked_for).page
    assert 7 == messages.QueryHistory(cid="c", l=7, limit=9).page


@pytest.mark.parametrize(("asked_for", "given"), [(None, 10), (0, 0), (-3, 0), (999, 999), (5_000, 1_000)])
def test_a_page_of_conversations(asked_for: int | None, given: int) -> None:
    """The same, with other numbers."""
    assert given == conversations.QueryConversations(limit=asked_for).page
    assert 0 == conversations.QueryConversations(skip=-1).skipped


@pytest.mark.parametrize(("asked_for", "given"), [(None, 10), (0, 0), (1_000, 100)])
def test_a_page_of_those_who_are_kept_quiet_or_out(asked_for: int | None, given: int) -> None:
    """And again."""
    assert (
        given
        == members.QueryShutUp(cid="c", limit=asked_for).page
        == members.QueryBlocked(src_cid="c", limit=asked_for).page
    )
    assert 50 == conversations.ListMembers(cid="c").page == conversations.ListMembers(cid="c", limit=99).page


@pytest.mark.parametrize("where", [None, {}])
def test_a_query_without_conditions_is_for_ones_own(where: Any) -> None:
    """Any condition changes that."""
    assert conversations.QueryConversations(where=where).conditions is None
    assert READ == conversations.QueryConversations(where=READ).conditions


@pytest.mark.parametrize(
    ("flag", "compact", "last"), [(0, False, False), (1, True, False), (2, False, True), (7, True, True)]
)
def test_the_flags_of_a_query(flag: int, compact: bool, last: bool) -> None:
    """Two are known."""
    query = conversations.QueryConversations(flag=flag)
    assert (compact, last) == (query.compact, query.with_last_message)


def test_the_old_way_of_reading_is_all_of_it() -> None:
    """Conversations by their ids, without a time."""
    old = asked(command(pb.read, cid="c", cids=["d"]))
    assert isinstance(old, messages.ReadMessages)
    assert [messages.ReadTuple(cid="c"), messages.ReadTuple(cid="d")] == old.marks


def test_a_role_is_for_somebody() -> None:
    """Named in either place."""
    info = members.MemberInfo(pid="a", role="Member")
    assert "b" == members.UpdateMemberInfo(cid="c", target_client_id="b", info=info).target
    assert "a" == members.UpdateMemberInfo(cid="c", info=info).target
