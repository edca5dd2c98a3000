"""Chat rooms: who is in one is who is there, and nobody is told who comes and goes."""

import asyncio

import pytest

from cast import PATIENCE
from gateway.leancloud.clients import Client, Frame, Hall, attributes, refusal, rows
from gateway.watch import comes_true
from parlance.protocols.leancloud.generated import messages_pb2 as pb


@pytest.fixture
async def room(tom: Client) -> str:
    """A room that Tom began, and is in."""
    return await tom.start(transient=True, attr=attributes(name="Hall"))


async def occupants(client: Client, room: str) -> int:
    """How many are in it."""
    return (await client.conv(pb.count, cid=room)).convMessage.count


async def test_a_room_begins_with_who_began_it(tom: Client, jerry: Client, room: str) -> None:
    """Nobody else is in it, whoever is named, and nothing is pushed."""
    assert 1 == await occupants(jerry, room)
    [row] = rows(await jerry.conv(pb.query, where=attributes(tr=True)))
    assert (room, True, "Hall", 2, False) == (row["objectId"], row["tr"], row["name"], row["conv_type"], "m" in row)
    assert [[], []] == [await client.line.quiet() for client in (tom, jerry)]


async def test_one_comes_and_goes(tom: Client, jerry: Client, room: str) -> None:
    """And hears what is said meanwhile; nobody is told of it."""
    answer = await jerry.conv(pb.add, cid=room, m=["jerry"])
    assert (pb.added, ["jerry"]) == (answer.op, list(answer.convMessage.allowedPids))
    assert 2 == await occupants(tom, room)
    said = await tom.say(room)
    heard = await jerry.heard()
    assert (said.uid, 2) == (heard.id, heard.convType)
    assert {"tom", "jerry"} == set((await jerry.conv(pb.members, cid=room)).convMessage.m)
    assert ["jerry"] == list((await jerry.conv(pb.remove, cid=room, m=["jerry"])).convMessage.allowedPids)
    assert 1 == await occupants(tom, room)
    await tom.say(room)
    assert [[], []] == [await client.line.quiet() for client in (tom, jerry)]


async def test_anybody_may_speak_and_look_back(jerry: Client, tom: Client, room: str) -> None:
    """In it or not; there is a history, and nothing unread."""
    said = await jerry.say(room)
    assert said.uid == (await tom.heard()).id
    [item] = (await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=room))).logsMessage.logs
    assert (said.uid, 2) == (item.msgId, item.convType)


async def test_nobody_is_brought_in(tom: Client, jerry: Client, room: str) -> None:
    """One comes by oneself."""
    assert (4314, "NORMAL_CONVERSATION_REQUIRED") == refusal(await tom.conv(pb.add, cid=room, m=["jerry"]))
    assert pb.updated == (await tom.conv(pb.mute, cid=room)).op
    assert 1 == await occupants(jerry, room)


async def test_one_is_in_one_room_at_a_time(tom: Client, jerry: Client, room: str) -> None:
    """Coming into another, one leaves the first."""
    other = await jerry.start(transient=True)
    await tom.conv(pb.add, cid=other, m=["tom"])
    assert [0, 2] == [await occupants(jerry, each) for each in (room, other)]
    await tom.conv(pb.add, cid=room, m=["tom"])
    assert [1, 1] == [await occupants(jerry, each) for each in (room, other)]


async def test_on_two_devices_one_is_in_it_until_both_have_gone(
    hall: Hall, tom: Client, jerry: Client, room: str
) -> None:
    """The second one keeps the place."""
    tablet = await hall.log_in("tom")
    await tablet.conv(pb.add, cid=room, m=["tom"])
    other = await jerry.start(transient=True)
    await tom.conv(pb.add, cid=other, m=["tom"])
    assert [1, 2] == [await occupants(jerry, each) for each in (room, other)]
    await tablet.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    await empties(jerry, room)
    assert 2 == await occupants(jerry, other)


async def empties(client: Client, room: str) -> None:
    """Wait until nobody is in it: who has gone is taken out beside the sockets."""
    async with asyncio.timeout(PATIENCE):
        there = True
        while there:
            await asyncio.sleep(0.01)
            there = await occupants(client, room) > 0


@pytest.mark.by_one_server
async def test_who_is_lost_is_not_in_it_any_more(hall: Hall, tom: Client, jerry: Client, room: str) -> None:
    """Until it comes back by itself: then it is, as if nothing had been."""
    tom.line.cut()
    tally = hall.town.application.tallies.sockets
    await comes_true(lambda: tally.connections == 1, "Tom is gone")
    assert 0 == await occupants(jerry, room)
    back = await (await hall.log_in("tom", r=True, st=tom.token)).settled()
    assert 1 == await occupants(jerry, room)
    said = await jerry.say(room)
    assert said.uid == (await back.heard()).id


@pytest.mark.by_one_server
async def test_who_is_back_before_anybody_noticed_that_it_was_lost_is_in_it(hall: Hall, jerry: Client) -> None:
    """A dead line may be there for a while; when it ends it takes nobody along who is back."""
    phone = await hall.log_in("tom", deviceId="phone")
    room = await phone.start(transient=True)
    back = await hall.log_in("tom", r=True, st=phone.token)
    phone.line.cut()
    tally = hall.town.application.tallies.sockets
    await comes_true(lambda: tally.connections == 2, "the dead line is gone")
    await back.settled()
    assert 1 == await occupants(jerry, room)
    said = await jerry.say(room)
    assert said.uid == (await back.heard()).id
    back.line.cut()
    await comes_true(lambda: tally.connections == 1, "nobody is there")
    assert 0 == await occupants(jerry, room)
    await hall.log_in("tom", r=True, st=back.token)
    assert 1 == await occupants(jerry, room)


async def test_who_said_goodbye_is_not_brought_back(hall: Hall, tom: Client, jerry: Client, room: str) -> None:
    """Nor who logs in anew."""
    await tom.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    await hall.log_in("tom", line=tom.line, r=True, st=tom.token)
    assert 0 == await occupants(jerry, room)
    nibbles = await hall.log_in("nibbles")
    await nibbles.conv(pb.add, cid=room, m=["nibbles"])
    nibbles.line.cut()
    tally = hall.town.application.tallies.sockets
    await comes_true(lambda: tally.connections == 2, "Nibbles is gone")
    await hall.log_in("nibbles")
    assert 0 == await occupants(jerry, room)


async def test_who_is_kept_out_of_a_room(tom: Client, jerry: Client, room: str) -> None:
    """It is out at once, may not come back, and may not speak."""
    await jerry.conv(pb.add, cid=room, m=["jerry"])
    assert pb.blocked == (await tom.blacklist(pb.block, srcCid=room, toPids=["jerry"])).op
    assert 1 == await occupants(tom, room)
    assert 4548 == (await jerry.say(room)).code
    [failed] = (await jerry.conv(pb.add, cid=room, m=["jerry"])).convMessage.failedPids
    assert 4548 == failed.code
    pushes = [frame for frame in await jerry.line.quiet() if frame.op != pb.left]
    assert [pb.blocked] == [frame.op for frame in pushes]


async def test_many_rooms_do_no_harm(tom: Client) -> None:
    """Whoever begins one after another is in the last."""
    cids = [await tom.start(transient=True) for _ in range(20)]
    assert [0, 1] == [await occupants(tom, each) for each in (cids[0], cids[-1])]
    echoed = await tom.line.ask(Frame(cmd=pb.echo))
    assert pb.echo == echoed.cmd
