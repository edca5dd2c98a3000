"""What apps were told, or would have been: fetched, listed, told anew."""

import asyncio

import msgspec
import pytest

from core.actions.hooks.app_server import PATIENCE, AppServer, hooked
from core.actions.hooks.test_deliver import HALL, heard, listening, rows, say, states
from core.world import World, refusal
from parlance.core.actions.hooks.events import Fetched
from parlance.core.model.caller import Caller
from parlance.core.model.delivery import Cursor, DeliveryState, read_cursor
from parlance.kernel.clock import HOUR, MINUTE
from parlance.kernel.faults import FaultCode


async def fetched(world: World, count: int, cursor: str = "", most: int = 100) -> Fetched:
    """Some events, once there are so many: several servers have to agree first on how far nothing is still to come."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await world.actions.fetch_events(Caller(world.hall), cursor, most)
            if len(found.events) >= count:
                return found
            world.clock.advance(1)
            await asyncio.sleep(0.02)


async def test_fetching_page_by_page(world: World) -> None:
    """In order, nothing twice and nothing left out; the last cursor goes on when there is more."""
    await listening(world, "", keep_events=True)
    backend = Caller(world.hall)
    nothing = await world.actions.fetch_events(backend)
    assert ([], "", False) == (nothing.events, str(nothing.cursor), nothing.more)
    await say(world, "one", "two", "three")
    seen, cursor = [], ""
    for count in (2, 1, 0):
        page = await fetched(world, count, cursor, 2)
        seen += [msgspec.json.decode(each.body)["seq"] for each in page.events]
        cursor = str(page.cursor)
        assert page.more == (count == 2)
    assert [1, 2, 3] == seen
    await say(world, "four")
    assert 1 == len((await fetched(world, 1, cursor)).events)
    assert {DeliveryState.KEPT} == set(await states(world))


async def test_the_number_fetched_is_bounded(world: World) -> None:
    """What is asked for is brought between one and a thousand."""
    await listening(world, "", keep_events=True)
    await say(world, "one", "two")
    await fetched(world, 2)
    assert [1, 2] == [len((await fetched(world, 1, "", most)).events) for most in (-5, 10**9)]


@pytest.mark.parametrize(
    "cursor", ["x", "-", "1-", "-1", "1-g", "1-2-3", "١-1", "f" * 17 + "-1", " 1-1", "8" + "0" * 15 + "-1"]
)
async def test_cursors_that_are_none(world: World, cursor: str) -> None:
    """Only what was given out is taken."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.fetch_events(world.backend, cursor))


def test_a_cursor_as_text() -> None:
    """Comes back as it went."""
    for cursor in (Cursor(), Cursor(0, 0), Cursor((1 << 63) - 1, (1 << 63) - 1)):
        assert cursor == read_cursor(str(cursor))


async def test_who_may_fetch(world: World) -> None:
    """The backend with its key; no client, nobody who shows nothing, and nobody sees another app's."""
    client = await hooked(world, "", keep_events=True)
    await say(world, "one")
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.fetch_events(client("ada")))
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.fetch_events(Caller(world.hall, keyed=False)))
    assert [] == (await world.actions.fetch_events(Caller(world.annex))).events


async def test_listing(world: World, server: AppServer) -> None:
    """The newest first, of one app, in some states."""
    await listening(world, server.url)
    await say(world, "one")
    await world.actions.deliver(HALL)
    await say(world, "two")
    waiting, delivered = await world.actions.list_deliveries(HALL)
    assert (DeliveryState.WAITING, DeliveryState.DELIVERED) == (waiting.state, delivered.state)
    assert [delivered] == await world.actions.list_deliveries(HALL, {DeliveryState.DELIVERED})
    assert [waiting] == await world.actions.list_deliveries(HALL, most=1)
    assert [] == await world.actions.list_deliveries(world.annex.app_id)


async def test_telling_it_again(world: World, server: AppServer) -> None:
    """All of it, or what happened in a span; under the same ids."""
    await listening(world, server.url)
    start = world.clock.now()
    await say(world, "one")
    world.clock.advance(HOUR)
    await say(world, "two")
    await world.actions.deliver(HALL)
    assert 1 == await world.actions.replay(HALL, start, start + MINUTE)
    await world.actions.deliver(HALL)
    assert [1, 2, 1] == heard(server)
    assert 2 == len({each.headers["X-Parlance-Id"] for each in server.asked})
    assert 2 == await world.actions.replay(HALL)
    assert 0 == await world.actions.replay(HALL)
    assert 0 == await world.actions.replay(HALL, start + MINUTE, start)
    assert [0, 0] == [each.attempts for each in await rows(world)]
    await world.actions.deliver(HALL)
    assert [1, 2, 1, 1, 2] == heard(server)


async def test_telling_again_what_is_dead(world: World, server: AppServer) -> None:
    """And what was only kept, once there is an address."""
    await listening(world, "", keep_events=True)
    await say(world, "one")
    await listening(world, server.url)
    await say(world, "two")
    async with world.store.begin() as tx:
        await tx.deliveries.bury_all(HALL, "for a try")
    assert 1 == await world.actions.replay(HALL, states={DeliveryState.DEAD})
    await world.actions.deliver(HALL)
    assert [2] == heard(server)
    assert 2 == await world.actions.replay(HALL)
    await world.actions.deliver(HALL)
    assert [2, 1, 2] == heard(server)
