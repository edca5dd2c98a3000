"""Banning."""

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

BEN = ClientId("ben")


async def test_the_banned_are_thrown_out(world: World) -> None:
    """All of its connections end, and the user says that it is banned."""
    phones = [world.phone(world.ben, "phone"), world.phone(world.ben, "tablet"), world.phone(world.ada)]
    assert (await world.actions.ban(world.backend, BEN)).banned
    assert [["banned"], ["banned"], []] == [phone.ends for phone in phones]
    assert (await world.actions.find_user(world.backend, BEN)).banned


async def test_twice_is_the_same(world: World) -> None:
    """Who is banned already stays banned, and one letting in lets in."""
    for _ in range(2):
        assert (await world.actions.ban(world.backend, BEN)).banned
    assert not (await world.actions.unban(world.backend, BEN)).banned
    assert 1 == (await world.say("back again", sender="ben")).seq


async def test_a_ban_holds_in_its_app(world: World) -> None:
    """Somebody of the same name in another app is not concerned."""
    await world.actions.issue_token(Caller(world.annex), BEN)
    namesake = world.phone(Caller(world.annex, BEN))
    await world.actions.ban(world.backend, BEN)
    assert [] == namesake.ends


async def test_it_survives_a_restart(world: World) -> None:
    """Bans are read from the store before anything is served."""
    await world.actions.ban(world.backend, BEN)
    assert {("hall", "ben")} == await world.store.read.users.banned()


async def test_clients_ban_nobody(world: World) -> None:
    """Not others and not themselves, nor do they let anybody in."""
    for caller in (world.ada, world.ben):
        for action in (world.actions.ban, world.actions.unban):
            assert FaultCode.NOT_PERMITTED is await refusal(action(caller, BEN))
    assert not (await world.actions.find_user(world.backend, BEN)).banned


async def test_somebody_it_must_be(world: World) -> None:
    """Nobody of that name, or only in another app: unknown."""
    for caller, name in ((world.backend, "nobody"), (world.backend, "dora"), (Caller(world.annex), "ben")):
        assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.ban(caller, ClientId(name)))
