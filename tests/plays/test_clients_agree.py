"""The package's clients talk on five devices whose lines break again and again; each tells all of it in one order."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed

import pytest

from cast import PATIENCE, Town
from gateway.watch import watched
from parlance.client import Client, Message, Pace, Start
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits
from plays.faces import Platform

SAYINGS = 25
"""What each device says."""
UNLIMITED = Limits(sends_per_second=0, burst=0)
QUICK = Pace(answer=1.0, backoff=0.005, longest_backoff=0.02)


@pytest.mark.parametrize("seed", [1, 2])
async def test_they_agree(tmp_path: Path, seed: int) -> None:
    """Nothing is lost, doubled or out of order, on any device, in any conversation."""
    async with watched(tmp_path / "data", UNLIMITED) as town, AsyncExitStack() as stack:
        places = [town.group, await town.open(Kind.DIRECT, "ada", "ben")]
        devices = [
            (town.ada, "phone"),
            (town.ada, "laptop"),
            (town.ben, "phone"),
            (town.ben, "tablet"),
            (town.ben, "tv"),
        ]
        clients = [
            Client(town.base, "hall", who.token, device_id=name, pace=QUICK, start=Start.BEGINNING)
            for who, name in devices
        ]
        for client in clients:
            await stack.enter_async_context(client)
        chance = Random(seed)  # noqa: S311 - nothing secret
        await asyncio.gather(*(talk(town, client, places, Random(chance.random())) for client in clients))  # noqa: S311
        # What a device kept from another of its client's shows by the number that is missing before the next.
        last = [await Platform(town).send(town.ada, conv_id, "the end") for conv_id in places]
        books = await asyncio.gather(*(everything(client, SAYINGS * len(devices) + len(last)) for client in clients))
        assert [books[0]] * len(devices) == books
        for conv_id in places:
            assert list(range(1, len(books[0][conv_id]) + 1)) == [message.seq for message in books[0][conv_id]]
        texts = [message.text for book in books[0].values() for message in book if message.msg_id not in last]
        assert SAYINGS * len(devices) == len(set(texts)) == len(texts)


async def talk(town: Town, client: Client, places: list[str], chance: Random) -> None:
    """Say things, several at a time, on a line that breaks now and then."""
    device = str(client._login["device_id"])
    for number in range(0, SAYINGS, 5):
        sayings = [f"{client.client_id} {device} {number + more}" for more in range(5)]
        sending = [client.send(chance.choice(places), text, to_own_devices=chance.random() < 0.5) for text in sayings]
        if chance.random() < 0.6:
            asyncio.get_running_loop().call_later(chance.random() * 0.01, break_line, town, client.client_id, device)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*sending)


def break_line(town: Town, client_id: str, device: str) -> None:
    """The server's end of a connection breaks."""
    for connection in town.application.hub.clients(town.hall.app_id).get(client_id, ()):  # type: ignore[call-overload]
        if connection.device_id == device:
            connection.outbox._transport._transport.abort()


async def everything(client: Client, count: int) -> dict[str, list[Message]]:
    """All that a client tells, by conversation, in its order."""
    book: dict[str, list[Message]] = {}
    told = client.messages(own=True)
    async with asyncio.timeout(2 * PATIENCE):
        for _ in range(count):
            message = await anext(told)
            book.setdefault(message.conv_id, []).append(message)
    return book
