"""`presence`: who is online, and who comes and goes (wire: platform#presence)."""

from typing import Any

import pytest

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused


async def watch(socket: Socket, *clients: Any) -> dict[str, bool]:
    """Ask for clients; who of them is online."""
    answer = await socket.request("presence", {"client_ids": list(clients)})
    assert ("presence", "success") == (answer["type"], answer["msg"])
    online: dict[str, bool] = answer["data"]["clients"]
    return online


async def test_the_answer_says_who_is_online(town: Town) -> None:
    """Those one asks for, oneself included; nobody knows a stranger to be online."""
    ada = await town.log_in(town.ada)
    await town.log_in(town.ben)
    assert {"ben": True, "cy": False, "ada": True, "7": False} == await watch(ada, "ben", "cy", "ada", 7)


async def test_changes_are_told(town: Town) -> None:
    """The first connection and the last one's end are told, as news: without `msg` and `ref`."""
    ada = await town.log_in(town.ada)
    await watch(ada, "ben")
    phone = await town.log_in(town.ben)
    assert {"type": "presence", "data": {"clients": {"ben": True}}} == await ada.next("presence")
    await phone.ws.close()
    assert {"type": "presence", "data": {"clients": {"ben": False}}} == await ada.next("presence")


async def test_a_second_device_changes_nothing(town: Town) -> None:
    """Only the first to come and the last to go make a difference."""
    ada = await town.log_in(town.ada)
    phone = await town.log_in(town.ben)
    await watch(ada, "ben")
    laptop = await town.log_in(town.ben, "laptop")
    await phone.send("logout")
    await phone.closed()
    assert await quiet(ada)
    await laptop.send("logout")
    assert {"ben": False} == (await ada.next("presence"))["data"]["clients"]


async def test_the_list_is_replaced(town: Town) -> None:
    """Each request replaces the whole list that is watched; an empty one ends it."""
    ada = await town.log_in(town.ada)
    await watch(ada, "ben", "cy")
    await watch(ada, "cy")
    await town.log_in(town.ben)
    assert await quiet(ada)
    assert {} == await watch(ada)
    await town.log_in(town.cy)
    assert await quiet(ada)


async def test_every_watcher_is_told(town: Town) -> None:
    """Several devices and clients may watch one client, each with a list of its own."""
    phone, laptop, cy = (
        await town.log_in(town.ada),
        await town.log_in(town.ada, "laptop"),
        await town.log_in(town.cy),
    )
    await watch(phone, "ben")
    await watch(cy, "ben", "ada")
    await town.log_in(town.ben)
    for socket in (phone, cy):
        assert {"ben": True} == (await socket.next("presence"))["data"]["clients"]
    assert await quiet(laptop)


async def test_a_watch_ends_with_its_connection(town: Town) -> None:
    """After coming back one has to ask again."""
    ada = await town.log_in(town.ada)
    await watch(ada, "ben")
    await ada.ws.close()
    ada = await town.log_in(town.ada)
    await town.log_in(town.ben)
    assert await quiet(ada)


async def test_other_apps_are_not_seen(town: Town) -> None:
    """A client of the same id in another app is somebody else."""
    ada = await town.log_in(town.ada)
    assert {"dora": False} == await watch(ada, "dora")
    await town.log_in(town.dora)
    assert await quiet(ada)


async def test_a_hundred_may_be_watched(town: Town) -> None:
    """A hundred different clients, and no more; what was watched before stays watched."""
    ada = await town.log_in(town.ada)
    clients = [f"c{number}" for number in range(99)]
    assert 100 == len(await watch(ada, "ben", *clients, "ben"))
    answer = await ada.request("presence", {"client_ids": ["ben", "cy", *clients]})
    assert refused(4406) == refusal(answer)
    await town.log_in(town.ben)
    assert {"ben": True} == (await ada.next("presence"))["data"]["clients"]


@pytest.mark.parametrize("wrong", [None, "ben", {"ben": True}, ["a b"], [""], [["ben"]], [None], [1.5], [True]])
async def test_what_names_nobody_is_refused(town: Town, wrong: object) -> None:
    """A list of client ids is wanted."""
    ada = await town.log_in(town.ada)
    assert refused(4406) == refusal(await ada.request("presence", {"client_ids": wrong}))


async def test_the_list_is_required(town: Town) -> None:
    """Whom?"""
    ada = await town.log_in(town.ada)
    assert refused(4001) == refusal(await ada.request("presence"))
