"""Knowing who is banned."""

from core.world import World, refused
from parlance.core.actions.people.bans import Bans
from parlance.core.model.events import BanChanged
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId

HALL, BEN = AppId("hall"), ClientId("ben")


async def test_they_are_read_once(world: World) -> None:
    """What the store has at the start is known from then on."""
    await world.actions.ban(world.backend, BEN)
    bans = Bans(world.store)
    bans.check(HALL, BEN)
    await bans.load()
    assert FaultCode.BANNED is refused(lambda: bans.check(HALL, ClientId("ada"), BEN))


async def test_they_follow_what_is_decided(world: World) -> None:
    """One is banned when it is heard, and let in when that is heard; neither has to come only once."""
    bans = Bans(world.store)
    for _ in range(2):
        bans.heard([BanChanged(HALL, BEN, banned=True)])
    assert FaultCode.BANNED is refused(lambda: bans.check(HALL, BEN))
    bans.check(AppId("annex"), BEN)
    bans.check(HALL, ClientId("ada"))
    for _ in range(2):
        bans.heard([BanChanged(HALL, BEN, banned=False)])
    bans.check(HALL, BEN)
