"""`kill -9` under load, again and again: what was acknowledged is there, once, in its place."""

import asyncio
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed

import pytest

from durability.sender import Sender, talk_together
from durability.server_process import STARTS_WITHIN, peopled, serving, stored, told
from parlance.app import operations
from parlance.app.config import Config

ROUNDS = 5
CLIENTS = ["ann", "bob", "cat", "dan"]
PLACES = 3
SHORTEST, LONGEST = 0.05, 0.5
"""Seconds of load before the kill."""


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_acknowledged_survives(tmp_path: Path, seed: int) -> None:
    """After each kill every acknowledged message is found as it was promised; at the end everything, once."""
    chance = Random(seed)  # noqa: S311 - nothing secret
    places = await peopled(tmp_path, CLIENTS, PLACES)
    senders = [Sender(client, places) for client in CLIENTS]
    for _ in range(ROUNDS):
        async with serving(tmp_path) as server:
            load = asyncio.ensure_future(talk_together(senders, server.base))
            before = acknowledged(senders)
            async with asyncio.timeout(STARTS_WITHIN):
                while acknowledged(senders) == before:
                    assert not load.done()
                    await asyncio.sleep(0.001)
            await asyncio.sleep(SHORTEST + chance.random() * (LONGEST - SHORTEST))
            await server.kill()
            await load
            assert_clean(server.log)
        await kept(tmp_path, places, senders)
    async with serving(tmp_path) as server:
        await talk_together(senders, server.base, most=1)
        await server.kill()
    await kept(tmp_path, places, senders)
    assert not any(sender.waiting for sender in senders)
    said = [message.ref for rows in (await stored(tmp_path, places)).values() for message in rows]
    assert len(said) == len(set(said))
    assert set(said) == {ref for sender in senders for ref in sender.receipts}
    assert (0, "everything agrees\n") == await told("verify", data=tmp_path)


def acknowledged(senders: list[Sender]) -> int:
    """How many messages have been acknowledged so far."""
    return sum(len(sender.receipts) for sender in senders)


def assert_clean(log: list[dict[str, object]]) -> None:
    """Nothing went wrong before the kill."""
    assert [] == [line for line in log if line.get("level") in {"error", "critical", None}]


async def kept(data: Path, places: list[str], senders: list[Sender]) -> None:
    """Every promise is kept, and the database agrees with itself."""
    found = await stored(data, places)
    for rows in found.values():
        assert list(range(1, len(rows) + 1)) == [message.seq for message in rows]
    assert [] == await operations.verify(Config(data_dir=data))
    for sender in senders:
        for ref, receipt in sender.receipts.items():
            rows = found[receipt.conv_id]
            assert receipt.seq <= len(rows), f"{ref} is lost"
            message = rows[receipt.seq - 1]
            assert (receipt.msg_id, ref, ref) == (message.msg_id, message.ref, message.text)
        assert [] == sender.refused
