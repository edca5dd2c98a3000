"""Who is more than a plain member, and who makes somebody so."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import StandingsChanged
from parlance.core.model.member import PLAIN, Role, Standing
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    conversation = (await world.actions.start_conversation(caller, starting)).roster.conversation
    world.told.events.clear()
    return conversation


async def _set(world: World, caller: Caller, made: Conversation, client: str, role: Role) -> Standing | None:
    roster = await world.actions.set_role(caller, made.conv_id, ClientId(client), role, origin=7)
    return roster.standing(ClientId(client))


async def test_the_owner_makes_an_admin(world: World) -> None:
    """It is one from then on, and everybody is told who made it so."""
    made = await _start(world, "ada", "ben", "cy")
    assert Standing(Role.ADMIN) == await _set(world, world.ada, made, "ben", Role.ADMIN)
    (told,) = world.told.of(StandingsChanged)
    assert ({"ben": Standing(Role.ADMIN)}, "ada", 7) == (told.standings, told.by, told.origin)
    assert ("ada", "ben", "cy") == told.audience
    assert {"ada": Role.OWNER, "ben": Role.ADMIN} == await world.actions.roles(world.cy, made.conv_id)
    assert Standing(Role.ADMIN) == (await world.store.read.members.of(made.id))[ClientId("ben")]


async def test_an_admin_is_plain_again(world: World) -> None:
    """Made so by the owner or the backend; what was so before is not told."""
    made = await _start(world, "ada", "ben", "cy")
    await _set(world, world.backend, made, "ben", Role.ADMIN)
    for caller in (world.backend, world.ada):
        assert PLAIN == await _set(world, caller, made, "ben", Role.MEMBER)
    assert 2 == len(world.told.of(StandingsChanged))
    assert {"ada": Role.OWNER} == await world.actions.roles(world.ada, made.conv_id)


async def test_an_admin_makes_admins_of_plain_members(world: World) -> None:
    """And does nothing to its like."""
    made = await _start(world, "ada", "ben", "cy")
    await _set(world, world.ada, made, "ben", Role.ADMIN)
    assert Standing(Role.ADMIN) == await _set(world, world.ben, made, "cy", Role.ADMIN)
    assert FaultCode.NOT_PERMITTED is await refusal(_set(world, world.ben, made, "cy", Role.MEMBER))


async def test_two_who_talk_have_roles_too(world: World) -> None:
    """A direct conversation is not different in this."""
    made = await _start(world, "ada", "cy", unique=True)
    assert Standing(Role.ADMIN) == await _set(world, world.ada, made, "cy", Role.ADMIN)


async def test_a_plain_member_makes_nobody_more(world: World) -> None:
    """Neither itself nor others; nor does a stranger, or the one who was taken out."""
    made = await _start(world, "ada", "ben", "cy")
    for caller in (world.ben, world.client("eve")):
        for client in ("ben", "cy"):
            assert FaultCode.NOT_PERMITTED is await refusal(_set(world, caller, made, client, Role.ADMIN))


async def test_the_owner_stays_the_owner(world: World) -> None:
    """Nobody changes its role, and nobody else is made one."""
    made = await _start(world, "ada", "ben", "cy")
    for caller in (world.ada, world.backend):
        assert FaultCode.NOT_PERMITTED is await refusal(_set(world, caller, made, "ada", Role.MEMBER))
        assert FaultCode.UNKNOWN_ROLE is await refusal(_set(world, caller, made, "ben", Role.OWNER))


async def test_only_members_have_roles(world: World) -> None:
    """Somebody who is not in has none; and others do not even hear what roles there are."""
    made = await _start(world, "ada", "ben", "cy")
    assert FaultCode.UNKNOWN_CLIENT is await refusal(_set(world, world.ada, made, "eve", Role.ADMIN))
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.roles(world.client("eve"), made.conv_id))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.roles(world.dora, made.conv_id))


@pytest.mark.parametrize("kind", [Kind.TEMPORARY, Kind.ROOM, Kind.SERVICE])
async def test_some_kinds_have_no_roles(world: World, kind: Kind) -> None:
    """Where nobody stays, or knows of anybody."""
    made = await _start(world, "", "ada", "ben", kind=kind)
    assert FaultCode.WRONG_KIND is await refusal(_set(world, world.backend, made, "ben", Role.ADMIN))
