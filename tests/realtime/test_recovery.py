"""What was missed is looked for in the store."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from core.world import World, peopled
from parlance.core.actions.people.bans import Bans
from parlance.core.model.events import MessageSent
from parlance.kernel.clock import SECOND
from parlance.kernel.ids import ClientId
from parlance.realtime.logins import Logins
from parlance.realtime.recovery import SHORTEST_REST, SLACK, Late, Recovery


class Server:
    """Another server of a world, with the same clients, which has heard nothing of what is said in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[tuple[str | None, tuple[ClientId, ...]]] = []
        self.recovered = 0
        self.meanwhile: list[Callable[[], None]] = []
        """What happens while the next looks are taken."""
        hub, clock = world.application.hub, world.clock
        logins = Logins(hub, lambda *_: False, lambda _: None, lambda step: step(), "one", clock)
        rosters, bans = world.application.rosters, Bans(world.store)
        self.recovery = Recovery(world.store, hub, rosters, bans, self._late, self._recovered, logins, clock)

    async def look(self, since: int) -> list[str | None]:
        """Look for what was missed; what was found this time."""
        self.found.clear()
        self.recovery.lost(since)
        await self.recovery()
        return [text for text, _ in self.found]

    async def _late(self, events: Late) -> None:
        self.found += [(each.message.text, tuple(each.audience)) for each in events if isinstance(each, MessageSent)]
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def _recovered(self) -> None:
        self.recovered += 1


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """One with Ben on it."""
    async with peopled(tmp_path) as world:
        world.phone(world.ben)
        yield Server(world)


async def test_what_was_said_is_told_to_who_is_here(server: Server) -> None:
    """In its order; what is older than that, and what messages may take to be stored, is known."""
    world = server.world
    await world.say("old")
    world.clock.advance(SLACK + SECOND)
    since = world.clock.now()
    for text in ("1", "2"):
        await world.say(text)
    assert ["1", "2"] == await server.look(since)
    assert {(ClientId("ben"),)} == {audience for _, audience in server.found}
    assert 1 == server.recovered


async def test_looking_does_not_keep_a_server_busy(server: Server) -> None:
    """Servers that are too busy to answer each other give each other much to look for: it is not done all the time."""
    world, since = server.world, server.world.clock.now()
    await world.say("1")
    assert ["1"] == await server.look(since)
    await world.say("2")
    assert ([], 1) == (await server.look(since), server.recovered)
    world.clock.advance(int(SHORTEST_REST * SECOND))
    await server.recovery()
    assert ["1", "2"] == [text for text, _ in server.found]


async def test_what_is_lost_during_a_look_is_looked_for_at_once(server: Server) -> None:
    """Once: the doubts about several servers end one after the other, but looking all the time helps nobody."""
    world, since = server.world, server.world.clock.now()
    await world.say("1")
    server.meanwhile = [lambda: server.recovery.lost(since)] * 2
    looks = [await server.look(since)]
    for _ in range(2):
        server.found.clear()
        await server.recovery()
        looks.append([text for text, _ in server.found])
    assert ([["1"], ["1"], []], 0) == (looks, server.recovered)
    world.clock.advance(int(SHORTEST_REST * SECOND))
    await server.recovery()
    assert 1 == server.recovered


async def test_who_was_banned_or_thrown_out_elsewhere_goes(server: Server) -> None:
    """Who has logged in again since stays."""
    world, since = server.world, server.world.clock.now()
    [cy, dan] = await world.know("cy", "dan")
    phones = [world.phone(world.client(client)) for client in (cy, dan)]
    world.clock.advance(SECOND)
    async with world.store.begin() as tx:
        await tx.users.set_kicked(world.hall.app_id, cy, world.clock.now())
        await tx.users.set_banned(world.hall.app_id, dan, banned=True)
    world.clock.advance(SECOND)
    phones.append(world.phone(world.client("cy"), "tablet"))
    await server.look(since)
    assert [["kicked: "], ["banned"], []] == [phone.ends for phone in phones]
