"""Who may not speak in a conversation, or not come in."""

from typing import Any

from core.world import World, refusal
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.restriction import Listed, Restraint
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    return (await world.actions.start_conversation(caller, starting)).roster.conversation


async def test_they_are_listed(world: World) -> None:
    """By client id, in pages; each restraint has its list."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.silence(world.ada, made.conv_id, clients(["c", "a", "b"]))
    await world.actions.block(world.ada, made.conv_id, clients(["d"]))
    first = await world.actions.restricted(world.ben, made.conv_id, Restraint.SILENCED, None, 2)
    assert Listed(clients(["a", "b"]), ClientId("b")) == first
    rest = await world.actions.restricted(world.ben, made.conv_id, Restraint.SILENCED, first.following, 2)
    assert Listed(clients(["c"])) == rest
    assert Listed(clients(["d"])) == await world.actions.restricted(world.backend, made.conv_id, Restraint.BLOCKED)
    assert Listed(()) == await world.actions.restricted(world.ben, made.conv_id, Restraint.SILENCED, None, 0)


async def test_what_ends_by_itself_is_not_listed(world: World) -> None:
    """But it is said of who is asked about."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.silence(world.backend, made.conv_id, clients(["cy"]), world.clock.now() + 1)
    assert Listed(()) == await world.actions.restricted(world.ben, made.conv_id, Restraint.SILENCED)
    asked = clients(["ben", "cy", "cy"])
    found = await world.actions.restricted_among(world.ben, made.conv_id, Restraint.SILENCED, asked)
    assert clients(["cy"]) == found
    assert () == await world.actions.restricted_among(world.ben, made.conv_id, Restraint.BLOCKED, asked)


async def test_who_is_blocked_may_ask_about_itself(world: World) -> None:
    """About nobody else, being out."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.block(world.ada, made.conv_id, clients(["cy"]))
    asked = (world.cy, made.conv_id, Restraint.BLOCKED)
    assert clients(["cy"]) == await world.actions.restricted_among(*asked, clients(["cy"]))
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.restricted_among(*asked, clients(["cy", "ben"])))
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.restricted(*asked))


async def test_in_a_room_as_well(world: World) -> None:
    """Who is in it may ask."""
    world.phone(world.ada)
    room = await _start(world, "ada", kind=Kind.ROOM)
    await world.actions.block(world.backend, room.conv_id, clients(["cy"]))
    assert Listed(clients(["cy"])) == await world.actions.restricted(world.ada, room.conv_id, Restraint.BLOCKED)


async def test_the_conversations_that_block_somebody_are_listed(world: World) -> None:
    """To the backend, in pages."""
    made = sorted([(await _start(world, "ada", "ben", "cy")).conv_id for _ in range(3)])
    for conv_id in made:
        await world.actions.block(world.ada, conv_id, clients(["cy"]))
    await world.actions.unblock(world.ada, made[2], clients(["cy"]))
    cy = ClientId("cy")
    assert made[:2] == await world.actions.blocking_conversations(world.backend, cy)
    assert made[1:2] == await world.actions.blocking_conversations(world.backend, cy, made[0], 1)
    assert [] == await world.actions.blocking_conversations(world.backend, cy, None, 0)
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.blocking_conversations(world.cy, cy))


async def test_an_unknown_conversation_is_refused(world: World) -> None:
    """As is one of another app."""
    dora = clients(["dora"])
    asked = (world.dora, world.group, Restraint.BLOCKED)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.restricted(*asked))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.restricted_among(*asked, dora))
