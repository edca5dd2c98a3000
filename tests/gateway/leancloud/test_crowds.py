"""Many at once: on many sockets, on one, and on many devices of one client."""

import asyncio

from gateway.leancloud.clients import Client, Frame, Hall, seen
from parlance.protocols.leancloud.generated import messages_pb2 as pb

MANY = 120
TOLD = 30


async def test_a_crowd_hears_everything_in_order(hall: Hall, tom: Client) -> None:
    """Sixty on sockets of their own and sixty on one: each hears every message once."""
    shared = await hall.connect()
    people = [await hall.log_in(f"p{number}", line=shared if number % 2 else None) for number in range(MANY)]
    cid = await tom.start(*(each.name for each in people))
    for number in range(TOLD):
        await tom.say(cid, str(number))
        # No faster than anybody may.
        await asyncio.sleep(0.02)
    for each in people:
        assert [str(number) for number in range(TOLD)] == [(await each.heard()).msg for _ in range(TOLD)]


async def test_the_seventeenth_device_takes_the_place_of_the_first(hall: Hall) -> None:
    """Which is told so; the others go on."""
    devices = [await hall.log_in("tom") for _ in range(17)]
    closed = await devices[0].pushed(pb.session, pb.closed)
    assert (4111, "SESSION_CONFLICT") == (closed.sessionMessage.code, closed.sessionMessage.reason)
    cid = await devices[1].start("jerry")
    said = await devices[1].say(cid)
    for device in devices[2:]:
        assert said.uid == (await device.heard()).id
    assert [] == await devices[0].line.quiet()


async def test_everybody_speaks_at_once(hall: Hall) -> None:
    """In one conversation, ten at a time: all hear the same, in the same order."""
    people = [await hall.log_in(f"p{number}") for number in range(10)]
    cid = await people[0].start(*(each.name for each in people))
    for each in people[1:]:
        await each.pushed(pb.conv, pb.members_joined)

    async def speak(client: Client) -> list[str]:
        return [(await client.say(cid, f"{client.name} {number}")).uid for number in range(5)]

    said = await asyncio.gather(*map(speak, people))
    own = {uid for uids in said for uid in uids}
    orders = []
    for client, uids in zip(people, said, strict=True):
        heard = [(await client.heard()).id for _ in range(len(own) - len(uids))]
        assert own - set(uids) == set(heard)
        orders.append(heard)
    logged = await people[0].ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid, l=100))
    order = [item.msgId for item in logged.logsMessage.logs]
    assert [sorted(heard, key=order.index) for heard in orders] == orders


async def test_who_comes_back_again_and_again_leaves_nothing_behind(hall: Hall, tom: Client) -> None:
    """Half of them without a goodbye."""
    for number in range(30):
        client = await hall.log_in(f"p{number % 3}")
        if number % 2:
            client.line.cut()
        else:
            await client.line.ws.close()
    assert ["echo"] == seen([await tom.line.ask(Frame(cmd=pb.echo))])
