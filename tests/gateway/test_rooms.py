"""`conv.join` and `conv.leave`: rooms, where who is in is who is there (wire: platform#rooms)."""

from typing import Any

import pytest

from cast import Socket, Town
from gateway.watch import cut, quiet, refusal, refused
from parlance.core.model.conversation import Kind


@pytest.fixture
async def room(town: Town) -> str:
    """A chat room that Ada has opened; nobody is in it."""
    return await town.open(Kind.ROOM, "ada")


async def join(socket: Socket, room: str) -> None:
    """Go in."""
    answer = await socket.request("conv.join", {"conv_id": room})
    assert ("conv.join", "success", room) == (answer["type"], answer["msg"], answer["data"]["conv_id"])


async def members(town: Town, room: str) -> list[str]:
    """Who is in, as the backend sees it."""
    return sorted((await town.backend.get(f"/im/conversations/{room}/members")).data)


def change(frame: dict[str, Any]) -> tuple[str, str | None, list[str]]:
    """Where, by whom, and who."""
    data = frame["data"]
    return data["conv_id"], data["by"], data["client_ids"]


async def test_who_is_in_hears_and_is_heard(town: Town, room: str) -> None:
    """Members are told of who comes; messages reach who is in, and nobody else."""
    ada, cy, ben = await town.log_in(town.ada), await town.log_in(town.cy), await town.log_in(town.ben)
    await join(ada, room)
    await join(cy, room)
    assert (room, "cy", ["cy"]) == change(await ada.next("conv.members_joined"))
    assert ["ada", "cy"] == await members(town, room)
    await cy.request("msg.send", {"conv_id": room, "type": -1, "text": "hello"})
    row = (await ada.next("msg.new"))["data"]
    assert ("hello", 1) == (row["text"], row["seq"])
    assert await quiet(ben)


async def test_every_device_of_who_is_in_hears(town: Town, room: str) -> None:
    """In a room is the client, with all its devices."""
    phone, laptop, cy = (
        await town.log_in(town.ada),
        await town.log_in(town.ada, "laptop"),
        await town.log_in(town.cy),
    )
    await join(phone, room)
    assert (room, "ada", ["ada"]) == change(await laptop.next("conv.joined"))
    await join(cy, room)
    await cy.request("msg.send", {"conv_id": room, "type": -1, "text": "hello"})
    for socket in (phone, laptop):
        assert "hello" == (await socket.next("msg.new"))["data"]["text"]


async def test_coming_twice_is_coming_once(town: Town, room: str) -> None:
    """Who is in is in; nobody is told again."""
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    await join(ada, room)
    await join(cy, room)
    await join(cy, room)
    await ada.next("conv.members_joined")
    assert await quiet(ada, types=("conv.members_joined",))
    assert ["ada", "cy"] == await members(town, room)


async def test_who_leaves_hears_nothing_more(town: Town, room: str) -> None:
    """Leaving is told to who stays; leaving twice is no error."""
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    await join(ada, room)
    await join(cy, room)
    for _ in range(2):
        answer = await cy.request("conv.leave", {"conv_id": room})
        assert ("conv.leave", "success", room) == (answer["type"], answer["msg"], answer["data"]["conv_id"])
    assert (room, "cy", ["cy"]) == change(await ada.next("conv.members_left"))
    await town.say("after", room)
    answer = await cy.request("msg.send", {"conv_id": room, "type": -1, "text": "still here?"})
    assert refused(4013) == refusal(answer)
    assert await quiet(ada, cy, types=("msg.new", "conv.members_left"))


async def test_the_last_connection_takes_its_client_along(town: Town, room: str) -> None:
    """A client is in a room until its last connection ends; after that it has to come again."""
    ada, phone, laptop = (
        await town.log_in(town.ada),
        await town.log_in(town.cy),
        await town.log_in(town.cy, "laptop"),
    )
    await join(ada, room)
    await join(phone, room)
    await phone.ws.close()
    assert await quiet(ada, types=("conv.members_left",))
    cut(laptop)
    assert (room, "cy", ["cy"]) == change(await ada.next("conv.members_left"))
    assert ["ada"] == await members(town, room)
    again = await town.log_in(town.cy)
    await town.say("welcome back?", room)
    assert await quiet(again)


async def test_the_creator_comes_and_goes_like_others(town: Town, room: str) -> None:
    """Who has opened a room is not in it before it comes, and may change it when it is."""
    assert [] == await members(town, room)
    assert 4013 == (await town.ada.rest.get(f"/im/conversations/{room}/members")).code
    ada = await town.log_in(town.ada)
    await join(ada, room)
    assert ["ada"] == (await town.ada.rest.get(f"/im/conversations/{room}/members")).data


async def test_who_is_there_when_it_opens_is_in(town: Town) -> None:
    """Opening a room brings in who of its people is online."""
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    room = await town.open(Kind.ROOM, "ada", "ben", "cy")
    for socket in (ada, cy):
        assert room == (await socket.next("conv.joined"))["data"]["conv_id"]
    assert ["ada", "cy"] == await members(town, room)


async def test_the_backend_brings_in_who_is_online(town: Town, room: str) -> None:
    """`POST …/members` passes over who is not there."""
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    await join(ada, room)
    await town.backend.post(f"/im/conversations/{room}/members", {"client_ids": ["cy", "ben"]})
    assert (room, None, ["cy"]) == change(await cy.next("conv.joined"))
    assert (room, None, ["cy"]) == change(await ada.next("conv.members_joined"))
    assert ["ada", "cy"] == await members(town, room)


async def test_the_backend_takes_out_who_is_in(town: Town, room: str) -> None:
    """Whoever is taken out is told, and so is who stays."""
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    await join(ada, room)
    await join(cy, room)
    await town.backend.delete(f"/im/conversations/{room}/members", {"client_ids": ["cy"]})
    assert (room, None, ["cy"]) == change(await cy.next("conv.left"))
    assert (room, None, ["cy"]) == change(await ada.next("conv.members_left"))


async def test_history_is_kept_unless_it_is_not(town: Town, room: str) -> None:
    """A room without history passes its messages on, and keeps none of them."""
    opened = await town.backend.post(
        "/im/conversations", {"client_id": "ada", "to_client_ids": [], "conv_type": 4, "keep_history": False}
    )
    fleeting = opened.data["conv_id"]
    ada = await town.log_in(town.ada)
    for place, kept in ((room, ["hello"]), (fleeting, [])):
        await join(ada, place)
        await ada.request("msg.send", {"conv_id": place, "type": -1, "text": "hello"})
        rows = (await ada.request("msg.list", {"conv_id": place}))["data"]["messages"]
        assert kept == [row["text"] for row in rows]


async def test_a_room_that_is_gone(town: Town, room: str) -> None:
    """Who was in it is told, and it is unknown."""
    ada = await town.log_in(town.ada)
    await join(ada, room)
    await town.backend.delete(f"/im/conversations/{room}")
    assert room == (await ada.next("conv.deleted"))["data"]["conv_id"]
    assert refused(4011) == refusal(await ada.request("conv.join", {"conv_id": room}))


@pytest.mark.parametrize("command", ["conv.join", "conv.leave"])
async def test_refusals(town: Town, command: str) -> None:
    """Only rooms are entered and left like this; what is nowhere, or in another app, is unknown."""
    ada, dora = await town.log_in(town.ada), await town.log_in(town.dora)
    assert refused(4405) == refusal(await ada.request(command, {"conv_id": town.group}))
    assert refused(4011) == refusal(await ada.request(command, {"conv_id": "nowhere"}))
    assert refused(4011) == refusal(await dora.request(command, {"conv_id": town.group}))
    assert refused(4001) == refusal(await ada.request(command))
