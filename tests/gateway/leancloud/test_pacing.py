"""What a fast server keeps apart, for the connection concerned (wire: leancloud#pacing)."""

import asyncio
import time

from gateway.leancloud.clients import Client, Frame, Hall, seen
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def test_the_answer_comes_first(hall: Hall, tom: Client, jerry: Client) -> None:
    """Whatever a command has pushed to its own connection comes after its answer, for every client on it."""
    cat = await hall.log_in("cat", line=tom.line)
    cid = await tom.start("jerry", "cat")
    await cat.settled()
    answers = {
        (pb.conv, pb.add): Frame(convMessage=pb.ConvCommand(cid=cid, m=["spike"])),
        (pb.conv, pb.add_shutup): Frame(convMessage=pb.ConvCommand(cid=cid, m=["spike"])),
        (pb.conv, pb.remove_shutup): Frame(convMessage=pb.ConvCommand(cid=cid, m=["spike"])),
        (pb.blacklist, pb.block): Frame(blacklistMessage=pb.BlacklistCommand(srcCid=cid, toPids=["spike"])),
        (pb.conv, pb.update): Frame(convMessage=pb.ConvCommand(cid=cid, attr=pb.JsonObjectMessage(data='{"x":1}'))),
    }
    for number, ((cmd, op), frame) in enumerate(answers.items()):
        frame.cmd, frame.op, frame.i, frame.peerId = cmd, op, 700 + number, "tom"
        await tom.line.send(frame)
        first = await tom.line._next("the answer")
        assert 700 + number == first.i, first
        assert await tom.line.quiet()


async def test_a_new_conversation_is_told_a_little_later(tom: Client, jerry: Client) -> None:
    """To who began it; the others need not wait."""
    began = time.monotonic()
    await tom.conv(pb.start, m=["jerry"])
    await jerry.pushed(pb.conv, pb.joined)
    await tom.pushed(pb.conv, pb.joined)
    assert time.monotonic() - began >= 0.019


async def test_the_next_command_is_told_first(tom: Client) -> None:
    """If it comes before: at once, in order, and the command is taken up only then."""
    answer = await tom.conv(pb.start, m=["jerry"])
    await tom.conv(pb.count, cid=answer.convMessage.cid)
    assert ["conv joined", "conv members_joined"] == seen(tom.line.unread)


async def test_a_command_after_a_push_waits(tom: Client, jerry: Client) -> None:
    """What nobody waits for an answer to does not."""
    cid = await tom.start("jerry")
    began = time.monotonic()
    await tom.conv(pb.add, cid=cid, m=["spike"])
    await tom.line.ask(Frame(cmd=pb.echo))
    await tom.conv(pb.count, cid=cid)
    assert time.monotonic() - began >= 0.005


async def test_a_change_is_told_later_to_who_shares_the_socket(hall: Hall, tom: Client) -> None:
    """After its answer, whoever it is for."""
    cat = await hall.log_in("cat", line=tom.line)
    cid = await tom.start("cat")
    said = await tom.say(cid)
    await cat.settled()
    item = pb.PatchItem(cid=cid, mid=said.uid, timestamp=said.t, data="new")
    began = time.monotonic()
    frame = Frame(cmd=pb.patch, op=pb.modify, i=900, peerId="tom", patchMessage=pb.PatchCommand(patches=[item]))
    await tom.line.send(frame)
    assert [900, 0] == [(await tom.line._next("a frame")).i for _ in range(2)]
    assert time.monotonic() - began >= 0.005


async def test_what_comes_after_what_is_held_waits_as_well(tom: Client, jerry: Client) -> None:
    """Nobody hears a message of a conversation before hearing that it is in it."""
    for _ in range(5):
        answer = await tom.conv(pb.start, m=["jerry"])
        await jerry.say(answer.convMessage.cid)
        assert ["conv joined", "conv members_joined", "direct"] == seen(
            [await tom.line._next("a push") for _ in range(3)]
        )


async def test_many_commands_at_once(hall: Hall, tom: Client) -> None:
    """Each is answered, in order, whoever on the socket asks."""
    cat = await hall.log_in("cat", line=tom.line)
    cid = await tom.start("cat")
    await cat.settled()
    for number in range(100):
        frame = Frame(cmd=pb.conv, op=pb.count, i=1000 + number, peerId="cat" if number % 2 else "tom")
        frame.convMessage.cid = cid
        await tom.line.send(frame)
    answered = [await tom.line.first(lambda each: each.i >= 1000, "an answer") for _ in range(100)]
    assert list(range(1000, 1100)) == [each.i for each in answered]
    assert {2} == {each.convMessage.count for each in answered}


async def test_two_sockets_do_not_wait_for_each_other(hall: Hall, tom: Client) -> None:
    """What one is paced by is its own affair."""
    jerry = await hall.log_in("jerry")

    async def busy(client: Client, count: int) -> None:
        for _ in range(count):
            await client.conv(pb.start, m=["spike"])

    await asyncio.gather(busy(tom, 10), busy(jerry, 10))
    for client in (tom, jerry):
        assert 10 * ["conv joined", "conv members_joined"] == seen(await client.line.quiet())
