"""Telling an app's own server what was written down for it, until it took it."""

import asyncio
import hmac
from contextlib import suppress
from typing import Any

import pytest

from core.actions.hooks.app_server import Answer, AppServer, hooked
from core.world import World
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.delivery import (
    BURIED_FOR,
    KEPT_FOR,
    LONGEST_WAIT,
    PAUSES,
    Delivery,
    DeliveryState,
    next_attempt,
)
from parlance.core.model.hook import Hook
from parlance.core.model.message import Draft
from parlance.kernel.clock import HOUR, MINUTE, SECOND
from parlance.kernel.ids import AppId, ClientId, ConvId

HALL = AppId("hall")
SENT = Hook.MESSAGE_SENT


async def listening(world: World, url: str, **more: Any) -> None:
    """The hall has an address to which messages are told."""
    await hooked(world, url, hook_names="_messageSent", **more)


async def say(world: World, *texts: str, conv_id: ConvId | None = None) -> None:
    """Messages of Ada's, one after the other."""
    for text in texts:
        await world.actions.send(Caller(world.hall), Draft(ClientId("ada"), -1, conv_id or world.group, text=text))


async def rows(world: World) -> list[Delivery]:
    """What was written down, the oldest first."""
    return (await world.actions.list_deliveries(HALL))[::-1]


async def states(world: World) -> list[DeliveryState]:
    """What has become of it."""
    return [each.state for each in await rows(world)]


def heard(server: AppServer) -> list[int]:
    """The places of the messages that the server was told, in the order in which it was."""
    return [body["seq"] for body in server.of(SENT)]


async def test_an_app_is_told(world: World, server: AppServer) -> None:
    """In order, under an id, signed over it, and by the names of both worlds."""
    await listening(world, server.url)
    await say(world, "one", "two")
    assert [HALL] == await world.actions.deliver.apps_due()
    assert not await world.actions.deliver(HALL)
    assert [1, 2] == heard(server)
    first, second = server.asked
    key, at = world.hall.settings.hook_key, world.clock.now()
    signed = f"{at}.{first.headers['X-Parlance-Id']}.".encode() + first.raw
    digest = hmac.new(key.encode(), signed, "sha256").hexdigest()
    assert f"t={at},v1={digest}" == first.headers["X-Parlance-Signature"]
    assert "message.sent" == first.headers["X-Parlance-Event"]
    assert first.headers["X-Parlance-Id"] != second.headers["X-Parlance-Id"]
    sign = hmac.new(b"key-of-hall", f"_messageSent:{at}".encode(), "sha1").hexdigest()
    assert f"{at},{sign}" == first.body["__sign"]
    assert ([DeliveryState.DELIVERED] * 2, []) == (await states(world), await world.actions.deliver.apps_due())


@pytest.mark.parametrize("answer", [500, 404, 302, 100 * 1024 * b"<html>", b" <!DOCTYPE html>", b"x" * 300_000, None])
async def test_an_app_that_does_not_take_it(world: World, server: AppServer, answer: Answer) -> None:
    """It is told again, with the same id and another signature, when its time has come."""
    server.answers[SENT] = answer
    # Nobody is patient with who says nothing at all; who answers has time, on a slow machine as well.
    await listening(world, server.url, hook_wait=MINUTE if answer is not None else SECOND)
    await say(world, "one")
    await world.actions.deliver(HALL)
    (row,) = await rows(world)
    assert (DeliveryState.WAITING, 1) == (row.state, row.attempts)
    assert world.clock.now() + PAUSES[0] <= row.due_at <= world.clock.now() + PAUSES[0] * 5 // 4
    assert row.reason
    assert [] == await world.actions.deliver.apps_due()
    world.clock.advance(PAUSES[0] * 2)
    server.answers[SENT] = b"ok"
    await listening(world, server.url, hook_wait=MINUTE)
    await world.actions.deliver(HALL)
    assert [DeliveryState.DELIVERED] == await states(world)
    assert 1 == len({each.headers["X-Parlance-Id"] for each in server.asked})
    assert 2 == len({each.headers["X-Parlance-Signature"] for each in server.asked})


async def test_an_app_that_is_not_there(world: World) -> None:
    """Counts as one that does not take it."""
    await listening(world, "http://127.0.0.1:9")
    await say(world, "one")
    await world.actions.deliver(HALL)
    assert [1] == [each.attempts for each in await rows(world)]
    assert (0, 1) == (world.application.tallies.hooks.delivered, world.application.tallies.hooks.failed)


async def test_what_comes_behind_waits(world: World, server: AppServer) -> None:
    """In the same conversation, also what comes later; others go on."""
    other = (await world.open(Kind.GROUP, "ada", "cy")).conv_id
    server.answers[SENT] = 500
    await listening(world, server.url)
    await say(world, "one", "two")
    await world.actions.deliver(HALL)
    server.answers[SENT] = {}
    server.asked.clear()
    await say(world, "three")
    await say(world, "elsewhere", conv_id=other)
    await world.actions.deliver(HALL)
    assert [other] == [body["convId"] for body in server.of(SENT)]
    world.clock.advance(2 * SECOND)
    await world.actions.deliver(HALL)
    assert [1, 1, 2, 3] == heard(server)


async def test_after_a_while_it_is_overtaken(world: World, server: AppServer) -> None:
    """What an app cannot take keeps a conversation from it for a minute or so, no longer."""
    server.answers[SENT] = 500
    await listening(world, server.url)
    await say(world, "one")
    for _ in range(4):
        await world.actions.deliver(HALL)
        world.clock.advance(MINUTE)
    await world.actions.deliver(HALL)
    server.asked.clear()
    server.answers[SENT] = {}
    await say(world, "two")
    await world.actions.deliver(HALL)
    assert [2] == heard(server)


async def test_it_dies(world: World, server: AppServer) -> None:
    """After the last attempt; what stood behind it is told then."""
    server.answers[SENT] = 500
    await listening(world, server.url)
    await say(world, "one")
    for _ in PAUSES:
        await world.actions.deliver(HALL)
        world.clock.advance(8 * HOUR if (await rows(world))[0].attempts > 8 else 2 * HOUR)
    assert [DeliveryState.WAITING] == await states(world)
    await world.actions.deliver(HALL)
    (row,) = await rows(world)
    assert (DeliveryState.DEAD, len(PAUSES) + 1, "HTTP 500") == (row.state, row.attempts, row.reason)
    assert 1 == world.application.tallies.hooks.buried
    server.answers[SENT] = {}
    await say(world, "two")
    await world.actions.deliver(HALL)
    assert [2] == heard(server)[-1:]


def test_the_pauses() -> None:
    """They grow, differ by chance, and end, sooner for what is old."""
    fresh = Delivery(1, HALL, SENT, "lane", "{}", made_at=0)
    assert (SECOND, SECOND * 5 // 4) == (next_attempt(fresh, 0, 0), next_attempt(fresh, 0, 1))
    assert sorted(PAUSES) == list(PAUSES)
    assert next_attempt(fresh, LONGEST_WAIT + 1, 0) is None


async def test_an_app_without_an_address_any_more(world: World, server: AppServer) -> None:
    """What it was to be told is dead, and can be told when it has one again."""
    await listening(world, server.url)
    await say(world, "one")
    await listening(world, "")
    assert not await world.actions.deliver(HALL)
    assert [DeliveryState.DEAD] == await states(world)


async def test_what_is_claimed_is_told_by_nobody_else(world: World, server: AppServer) -> None:
    """Until the claim ends by itself; a server alone on its store takes it over at once."""
    await listening(world, server.url)
    await say(world, "one")
    now = world.clock.now()
    async with world.store.begin() as tx:
        assert 1 == len(await tx.deliveries.claim(HALL, now, now + 30 * SECOND, 10, 4))
    await say(world, "two")
    await world.actions.deliver(HALL)
    assert [] == server.asked
    world.clock.advance(30 * SECOND)
    await world.actions.deliver(HALL)
    assert [1, 2] == heard(server)
    await say(world, "three")
    async with world.store.begin() as tx:
        await tx.deliveries.claim(HALL, world.clock.now(), now + HOUR, 10, 4)
    await world.actions.deliver.take_over()
    await world.actions.deliver(HALL)
    assert [1, 2, 3] == heard(server)


async def test_what_is_old_is_forgotten(world: World, server: AppServer) -> None:
    """What was told after a week, what is dead after a month; what waits for too long is dead."""
    await listening(world, server.url)
    await say(world, "one")
    await world.actions.deliver(HALL)
    server.answers[SENT] = 500
    await say(world, "two")
    world.clock.advance(LONGEST_WAIT + SECOND)
    assert not await world.actions.deliver.purge()
    assert [DeliveryState.DELIVERED, DeliveryState.DEAD] == await states(world)
    world.clock.advance(KEPT_FOR)
    await world.actions.deliver.purge()
    assert [DeliveryState.DEAD] == await states(world)
    world.clock.advance(BURIED_FOR)
    await world.actions.deliver.purge()
    assert [] == await states(world)


async def test_what_waits_and_what_is_dead_is_counted(world: World) -> None:
    """For the metrics: in the whole store."""
    await listening(world, "http://127.0.0.1:9")
    await say(world, "one", "two")
    await world.actions.deliver.count()
    tally = world.application.tallies.hooks
    assert (2, 0) == (tally.waiting, tally.dead)
    world.clock.advance(LONGEST_WAIT + SECOND)
    await world.actions.deliver.purge()
    await world.actions.deliver.count()
    assert (0, 2, 2) == (tally.waiting, tally.dead, tally.buried)


async def test_nothing_private_is_logged(
    world: World, server: AppServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the key, nor the address, nor what was said or answered."""
    server.answers[SENT] = b"<secret answer>"
    await listening(world, f"{server.url}?token=secret-in-address", hook_key="secret-key")
    await say(world, "secret words")
    await world.actions.deliver(HALL)
    said = capsys.readouterr()
    lines = f"{said.out}{said.err}{caplog.text}"
    assert "secret" not in lines
    assert "secret" not in "".join(each.reason for each in await rows(world))


async def test_many_lanes(world: World, server: AppServer) -> None:
    """More conversations than are told at once, each in its own order."""
    names = [f"c{number}" for number in range(40)]
    await world.know(*names)
    groups = [(await world.open(Kind.GROUP, "ada", name)).conv_id for name in names]
    await listening(world, server.url)
    for text in ("one", "two", "three"):
        for group in groups:
            await say(world, text, conv_id=group)
    while await world.actions.deliver(HALL):
        continue
    places: dict[str, list[int]] = {}
    for body in server.of(SENT):
        places.setdefault(body["convId"], []).append(body["seq"])
    assert {group: [1, 2, 3] for group in groups} == places


async def test_a_server_that_never_ends(world: World) -> None:
    """An answer that trickles in without an end is none."""
    over, ended = asyncio.Event(), asyncio.Event()

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            while not over.is_set():
                writer.write(b"1\r\nx\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        await listening(world, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", hook_wait=SECOND)
        await say(world, "one")
        await world.actions.deliver(HALL)
        over.set()
        await asyncio.wait_for(ended.wait(), 30)
    (row,) = await rows(world)
    assert (DeliveryState.WAITING, "nothing within 1000 ms") == (row.state, row.reason)
