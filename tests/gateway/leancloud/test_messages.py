"""What is said, and what becomes of it (wire: leancloud#direct)."""

import pytest

from gateway.leancloud.clients import ALL, HELLO, OLD, Client, Frame, Hall, refusal, seen
from parlance.core.model.limits import Limits
from parlance.protocols.leancloud.generated import messages_pb2 as pb


@pytest.fixture
async def cid(tom: Client, jerry: Client) -> str:
    """A conversation that Tom began with Jerry."""
    cid = await tom.start("jerry")
    await jerry.settled()
    return cid


async def test_a_message_reaches_everybody_but_the_connection_it_came_from(
    hall: Hall, tom: Client, jerry: Client, cid: str
) -> None:
    """As it was written, with the id and the time that its sender is told."""
    tablet, spike = await hall.log_in("tom"), await hall.log_in("spike")
    taken = await tom.say(cid, HELLO, mentionPids=["jerry"], mentionAll=True)
    assert (cid, False, 32) == (taken.cid, taken.HasField("code"), len(taken.uid))
    for client in (jerry, tablet):
        heard = await client.heard()
        assert (taken.uid, taken.t, cid, "tom", HELLO, 1, ["jerry"], True) == (
            heard.id,
            heard.timestamp,
            heard.cid,
            heard.fromPeerId,
            heard.msg,
            heard.convType,
            list(heard.mentionPids),
            heard.mentionAll,
        )
        absent = ("transient", "offline", "hasMore", "binaryMsg", "patchTimestamp")
        assert [False] * 5 == [heard.HasField(name) for name in absent]
    assert [[], []] == [await client.line.quiet() for client in (tom, spike)]


async def test_bytes_stay_bytes(tom: Client, jerry: Client, cid: str) -> None:
    """On the socket as they are, in the history as base64."""
    said = await tom.ask(pb.direct, directMessage=pb.DirectCommand(cid=cid, binaryMsg=b"\x00\xfe\xff"))
    heard = await jerry.heard()
    assert (b"\x00\xfe\xff", False) == (heard.binaryMsg, heard.HasField("msg"))
    [item] = (await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs
    assert (said.ackMessage.uid, "AP7/", True) == (item.msgId, item.data, item.bin)


@pytest.mark.parametrize(
    "msg", ["", "plain", "{", '{"_lctype":"x"}', '{"_lctype":7,"own":[1,2]}', '{"_lctype": -1}', "汤姆 😀"]
)
async def test_whatever_is_written_is_delivered(tom: Client, jerry: Client, cid: str, msg: str) -> None:
    """What a message says is its senders' and readers' affair."""
    assert not (await tom.say(cid, msg)).HasField("code")
    assert msg == (await jerry.heard()).msg


async def test_messages_keep_their_order(tom: Client, jerry: Client, cid: str) -> None:
    """Their times grow, however fast they come."""
    for number in range(15):
        frame = Frame(cmd=pb.direct, i=1000 + number, directMessage=pb.DirectCommand(cid=cid, msg=str(number)))
        await tom.line.send(frame)
    heard = [await jerry.heard() for _ in range(15)]
    assert [str(number) for number in range(15)] == [each.msg for each in heard]
    times = [each.timestamp for each in heard]
    assert sorted(set(times)) == times


async def test_a_message_sent_again_is_the_same(tom: Client, jerry: Client, cid: str) -> None:
    """By the name that its sender gave it."""
    first, again = await tom.say(cid, dt="abc"), await tom.say(cid, dt="abc")
    assert (first.uid, first.t) == (again.uid, again.t)
    await jerry.heard()
    assert [] == await jerry.line.quiet()
    assert first.uid != (await tom.say(cid, dt="def")).uid


async def test_a_transient_message(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """It is acknowledged, reaches who is here, and is nowhere afterwards."""
    assert (await tom.say(cid, transient=True)).uid
    assert (await jerry.heard()).transient
    assert [] == list((await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs)
    late = await hall.log_in("jerry")
    assert [] == await late.line.quiet()


async def test_refusals_are_acks(hall: Hall, tom: Client, cid: str) -> None:
    """With an id and a time all the same, and a reason to show; nothing comes of them."""
    spike = await hall.log_in("spike")
    began = hall.town.clock.now()
    for client, said, code in (
        (spike, pb.DirectCommand(cid=cid, msg="x"), 4401),
        (tom, pb.DirectCommand(cid="nowhere", msg="x"), 4401),
        (tom, pb.DirectCommand(cid="_tmp:nowhere", msg="x"), 4303),
        (tom, pb.DirectCommand(cid="a\x00b", msg="x"), 4401),
        (tom, pb.DirectCommand(msg="x"), 4401),
        (tom, pb.DirectCommand(cid=cid), 4301),
        (tom, pb.DirectCommand(cid=cid, msg="a\x00b"), 4301),
        (tom, pb.DirectCommand(cid=cid, msg="x" * 5_121), 4109),
        (tom, pb.DirectCommand(cid=cid, msg="x", pushData="y" * 5_120), 4109),
        (tom, pb.DirectCommand(cid=cid, msg="x", dt="y" * 129), 4301),
        (tom, pb.DirectCommand(cid=cid, msg="x", mentionPids=["y" * 65]), 4301),
    ):
        answer = await client.ask(pb.direct, directMessage=said)
        told = answer.ackMessage
        assert (pb.ack, code, 32, True, True) == (
            answer.cmd,
            told.code,
            len(told.uid),
            began <= told.t <= hall.town.clock.now(),
            bool(told.reason),
        ), said
    assert [] == list((await tom.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs)
    assert [] == await tom.line.quiet()


async def test_too_many_messages(hall: Hall, tom: Client, cid: str) -> None:
    """Those over the limit are refused by an ack, the others are sent."""
    hall.town.clock.stop()
    for number in range(40):
        frame = Frame(cmd=pb.direct, i=1000 + number, directMessage=pb.DirectCommand(cid=cid, msg=str(number)))
        await tom.line.send(frame)
    answers = [(await tom.line.first(lambda each: each.i >= 1000, "an answer")).ackMessage for _ in range(40)]
    refused = [each for each in answers if each.HasField("code")]
    assert {(4116, "MESSAGE_SENT_QUOTA_EXCEEDED")} == {(each.code, each.reason) for each in refused}
    assert Limits().burst == len(answers) - len(refused)


async def test_who_names_no_serial_is_not_answered(tom: Client, jerry: Client, cid: str) -> None:
    """The message is sent all the same."""
    await tom.tell(pb.direct, directMessage=pb.DirectCommand(cid=cid, msg="x"))
    assert "x" == (await jerry.heard()).msg
    await tom.tell(pb.direct, directMessage=pb.DirectCommand(cid="nowhere", msg="x"))
    assert [] == await tom.line.quiet()


async def test_who_somebody_claims_to_be_is_not_looked_at(tom: Client, jerry: Client, cid: str) -> None:
    """The session says who it is."""
    await tom.say(cid, fromPeerId="spike", uid="x", id="y", timestamp=1)
    heard = await jerry.heard()
    assert ("tom", False) == (heard.fromPeerId, heard.id in "xy")


# Wills


async def test_a_will_is_carried_out_when_its_client_is_lost(tom: Client, jerry: Client, cid: str) -> None:
    """With the id that was acknowledged long before; it stands in no history."""
    first = await tom.say(cid, "first", will=True)
    last = await tom.say(cid, "last", will=True)
    assert [] == await jerry.line.quiet()
    tom.line.cut()
    heard = await jerry.heard()
    assert (last.uid, "last", "tom", True) == (heard.id, heard.msg, heard.fromPeerId, first.uid != last.uid)
    assert [] == await jerry.line.quiet()
    assert [] == list((await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs)


async def test_a_will_is_forgotten_by_who_says_goodbye(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """And by who is thrown out, and of a conversation that it is not in nothing comes."""
    await tom.say(cid, "x", will=True)
    await tom.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    await tom.line.ws.close()
    spike = await hall.log_in("spike")
    await spike.say(cid, "x", will=True)
    await spike.say("nowhere", "x", will=True)
    await spike.line.ws.close()
    assert [] == await jerry.line.quiet()


# What has arrived, and what was read


async def test_a_sender_hears_that_its_message_has_arrived_and_was_read(
    hall: Hall, tom: Client, jerry: Client, cid: str
) -> None:
    """If it wanted to: on all its devices, once for each."""
    tablet = await hall.log_in("tom")
    plain, wanted = await tom.say(cid, "plain"), await tom.say(cid, "wanted", r=True)
    for _ in range(2):
        await jerry.tell(pb.ack, ackMessage=pb.AckCommand(cid=cid, fromts=plain.t, tots=wanted.t))
    for client in (tom, tablet):
        told = (await client.pushed(pb.rcp)).rcpMessage
        assert (wanted.uid, cid, "jerry", False, True) == (
            told.id,
            told.cid,
            getattr(told, "from"),
            told.HasField("read"),
            told.t > 0,
        )
    await jerry.tell(pb.read, readMessage=pb.ReadCommand(convs=[pb.ReadTuple(cid=cid, timestamp=wanted.t)]))
    for client in (tom, tablet):
        push = await client.pushed(pb.rcp)
        assert (wanted.uid, True, 1) == (push.rcpMessage.id, push.rcpMessage.read, push.notificationType)
    assert ["rcp"] * 0 == [each for each in seen(await tom.line.quiet()) if each == "rcp"]


async def test_one_acknowledges_by_id(tom: Client, jerry: Client, cid: str) -> None:
    """As some clients do."""
    wanted = await tom.say(cid, r=True)
    await jerry.tell(pb.ack, ackMessage=pb.AckCommand(cid=cid, mid=wanted.uid))
    assert wanted.uid == (await tom.pushed(pb.rcp)).rcpMessage.id


async def test_acknowledgements_that_make_no_sense(tom: Client, jerry: Client, cid: str) -> None:
    """They have no answer, with or without a serial, and do no harm."""
    for i, body in enumerate(
        (
            pb.AckCommand(cid=cid, mid="nowhere"),
            pb.AckCommand(cid="nowhere", tots=1),
            pb.AckCommand(cid="a\x00b", mid="\x00"),
            pb.AckCommand(),
            pb.AckCommand(cid=cid, tots=-5),
            pb.AckCommand(cid=cid, tots=1 << 62),
        )
    ):
        await jerry.line.send(Frame(cmd=pb.ack, i=500 + i, peerId="jerry", ackMessage=body))
    marks = [pb.ReadTuple(cid="nowhere"), pb.ReadTuple(cid=cid, mid="nowhere"), pb.ReadTuple(cid=cid, timestamp=-1)]
    await jerry.line.send(Frame(cmd=pb.read, i=600, peerId="jerry", readMessage=pb.ReadCommand(convs=marks)))
    assert [] == await jerry.line.quiet()
    assert [] == await tom.line.quiet()


async def test_how_far_the_others_have_come(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """The one who came furthest, or each of them; what is not known is absent."""
    nothing = (await tom.conv(pb.max_read, cid=cid)).convMessage
    assert (False, False) == (nothing.HasField("maxReadTimestamp"), nothing.HasField("maxAckTimestamp"))
    said = await tom.say(cid, r=True)
    await jerry.tell(pb.ack, ackMessage=pb.AckCommand(cid=cid, mid=said.uid))
    await tom.pushed(pb.rcp)
    arrived = (await tom.conv(pb.max_read, cid=cid)).convMessage
    assert (True, False) == (arrived.maxAckTimestamp >= said.t, arrived.HasField("maxReadTimestamp"))
    await jerry.tell(pb.read, readMessage=pb.ReadCommand(cid=cid))
    await tom.pushed(pb.rcp)
    answer = await tom.conv(pb.max_read, cid=cid, queryAllMembers=True)
    [each] = answer.convMessage.maxReadTuples
    assert (pb.max_read, "jerry", True, True) == (
        answer.op,
        each.pid,
        each.maxReadTimestamp >= said.t,
        each.maxAckTimestamp >= arrived.maxAckTimestamp,
    )


# Unread


async def test_what_is_unread_is_told_at_login(hall: Hall, tom: Client, cid: str) -> None:
    """Each conversation with something unread, described by its last message."""
    jerry = await hall.log_in("nibbles")
    other = await tom.start("nibbles", "butch")
    await jerry.line.ws.close()
    await tom.say(other, "one", mentionPids=["nibbles"])
    last = await tom.say(other, "two")
    jerry = await hall.log_in("nibbles")
    push = await jerry.pushed(pb.unread)
    [row] = push.unreadMessage.convs
    assert (other, 2, last.uid, last.t, "tom", "two", True, 1) == (
        row.cid,
        row.unread,
        row.mid,
        row.timestamp,
        getattr(row, "from"),
        row.data,
        row.mentioned,
        row.convType,
    )
    assert last.t <= push.unreadMessage.notifTime <= hall.town.clock.now()
    later = await hall.log_in("nibbles", lastUnreadNotifTime=push.unreadMessage.notifTime)
    assert [] == await later.line.quiet()


async def test_the_other_devices_hear_that_it_was_read(hall: Hall, tom: Client, cid: str) -> None:
    """And at the next login there is nothing."""
    phone, tablet = await hall.log_in("jerry"), await hall.log_in("jerry")
    last = await tom.say(cid)
    for client in (phone, tablet):
        await client.heard()
    read = pb.ReadCommand(convs=[pb.ReadTuple(cid=cid, timestamp=last.t + 60_000, mid=last.uid)])
    await phone.tell(pb.read, readMessage=read)
    [row] = (await tablet.pushed(pb.unread)).unreadMessage.convs
    assert (cid, 0, False) == (row.cid, row.unread, row.mentioned)
    assert [] == await phone.line.quiet()
    later = await hall.log_in("jerry")
    assert [] == await later.line.quiet()


async def test_old_clients_get_the_messages_themselves(hall: Hall, tom: Client, cid: str) -> None:
    """All but the last say that more follow; once they have arrived they do not come again."""
    nibbles = await hall.log_in("nibbles", protocol=OLD)
    other = await tom.start("nibbles", "butch")
    await nibbles.line.ws.close()
    said = [await tom.say(other, str(number)) for number in range(3)]
    nibbles = await hall.log_in("nibbles", protocol=OLD)
    heard = [await nibbles.heard() for _ in range(3)]
    assert [(each.uid, True, more) for each, more in zip(said, (True, True, False), strict=True)] == [
        (each.id, each.offline, each.hasMore) for each in heard
    ]
    await nibbles.tell(pb.ack, ackMessage=pb.AckCommand(cid=other, fromts=said[0].t, tots=said[1].t))
    assert [] == await nibbles.line.quiet()
    again = await hall.log_in("nibbles", protocol=OLD)
    assert [said[2].uid] == [each.directMessage.id for each in await again.line.quiet()]


# Changes to what was said


def change(cid: str, said: pb.AckCommand, **fields: object) -> pb.PatchCommand:
    """One message changed."""
    return pb.PatchCommand(patches=[pb.PatchItem(cid=cid, mid=said.uid, timestamp=said.t, **fields)])  # type: ignore[arg-type]


async def test_a_message_is_changed(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """The others hear it, the sender's other devices too, if they can take it; the history has it."""
    tablet, old = await hall.log_in("tom"), await hall.log_in("jerry", configBitmap=ALL & ~1)
    said = await tom.say(cid)
    for client in (jerry, tablet, old):
        await client.heard()
    hall.town.clock.advance(1)
    answer = await tom.ask(pb.patch, pb.modify, patchMessage=change(cid, said, data='{"_lctype":-1,"_lctext":"new"}'))
    assert (pb.modified, True) == (answer.op, answer.patchMessage.lastPatchTime > said.t)
    for client in (jerry, tablet):
        push = await client.pushed(pb.patch, pb.modify)
        [item] = push.patchMessage.patches
        assert (cid, said.uid, said.t, "tom", '{"_lctype":-1,"_lctext":"new"}', False, False) == (
            item.cid,
            item.mid,
            item.timestamp,
            getattr(item, "from"),
            item.data,
            item.recall,
            item.HasField("patchCode"),
        )
        assert item.patchTimestamp == answer.patchMessage.lastPatchTime == push.patchMessage.lastPatchTime
    assert [[], []] == [await client.line.quiet() for client in (tom, old)]
    [logged] = (await old.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs
    assert ('{"_lctype":-1,"_lctext":"new"}', item.patchTimestamp) == (logged.data, logged.patchTimestamp)


async def test_a_message_is_taken_back(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """What is left says so."""
    said = await tom.say(cid)
    await jerry.heard()
    hall.town.clock.advance(1)
    asked = change(cid, said, recall=True, data='{"_lctype":-127}')
    assert pb.modified == (await tom.ask(pb.patch, pb.modify, patchMessage=asked)).op
    [item] = (await jerry.pushed(pb.patch)).patchMessage.patches
    assert (True, '{"_lctype":-127}') == (item.recall, item.data)
    [logged] = (await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs
    assert ('{"_lctype":-127}', True) == (logged.data, logged.patchTimestamp > said.t)


async def test_changes_are_caught_up_with(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """One a push, after the login, to who says since when and can take them."""
    said = [await tom.say(cid, str(number)) for number in range(2)]
    await jerry.settled()
    since = jerry.opened.serverTs
    await jerry.line.ws.close()
    for each in said:
        await tom.ask(pb.patch, pb.modify, patchMessage=change(cid, each, data="changed"))
    back = await hall.log_in("jerry", lastPatchTime=since, lastUnreadNotifTime=hall.town.clock.now() + 1)
    pushes = await back.line.quiet()
    assert [each.uid for each in said] == [
        item.mid for push in pushes if push.cmd == pb.patch for item in push.patchMessage.patches
    ]
    for from_when, abilities in ((0, ALL), (since, 0)):
        now = hall.town.clock.now() + 1
        other = await hall.log_in("jerry", lastUnreadNotifTime=now, lastPatchTime=from_when, configBitmap=abilities)
        assert [] == await other.line.quiet()


async def test_changes_that_cannot_be(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """By somebody else, of what nobody knows, to nothing, of too many."""
    said = await tom.say(cid)
    spike = await hall.log_in("spike")
    await jerry.settled()
    ghost = pb.AckCommand(uid="f" * 32, t=1)
    for client, asked, code in (
        (jerry, change(cid, said, data="x"), 4403),
        (jerry, change(cid, said, recall=True), 4403),
        (spike, change(cid, said, data="x"), 4403),
        (tom, change(cid, ghost, data="x"), 4404),
        (tom, change("nowhere", said, data="x"), 4303),
        (tom, change(cid, said), 4301),
        (tom, pb.PatchCommand(patches=[pb.PatchItem(cid=cid, mid=said.uid, data="x")] * 21), 4301),
        (tom, pb.PatchCommand(), 4301),
    ):
        answer = await client.ask(pb.patch, pb.modify, patchMessage=asked)
        assert code == refusal(answer)[0], (answer, asked)
    assert [] == await jerry.line.quiet()


# History


async def test_history(tom: Client, jerry: Client, cid: str) -> None:
    """Backwards from a place or forwards, and ascending either way; a limit of nothing gets nothing."""
    said = [await tom.say(cid, str(number)) for number in range(5)]
    first, _, middle, _, last = said

    async def read(**fields: object) -> list[str]:
        answer = await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid, **fields))  # type: ignore[arg-type]
        assert (pb.logs, cid) == (answer.cmd, answer.logsMessage.cid)
        return [item.data for item in answer.logsMessage.logs]

    new = pb.LogsCommand.NEW
    assert ["0", "1", "2", "3", "4"] == await read()
    assert ["3", "4"] == await read(l=2) == await read(limit=2)
    assert [] == await read(l=0)
    assert ["0", "1"] == await read(t=middle.t, mid=middle.uid)
    assert ["1", "2"] == await read(t=middle.t, mid=middle.uid, tIncluded=True, l=2)
    assert ["3", "4"] == await read(t=middle.t, mid=middle.uid, direction=new)
    assert ["0", "1"] == await read(direction=new, l=2)
    assert ["1", "2", "3"] == await read(t=last.t, mid=last.uid, tt=first.t, tmid=first.uid)
    assert ["0", "1", "2", "3"] == await read(t=last.t, tt=first.t, ttIncluded=True)
    assert ["2"] == await read(t=middle.t, tIncluded=True, l=1)
    assert [] == await read(t=0)
    assert ["0"] == await read(t=-5, direction=new, l=1)
    assert ["4"] == await read(t=1 << 62, l=1)


async def test_history_by_type(tom: Client, jerry: Client, cid: str) -> None:
    """Only what is of one kind."""
    await tom.say(cid, '{"_lctype":1,"x":1}')
    await tom.say(cid, HELLO)
    found = await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid, lctype=1))
    assert ['{"_lctype":1,"x":1}'] == [item.data for item in found.logsMessage.logs]


async def test_history_says_what_has_arrived(tom: Client, jerry: Client, cid: str) -> None:
    """And what was read; nothing of what did not."""
    said = await tom.say(cid, r=True)
    [item] = (await tom.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs
    assert ("tom", said.uid, 1, False, False) == (
        getattr(item, "from"),
        item.msgId,
        item.convType,
        item.HasField("ackAt"),
        item.HasField("readAt"),
    )
    await jerry.tell(pb.read, readMessage=pb.ReadCommand(cids=[cid]))
    await tom.pushed(pb.rcp)
    [item] = (await tom.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid))).logsMessage.logs
    assert (True, True) == (item.ackAt >= said.t, item.readAt >= said.t)


async def test_history_is_for_members(hall: Hall, tom: Client, cid: str) -> None:
    """Strangers are refused in words of their own."""
    spike = await hall.log_in("spike")
    assert (4312, "CONVERSATION_LOG_REJECTED") == refusal(await spike.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid)))
    unknown = pb.LogsCommand(cid="nowhere")
    assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await tom.ask(pb.logs, logsMessage=unknown))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.ask(pb.logs, logsMessage=pb.LogsCommand()))
