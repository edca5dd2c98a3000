"""Three clients on five devices talk, lose their connections, come back, and agree on everything."""

import asyncio
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed
from typing import Any

import pytest

from cast import PATIENCE, Town
from gateway.watch import watched
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits
from plays.device import Device, LostError

STEPS = 60
"""What each device does before it is home for good."""
LONGEST_ABSENCE = 0.03
UNLIMITED = Limits(sends_per_second=0, burst=0)

Known = dict[str, list[tuple[int, str, str | None, int | None]]]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_they_agree(tmp_path: Path, seed: int) -> None:
    """However often and wherever lines break: nothing is lost or doubled, and everybody knows the same."""
    async with watched(tmp_path / "data", UNLIMITED) as town:
        places = [
            town.group,
            await town.open(Kind.DIRECT, "ada", "ben"),
            await town.open(Kind.TEMPORARY, "cy", "ada", "ben"),
        ]
        await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
        devices = [
            Device(town, person, name)
            for person, name in (
                (town.ada, "phone"),
                (town.ada, "laptop"),
                (town.ben, "phone"),
                (town.ben, "tablet"),
                (town.cy, "phone"),
            )
        ]
        chance = Random(seed)  # noqa: S311 - nothing secret
        await asyncio.gather(
            *(life(device, places, Random(chance.random())) for device in devices),  # noqa: S311 - nothing secret
            comings_and_goings(town, Random(chance.random())),  # noqa: S311 - nothing secret
        )
        await everybody_home(devices)
        await agree(town, devices, places)
        for device in devices:
            await device.lose()


async def life(device: Device, places: list[str], chance: Random) -> None:
    """One device's day: talk, read, take back, and lose the connection now and then."""
    await device.arrive()
    for step in range(STEPS):
        try:
            await one_step(device, places, chance, f"{device.person.client_id} {device.name} {step}")
        except LostError:
            await asyncio.sleep(chance.random() * LONGEST_ABSENCE)
            await device.arrive()


async def one_step(device: Device, places: list[str], chance: Random, text: str) -> None:
    """Whatever comes to its mind."""
    inside = [conv_id for conv_id in places if conv_id in device.books]
    if not inside:
        return
    conv_id = chance.choice(inside)
    what = chance.random()
    if what < 0.6:
        for number in range(chance.randint(1, 3)):
            await device.send(conv_id, f"{text} {number}", to_own_devices=chance.random() < 0.5)
    elif what < 0.75:
        await device.read(conv_id)
    elif what < 0.87:
        await change_something(device, conv_id, chance, text)
    elif what < 0.91:
        await device.settled()
    elif what < 0.94:
        device.drop_from_afar()
    else:
        await device.lose()
        raise LostError
    if chance.random() < 0.5:
        await asyncio.sleep(0)


async def change_something(device: Device, conv_id: str, chance: Random, text: str) -> None:
    """Take back, or rewrite, something that one has said."""
    mine = [
        row
        for row in device.books[conv_id].rows.values()
        if row["from_client"] == device.person.client_id and "msg_status" not in row
    ]
    if mine and chance.random() < 0.5:
        await device.change("msg.recall", chance.choice(mine))
    elif mine:
        await device.change("msg.edit", chance.choice(mine), text=f"{text}, rewritten")


async def comings_and_goings(town: Town, chance: Random) -> None:
    """Cy is taken out of the group and brought in again, some times."""
    path = f"/im/conversations/{town.group}/members"
    for _ in range(3):
        await asyncio.sleep(chance.random() * LONGEST_ABSENCE)
        await town.backend.delete(path, {"client_ids": ["cy"]})
        await asyncio.sleep(chance.random() * LONGEST_ABSENCE)
        await town.backend.post(path, {"client_ids": ["cy"]})


async def everybody_home(devices: list[Device]) -> None:
    """All come back, send what was never acknowledged, and then look once more at what there is."""
    for device in devices:
        await device.lose()
    for device in devices:
        await device.arrive()
        await device.settled()
    async with asyncio.timeout(PATIENCE):
        while any(device.unacknowledged for device in devices):
            await asyncio.gather(*(device.settled() for device in devices))
    async with asyncio.timeout(PATIENCE):
        while any(device.unheard for device in devices):
            await all_again(devices)
        await all_again(devices)


async def all_again(devices: list[Device]) -> None:
    """All look at what there is, on new connections."""
    for device in devices:
        await device.lose()
        await device.arrive()


async def agree(town: Town, devices: list[Device], places: list[str]) -> None:
    """Every device knows what the server knows."""
    truth = {conv_id: await said(town, conv_id) for conv_id in places}
    for rows in truth.values():
        assert list(range(1, len(rows) + 1)) == [seq for seq, *_ in rows], "no gap"
        assert len(rows) == len({msg_id for _, msg_id, *_ in rows}), "nothing twice"
    texts = [text for rows in truth.values() for _, _, text, _ in rows if text and "rewritten" not in text]
    assert len(texts) == len(set(texts)), "nothing said twice"
    for device in devices:
        mine = {conv_id: rows for conv_id, rows in truth.items() if is_in(device, conv_id, places)}
        assert mine == known(device)
        for conv_id, book in device.books.items():
            assert len(truth[conv_id]) == book.last_seq
            assert book.unread == book.last_seq - book.read_seq, (device.person.client_id, device.name)
    for one, other in ((devices[0], devices[1]), (devices[2], devices[3])):
        assert {c: b.read_seq for c, b in one.books.items()} == {c: b.read_seq for c, b in other.books.items()}
    stored = {msg_id for rows in truth.values() for _, msg_id, *_ in rows}
    acknowledged = [msg_id for device in devices for msg_id in device.acknowledged.values()]
    assert len(acknowledged) == len(set(acknowledged)), "each ref its own message"
    assert stored == set(acknowledged), "what was acknowledged is there, and nothing else"


def is_in(device: Device, conv_id: str, places: list[str]) -> bool:
    """Whether a device's client is in a conversation: all but Cy are in all."""
    return device.person.client_id != "cy" or conv_id != places[1]


def known(device: Device) -> Known:
    """What a device knows, in order."""
    return {conv_id: [essence(row) for _, row in sorted(book.rows.items())] for conv_id, book in device.books.items()}


async def said(town: Town, conv_id: str) -> list[tuple[int, str, str | None, int | None]]:
    """What the server has stored, in order, asked for on a socket of its own."""
    socket = await town.log_in(town.ada, "auditor")
    rows: list[dict[str, Any]] = []
    more = True
    while more:
        page = await socket.request("msg.list", {"conv_id": conv_id, "after_seq": len(rows), "limit": 100})
        rows += page["data"]["messages"]
        more = page["data"]["more"]
    await socket.ws.close()
    return [essence(row) for row in rows]


def essence(row: dict[str, Any]) -> tuple[int, str, str | None, int | None]:
    """What two devices compare of a message."""
    return row["seq"], row["msg_id"], row["text"] or None, row.get("msg_status")
