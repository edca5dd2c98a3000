"""Taking the word from somebody, keeping somebody out, and ending both."""

from typing import Any

from msgspec.structs import replace

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import ConversationUpdated, MembersLeft, RestrictionsChanged
from parlance.core.model.member import Role
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.core.model.message import Draft
from parlance.core.model.restriction import FOREVER, FREE, Restraint, Restriction
from parlance.core.model.starting import Starting
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients

BEN, CY = clients(["ben"]), clients(["cy"])


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    conversation = (await world.actions.start_conversation(caller, starting)).roster.conversation
    world.told.events.clear()
    world.clock.advance(SECOND)
    return conversation


async def _kept(world: World, made: Conversation) -> dict[ClientId, Restriction]:
    kept = await world.store.read.restrictions.of(made.id)
    return {client: how for client, how in kept.items() if how != FREE}


async def _admin(world: World, made: Conversation, name: str) -> Caller:
    await world.actions.set_role(world.ada, made.conv_id, ClientId(name), Role.ADMIN)
    world.told.events.clear()
    return world.client(name)


async def test_somebody_is_silenced(world: World) -> None:
    """For ever, unless said otherwise; everybody who is in is told, and may ask."""
    made = await _start(world, "ada", "ben", "cy")
    change = await world.actions.silence(world.ada, made.conv_id, (*CY, *CY), origin=7)
    assert MembershipChange(made, CY, (), made.created_at) == change
    (told,) = world.told.of(RestrictionsChanged)
    assert (Restraint.SILENCED, False, "ada", 7) == (told.restraint, told.lifted, told.by, told.origin)
    assert ({"cy": Restriction(FOREVER)}, ("ada", "ben", "cy")) == (told.restrictions, told.audience)
    assert {"cy": Restriction(FOREVER)} == await _kept(world, made)
    assert CY == await world.actions.restricted_among(world.ben, made.conv_id, Restraint.SILENCED, (*BEN, *CY))


async def test_once_is_enough(world: World) -> None:
    """Who is silenced or blocked already may be, and nothing is told; so may be who is neither."""
    made = await _start(world, "ada", "ben", "cy")
    for verb in (world.actions.silence, world.actions.block):
        await verb(world.ada, made.conv_id, CY)
    world.told.events.clear()
    for verb in (world.actions.silence, world.actions.block):
        assert CY == (await verb(world.ada, made.conv_id, CY)).allowed
    for lift in (world.actions.unsilence, world.actions.unblock):
        assert BEN == (await lift(world.ada, made.conv_id, BEN)).allowed
    assert [] == world.told.events


async def test_a_silence_ends_by_itself(world: World) -> None:
    """At its time. It may be made longer or shorter, but not where it is for ever."""
    made = await _start(world, "ada", "ben", "cy")
    soon = world.clock.now() + SECOND
    for until in (soon + SECOND, soon):
        await world.actions.silence(world.backend, made.conv_id, CY, until)
    asked = (world.ada, made.conv_id, Restraint.SILENCED, CY)
    assert CY == await world.actions.restricted_among(*asked)
    world.clock.advance(SECOND)
    assert () == await world.actions.restricted_among(*asked)
    world.told.events.clear()
    await world.actions.unsilence(world.ada, made.conv_id, CY)
    assert [] == world.told.events
    await world.actions.silence(world.ada, made.conv_id, CY)
    await world.actions.silence(world.backend, made.conv_id, CY, soon + SECOND)
    assert {"cy": Restriction(FOREVER)} == await _kept(world, made)


async def test_a_silence_ends_some_time(world: World) -> None:
    """Not before it begins."""
    asked = world.actions.silence(world.ada, world.group, BEN, world.clock.now())
    assert FaultCode.BAD_FORMAT is await refusal(asked)


async def test_somebody_speaks_again(world: World) -> None:
    """Everybody is told that it may."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.silence(world.ada, made.conv_id, CY)
    world.told.events.clear()
    assert CY == (await world.actions.unsilence(world.ada, made.conv_id, CY, origin=7)).allowed
    (told,) = world.told.of(RestrictionsChanged)
    assert (True, {"cy": FREE}, 7) == (told.lifted, told.restrictions, told.origin)
    assert {} == await _kept(world, made)


async def test_who_is_blocked_goes(world: World) -> None:
    """First it is told that it is blocked, then that it is out."""
    made = await _start(world, "ada", "ben", "cy")
    change = await world.actions.block(world.ada, made.conv_id, CY, origin=7)
    assert MembershipChange(replace(made, updated_at=world.clock.now()), CY, (), world.clock.now()) == change
    blocked, left = world.told.events
    assert isinstance(blocked, RestrictionsChanged)
    assert isinstance(left, MembersLeft)
    assert ({"cy": Restriction(blocked=True)}, CY) == (blocked.restrictions, left.client_ids)
    everybody = ("ada", "ben", "cy")
    assert (everybody, everybody, "ada", 7) == (blocked.audience, left.audience, left.by, left.origin)
    assert ["ada", "ben"] == await world.stored_members(made) == await world.members(made.conv_id)
    assert FaultCode.BLOCKED is await refusal(world.say("still here", "cy", made.conv_id))


async def test_who_is_not_in_is_blocked_beforehand(world: World) -> None:
    """It does not come in then, until it is unblocked; by that alone it is not in."""
    made = await _start(world, "ada", "ben", "cy")
    eve = clients(["eve"])
    await world.actions.block(world.ada, made.conv_id, eve)
    assert [RestrictionsChanged] == [type(event) for event in world.told.events]
    refused = await world.actions.bring_in(world.client("eve"), made.conv_id, eve)
    assert (Refusal(FaultCode.BLOCKED, eve),) == refused.refused
    await world.actions.unblock(world.ada, made.conv_id, eve)
    assert ["ada", "ben", "cy"] == await world.members(made.conv_id)
    assert eve == (await world.actions.bring_in(world.client("eve"), made.conv_id, eve)).allowed


async def test_both_hold_side_by_side(world: World) -> None:
    """Ending one leaves the other."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.silence(world.ada, made.conv_id, CY)
    await world.actions.block(world.ada, made.conv_id, CY)
    assert {"cy": Restriction(FOREVER, blocked=True)} == await _kept(world, made)
    await world.actions.unsilence(world.ada, made.conv_id, CY)
    assert {"cy": Restriction(blocked=True)} == await _kept(world, made)


async def test_blocking_makes_a_group_of_two(world: World) -> None:
    """A direct conversation that somebody is kept out of is none any more."""
    made = await _start(world, "ada", "cy", unique=True)
    change = await world.actions.block(world.ada, made.conv_id, CY)
    assert Kind.GROUP is change.conversation.kind
    kinds = [RestrictionsChanged, ConversationUpdated, MembersLeft]
    assert kinds == [type(event) for event in world.told.events]


async def test_in_a_room_its_creator_restricts(world: World) -> None:
    """In it or not; who is blocked is out at once."""
    room = await _start(world, "ada", kind=Kind.ROOM)
    world.phone(world.cy)
    await world.actions.bring_in(world.cy, room.conv_id, CY)
    world.told.events.clear()
    await world.actions.silence(world.ada, room.conv_id, CY)
    assert CY == (await world.actions.block(world.ada, room.conv_id, CY)).allowed
    kinds = [RestrictionsChanged, RestrictionsChanged, MembersLeft]
    assert kinds == [type(event) for event in world.told.events]
    assert [] == await world.members(room.conv_id)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.unblock(world.cy, room.conv_id, CY))


async def test_an_admin_restricts_plain_members(world: World) -> None:
    """And nobody else, all or none."""
    made = await _start(world, "ada", "ben", "cy", "dan")
    ben = await _admin(world, made, "ben")
    await _admin(world, made, "dan")
    assert CY == (await world.actions.silence(ben, made.conv_id, CY)).allowed
    for names in (["ada"], ["dan"], ["ben"], ["cy", "dan"]):
        for verb in (world.actions.silence, world.actions.unsilence, world.actions.block, world.actions.unblock):
            assert FaultCode.NOT_PERMITTED is await refusal(verb(ben, made.conv_id, clients(names)))


async def test_a_silenced_admin_stays_silenced(world: World) -> None:
    """It does not free itself; nor does who was blocked let itself in."""
    made = await _start(world, "ada", "ben", "cy")
    ben = await _admin(world, made, "ben")
    await world.actions.silence(world.ada, made.conv_id, BEN)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.unsilence(ben, made.conv_id, BEN))
    await world.actions.block(world.ada, made.conv_id, BEN)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.unblock(ben, made.conv_id, BEN))


async def test_a_plain_member_restricts_nobody(world: World) -> None:
    """Nor does a stranger, and for another app there is no such conversation."""
    made = await _start(world, "ada", "ben", "cy")
    for caller in (world.ben, world.client("eve")):
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.silence(caller, made.conv_id, CY))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.block(world.dora, made.conv_id, CY))


async def test_the_backend_restricts_anybody(world: World) -> None:
    """The owner too, and lets it be again."""
    made = await _start(world, "ada", "ben", "cy")
    ada = clients(["ada"])
    for verb in (world.actions.silence, world.actions.unsilence, world.actions.block, world.actions.unblock):
        assert ada == (await verb(world.backend, made.conv_id, ada)).allowed
    assert {} == await _kept(world, made)


async def test_a_list_has_an_end(world: World) -> None:
    """Whoever finds no place on it is refused; who is on it is not counted twice. A room has more places."""
    made = await _start(world, "ada", "ben", "cy")
    first, last = clients(f"x{number}" for number in range(499)), clients(["x498", "y", "z"])
    await world.actions.silence(world.ada, made.conv_id, first)
    change = await world.actions.silence(world.ada, made.conv_id, last)
    assert (last[:2], (Refusal(FaultCode.FULL, last[2:]),)) == (change.allowed, change.refused)
    assert last == (await world.actions.block(world.ada, made.conv_id, last)).allowed
    room = await _start(world, "ada", kind=Kind.ROOM)
    assert (*first, *last[1:]) == (await world.actions.silence(world.ada, room.conv_id, (*first, *last[1:]))).allowed


async def test_temporary_ones_restrict_nobody(world: World) -> None:
    """Not even for the backend."""
    made = await _start(world, "", "ada", "ben", kind=Kind.TEMPORARY)
    for verb in (world.actions.silence, world.actions.block):
        assert FaultCode.WRONG_KIND is await refusal(verb(world.backend, made.conv_id, BEN))


async def test_the_backend_keeps_some_out_of_a_service_conversation(world: World) -> None:
    """Who subscribed does no more, nor again; clients keep nobody out."""
    made = await _start(world, "", "ada", "ben", kind=Kind.SERVICE)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.block(world.ada, made.conv_id, BEN))
    change = await world.actions.block(world.backend, made.conv_id, BEN)
    assert BEN == change.allowed
    assert ["ada"] == [client for client, _ in await world.actions.subscribers(world.backend, made.conv_id)]
    (refused,) = (await world.actions.bring_in(world.backend, made.conv_id, BEN)).refused
    assert FaultCode.BLOCKED is refused.code
    await world.actions.silence(world.backend, made.conv_id, clients(["ada"]))
    draft = Draft(ClientId("ada"), -1, made.conv_id, text="x")
    assert FaultCode.SILENCED is await refusal(world.actions.send(world.ada, draft))
