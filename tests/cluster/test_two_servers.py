"""Two servers, and people on both: they notice nothing of that."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cast import PATIENCE, Socket, Town
from cluster.nodes import bus_of, cluster
from gateway.leancloud.clients import Hall
from gateway.watch import comes_true
from parlance.app.assemble import opened
from parlance.app.server import Server
from parlance.buses.nats import NatsBus, neighbours
from parlance.core.model.app import AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.kernel.ids import AppId, ClientId
from parlance.protocols.leancloud.generated import messages_pb2 as pb

pytestmark = [pytest.mark.needs("nats-server")]

SO_LONG = 600.0
"""Seconds that no test takes."""


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[list[Town]]:
    """Two servers."""
    async with cluster(tmp_path, 2) as towns:
        yield towns


async def say(socket: Socket, conv_id: str, text: str) -> dict[str, Any]:
    """Say something; what came of it."""
    answer: dict[str, Any] = await socket.request("msg.send", {"conv_id": conv_id, "type": -1, "text": text})
    return answer


async def test_a_message_comes_to_who_is_on_another_server(towns: list[Town]) -> None:
    """What Ada says on one server, Ben hears on the other, and the other way round; in one sequence."""
    here, there = towns
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    sent = await say(ada, here.group, "hello")
    heard = (await ben.next("msg.new"))["data"]
    assert (sent["data"]["msg_id"], 1, "hello") == (heard["msg_id"], heard["seq"], heard["text"])
    await say(ben, here.group, "hello yourself")
    answer = (await ada.next("msg.new"))["data"]
    assert (2, "hello yourself") == (answer["seq"], answer["text"])


async def test_a_message_by_the_backend_comes_to_everybody(towns: list[Town]) -> None:
    """On whichever server it was taken in."""
    here, there = towns
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    await there.say("from there", sender="ada")
    await here.say("from here", sender="ben")
    assert "from there" == (await ben.next("msg.new"))["data"]["text"]
    assert "from here" == (await ada.next("msg.new"))["data"]["text"]


async def test_many_speak_at_once_and_all_hear_one_order(towns: list[Town]) -> None:
    """Two people on two servers speak as fast as they can; who listens hears all of it in its order, on both."""
    here, there = towns
    group = await here.open(Kind.GROUP, "ada", "ben", "cy")
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    listeners = [await here.log_in(here.cy), await there.log_in(there.cy, "laptop")]
    many = 40

    async def speak(socket: Socket) -> None:
        for number in range(many):
            await say(socket, group, str(number))

    await asyncio.gather(speak(ada), speak(ben))
    for listener in listeners:
        heard = [(await listener.next("msg.new"))["data"]["seq"] for _ in range(2 * many)]
        assert list(range(1, 2 * many + 1)) == heard


async def test_typing_reading_and_changes_of_messages_are_told(towns: list[Town]) -> None:
    """All that members are told of each other."""
    here, there = towns
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    msg_id = (await say(ada, here.group, "hello"))["data"]["msg_id"]
    await ben.next("msg.new")
    await ben.send("typing", {"conv_id": here.group})
    assert "ben" == (await ada.next("typing"))["data"]["client_id"]
    await ben.send("msg.read", {"conv_id": here.group, "seq": 1})
    read = (await ada.next("msg.read"))["data"]
    assert ("ben", 1) == (read["client_id"], read["seq"])
    await ada.request("msg.edit", {"conv_id": here.group, "msg_id": msg_id, "text": "hallo"})
    assert "hallo" == (await ben.next("msg.edited"))["data"]["text"]
    await ada.request("msg.recall", {"conv_id": here.group, "msg_id": msg_id})
    assert msg_id == (await ben.next("msg.recalled"))["data"]["msg_id"]


async def test_who_is_online_is_known_everywhere(towns: list[Town]) -> None:
    """Who comes and goes on another server is told who watches; two servers make one client online once."""
    here, there = towns
    ada = await here.log_in(here.ada)
    asked = await ada.request("presence", {"client_ids": ["ben"]})
    assert {"ben": False} == asked["data"]["clients"]
    phone = await there.log_in(there.ben)
    assert {"ben": True} == (await ada.next("presence"))["data"]["clients"]
    laptop = await here.log_in(here.ben, "laptop")
    await phone.ws.close()
    assert await ada.nothing("presence")
    await laptop.ws.close()
    assert {"ben": False} == (await ada.next("presence"))["data"]["clients"]


async def test_a_room_has_people_of_all_servers(towns: list[Town]) -> None:
    """Who is in is one list, and a message reaches all of them; who is gone is out everywhere."""
    here, there = towns
    room = await here.open(Kind.ROOM, "ada")
    ada, cy = await here.log_in(here.ada), await there.log_in(there.cy)
    await ada.request("conv.join", {"conv_id": room})
    await cy.request("conv.join", {"conv_id": room})
    assert ["cy"] == (await ada.next("conv.members_joined"))["data"]["client_ids"]
    for town in towns:
        assert ["ada", "cy"] == sorted((await town.backend.get(f"/im/conversations/{room}/members")).data)
    await say(cy, room, "hello")
    assert "hello" == (await ada.next("msg.new"))["data"]["text"]
    await cy.ws.close()
    assert ["cy"] == (await ada.next("conv.members_left"))["data"]["client_ids"]
    for town in towns:
        assert ["ada"] == (await town.backend.get(f"/im/conversations/{room}/members")).data


async def test_the_same_device_is_connected_once(towns: list[Town]) -> None:
    """Logging in on another server ends the connection on the first."""
    here, there = towns
    before = await here.log_in(here.ada)
    other = await here.log_in(here.ada, "laptop")
    await there.log_in(there.ada)
    await before.closed()
    await other.request("ping")


async def test_of_two_logins_at_once_one_stays(towns: list[Town]) -> None:
    """The same device, on two servers, in the same moment: exactly one is left."""
    here, there = towns
    for _ in range(5):
        both = await asyncio.gather(here.log_in(here.ada), there.log_in(there.ada))
        ends = {asyncio.ensure_future(socket.closed()): socket for socket in both}
        [gone], [left] = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        assert 4409 == gone.result()
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        await ends[left].request("ping")


async def test_devices_are_counted_on_all_servers_together(towns: list[Town]) -> None:
    """Of one more than the app allows the oldest gives way, wherever it is."""
    here, there = towns
    await here.application.actions.change_app("hall", settings=AppSettings(devices_per_client=3))
    for town in towns:
        await town.application.directory.follow()
    oldest = await here.log_in(here.ada, "d1")
    others = [await town.log_in(town.ada, f"d{number}") for number, town in enumerate((there, here, there), 2)]
    assert 4409 == await oldest.closed()
    for socket in others:
        await socket.request("ping")


async def test_a_tag_is_held_by_one_device(towns: list[Town]) -> None:
    """A client under a tag gives way to its newer device on another server."""
    here, there = towns
    await here.application.actions.register_app("lobby", policy=Policy.OPEN)
    first = await Hall(here).log_in("ada", tag="mobile", deviceId="first")
    await Hall(there).log_in("ada", tag="mobile", deviceId="second")
    assert 4111 == (await first.pushed(pb.session, pb.closed)).sessionMessage.code


async def test_who_was_lost_in_a_room_is_in_it_again_elsewhere(towns: list[Town]) -> None:
    """LeanCloud's clients come back to whatever server, by themselves."""
    here, there = towns
    await here.application.actions.register_app("lobby", policy=Policy.OPEN)
    tom, jerry = await Hall(here).log_in("tom"), await Hall(there).log_in("jerry")
    room = await tom.start(transient=True)
    await jerry.conv(pb.add, cid=room, m=["jerry"])
    jerry.line.cut()
    await comes_true(lambda: not there.application.hub.clients(AppId("lobby")), "Jerry is gone")
    back = await (await Hall(here).log_in("jerry", r=True, st=jerry.token)).settled()
    assert {"tom", "jerry"} == set((await tom.conv(pb.members, cid=room)).convMessage.m)
    said = await tom.say(room)
    assert said.uid == (await back.heard()).id


async def test_who_enters_a_room_hears_all_that_is_said_then(towns: list[Town]) -> None:
    """On whatever server it is said, from the moment that one is in."""
    here, there = towns
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    for number in range(5):
        room = await here.open(Kind.ROOM, "cy")
        await ben.request("conv.join", {"conv_id": room})
        await ada.request("conv.join", {"conv_id": room})
        assert ["ada"] == (await ben.next("conv.members_joined"))["data"]["client_ids"]
        await say(ben, room, str(number))
        assert str(number) == (await ada.next("msg.new"))["data"]["text"]


async def test_who_is_in_a_room_is_known_everywhere_at_once(towns: list[Town]) -> None:
    """Whatever brought them in or took them out, other servers know of it when it is answered."""
    here, there = towns
    ada = await here.log_in(here.ada)
    await there.log_in(there.cy)

    async def inside(room: str) -> set[str]:
        return set((await there.backend.get(f"/im/conversations/{room}/members")).data)

    for _ in range(5):
        room = await here.open(Kind.ROOM, "ada")
        assert {"ada"} == await inside(room)
        await ada.request("conv.leave", {"conv_id": room})
        assert set() == await inside(room)
        await ada.request("conv.join", {"conv_id": room})
        assert {"ada"} == await inside(room)
        members = f"/im/conversations/{room}/members"
        assert (await here.backend.post(members, {"client_ids": ["cy"]})).data
        assert {"ada", "cy"} == await inside(room)
        assert (await here.backend.delete(members, {"client_ids": ["cy", "ada"]})).data
        assert set() == await inside(room)


async def test_who_is_banned_is_out_everywhere(towns: list[Town]) -> None:
    """Its connections end, and no server lets it in until it is forgiven."""
    here, there = towns
    ben = await there.log_in(there.ben)
    assert 200 == (await here.backend.post("/im/users/ben/ban")).status
    await ben.closed()
    said = {"from_client": "ben", "type": -1, "text": "hello"}
    assert 213 == (await there.backend.post(f"/im/conversations/{here.group}/message", said)).code
    assert 200 == (await here.backend.post("/im/users/ben/unban")).status
    async with asyncio.timeout(PATIENCE):
        while (await there.backend.post(f"/im/conversations/{here.group}/message", said)).code:
            continue
    await there.log_in(there.ben)


async def test_who_is_kicked_is_off_all_servers(towns: list[Town]) -> None:
    """The app throws a client out wherever it is."""
    here, there = towns
    ada = await there.log_in(there.ada)
    await here.application.actions.kick(Caller(here.hall), ClientId("ada"), "enough")
    await ada.closed()


async def test_members_are_one_list(towns: list[Town]) -> None:
    """Who was taken out on one server is refused by the other, and hears nothing more; who was added speaks there."""
    here, there = towns
    ada, ben, cy = await here.log_in(here.ada), await there.log_in(there.ben), await there.log_in(there.cy)
    await say(ada, here.group, "1")
    await say(ben, here.group, "2")
    assert (await here.backend.delete(f"/im/conversations/{here.group}/members", {"client_ids": ["ben"]})).data
    await ben.next("conv.left")
    assert "error" == (await say(ben, here.group, "3"))["type"]
    await say(ada, here.group, "3")
    assert (await here.backend.post(f"/im/conversations/{here.group}/members", {"client_ids": ["cy"]})).data
    await cy.next("conv.joined")
    await say(cy, here.group, "4")
    assert ["2", "4"] == [(await ada.next("msg.new"))["data"]["text"] for _ in range(2)]
    assert await ben.nothing("conv.left")
    assert ["1"] == [frame["data"]["text"] for frame in ben.unread if frame["type"] == "msg.new"]


async def test_an_app_is_changed_for_all_servers(towns: list[Town]) -> None:
    """What was changed on one server holds on the other within a second or two."""
    here, there = towns
    await here.application.actions.change_app("hall", policy=Policy.OPEN)
    find = there.application.directory.at_hand
    await comes_true(lambda: (app := find("hall")) is not None and Policy.OPEN == app.policy, "the change is known")


async def test_nothing_is_lost_between_login_and_sync(towns: list[Town]) -> None:
    """Whatever is said while somebody comes is either in what it finds or is told to it."""
    here, there = towns
    ada = await here.log_in(here.ada)
    for round_ in range(10):
        speaking = asyncio.ensure_future(say(ada, here.group, str(round_)))
        ben = await there.log_in(there.ben, f"device-{round_}")
        rows = (await ben.request("sync"))["data"]["conversations"]
        await speaking
        last = next(row["last_seq"] for row in rows if row["conv_id"] == here.group)
        if last < round_ + 1:
            # What it found already may come again, as to anybody who has come within the skew of clocks.
            told = last
            while told <= last:
                told = (await ben.next("msg.new"))["data"]["seq"]
            assert round_ + 1 == told
        await ben.ws.close()


async def test_who_was_taken_out_is_out_everywhere_at_once(towns: list[Town]) -> None:
    """What is said on another server right after that is not for them, and they are refused there."""
    here, there = towns
    cy, ada = await there.log_in(there.cy), await there.log_in(there.ada)
    for _ in range(5):
        for word in ("post", "delete"):
            changed = await here.backend.call(
                word.upper(), f"/im/conversations/{here.group}/members", {"client_ids": ["cy"]}
            )
            assert changed.data
            await say(ada, here.group, word)
            answer = await say(cy, here.group, word)
            assert ("error" == answer["type"]) == (word == "delete")
    assert await cy.nothing("conv.kicked")
    assert ["post"] * 5 == [frame["data"]["text"] for frame in cy.unread if frame["type"] == "msg.new"]


async def test_a_server_that_cannot_listen_leaves_at_once(towns: list[Town], monkeypatch: pytest.MonkeyPatch) -> None:
    """It has met the others by then; they need not wait until it has been silent for long."""
    monkeypatch.setattr(neighbours, "DEAD_AFTER", SO_LONG)
    taken = replace(towns[0].application.config, port=int(towns[0].base.rpartition(":")[2]))
    async with opened(taken) as application:
        bus = application.bus
        assert isinstance(bus, NatsBus)
        usual = bus.open

        async def met(start: neighbours.Start) -> None:
            await usual(start)
            # However long NATS takes for it.
            await comes_true(lambda: [2, 2, 2] == [each.others for each in (bus, *map(bus_of, towns))], "they have met")

        monkeypatch.setattr(bus, "open", met)
        with pytest.raises(OSError, match="in use"):
            await Server(application).start()
        await comes_true(lambda: [1, 1] == [bus_of(town).others for town in towns], "it is gone")
