"""Bringing people in."""

import asyncio

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MembersJoined
from parlance.core.model.member import OWNER
from parlance.core.model.opening import Opening
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients

CY = clients(["cy"])


async def test_a_member_brings_somebody_in(world: World) -> None:
    """Any member of a group may; everybody hears of it, who came first of all."""
    cy, ada = world.phone(world.cy), world.phone(world.ada)
    world.told.events.clear()
    await world.actions.invite(world.ben, world.group, CY)
    assert ["ada", "ben", "cy"] == await world.members()
    (told,) = world.told.of(MembersJoined)
    assert ("ben", ("ada", "ben", "cy"), ["cy"]) == (told.by, told.audience, list(told.standings))
    assert (["brought in cy"], ["joined cy"]) == (cy.heard(), ada.heard())


async def test_who_came_may_speak_at_once(world: World) -> None:
    """What is at hand has heard of it before the invitation is answered."""
    await world.say("before")
    await world.actions.invite(world.ada, world.group, CY)
    assert 2 == (await world.say("hello", sender="cy")).seq


async def test_the_backend_brings_somebody_in(world: World) -> None:
    """The server key may without being a member."""
    await world.actions.invite(world.backend, world.group, CY)
    assert ["ada", "ben", "cy"] == await world.members()


async def test_who_is_in_already_is_no_error(world: World) -> None:
    """Only who was not in is announced, and nobody if everybody was."""
    await world.actions.invite(world.ada, world.group, clients(["ben", "cy"]))
    (told,) = world.told.of(MembersJoined)
    assert ["cy"] == list(told.standings)
    await world.actions.invite(world.ada, world.group, clients(["ben", "cy"]))
    assert [] == world.told.of(MembersJoined)


async def test_a_role_survives_an_invitation(world: World) -> None:
    """Inviting the owner does not make it a plain member."""
    await world.actions.invite(world.ben, world.group, clients(["ada"]))
    await world.actions.remove_members(world.ada, world.group, clients(["ben"]))
    assert ["ada"] == await world.members()


async def test_a_temporary_conversation_takes_people_too(world: World) -> None:
    """Its members may invite, as in a group."""
    brief = await world.open(Kind.TEMPORARY, "ada", "ben")
    await world.actions.invite(world.ben, brief.conv_id, CY)
    assert ["ada", "ben", "cy"] == await world.members(brief.conv_id)


async def test_a_room_takes_only_who_is_online(world: World) -> None:
    """The backend brings in who is connected and passes over the rest; again changes nothing."""
    world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada")
    world.told.events.clear()
    for _ in range(2):
        await world.actions.invite(world.backend, room.conv_id, clients(["ben", "cy"]))
    assert ["ben"] == await world.members(room.conv_id)
    assert 1 == len(world.told.of(MembersJoined))


async def test_it_is_full_at_its_capacity(world: World) -> None:
    """One too many and nobody comes in; who is in already does not count."""
    people = await world.know(*(f"p{number}" for number in range(49)))
    opening = Opening(Kind.TEMPORARY, ClientId("ada"), people[:47])
    brief = await world.actions.open_conversation(world.ada, opening)
    too_many = world.actions.invite(world.ada, brief.conv_id, people[47:] + CY)
    assert FaultCode.FULL is await refusal(too_many)
    assert 48 == len(await world.members(brief.conv_id))
    await world.actions.invite(world.ada, brief.conv_id, people)
    assert 50 == len(await world.members(brief.conv_id))
    assert FaultCode.FULL is await refusal(world.actions.invite(world.ada, brief.conv_id, CY))
    await world.actions.invite(world.ada, brief.conv_id, people)


async def test_two_at_once_do_not_pass_its_capacity(world: World) -> None:
    """Who is let in is counted where nobody else can write."""
    people = await world.know(*(f"p{number}" for number in range(49)))
    brief = await world.actions.open_conversation(world.ada, Opening(Kind.TEMPORARY, ClientId("ada"), people[:48]))
    invitations = [
        world.actions.invite(world.ada, brief.conv_id, (client,)) for client in (people[48], *clients(["ben", "cy"]))
    ]
    answers = await asyncio.gather(*invitations, return_exceptions=True)
    assert 2 == sum(isinstance(answer, Fault) for answer in answers)
    assert 50 == len(await world.members(brief.conv_id))


async def test_a_direct_conversation_takes_nobody(world: World) -> None:
    """The two of it are fixed, for the backend as well."""
    direct = await world.open(Kind.DIRECT, "ada", "ben")
    for caller in (world.ada, world.backend):
        assert FaultCode.WRONG_KIND is await refusal(world.actions.invite(caller, direct.conv_id, CY))


async def test_who_made_the_room_owns_it_when_brought_in(world: World) -> None:
    """As when it comes by itself."""
    room = await world.open(Kind.ROOM, "ada")
    world.phone(world.ada)
    after = await world.actions.invite(world.backend, room.conv_id, clients(["ada"]))
    assert {"ada": OWNER} == after.members


async def test_a_client_brings_nobody_into_a_room(world: World) -> None:
    """People come into a room by themselves, or by the backend."""
    world.phone(world.ada)
    room = await world.open(Kind.ROOM, "ada")
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.invite(world.ada, room.conv_id, CY))


async def test_a_stranger_may_not(world: World) -> None:
    """Who is not in brings nobody in, itself neither."""
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.invite(world.cy, world.group, CY))
    assert ["ada", "ben"] == await world.members()


async def test_another_app_does_not_know_it(world: World) -> None:
    """For another app, and its backend, there is no such conversation."""
    for caller in (world.dora, Caller(world.annex)):
        asked = world.actions.invite(caller, world.group, clients(["dora"]))
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
    nothing = world.actions.invite(world.ada, ConvId("nothing"), CY)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nothing)


async def test_the_unknown_and_the_banned_stay_out(world: World) -> None:
    """One whom nobody knows, or who is banned, and nobody comes in."""
    unknown = world.actions.invite(world.ada, world.group, clients(["cy", "dora"]))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(unknown)
    await world.actions.ban(world.backend, ClientId("cy"))
    assert FaultCode.BANNED is await refusal(world.actions.invite(world.ada, world.group, CY))
    assert ["ada", "ben"] == await world.members()


async def test_strangers_become_known_where_that_is_wanted(world: World) -> None:
    """In the moment in which they come in; who is not let in stays a stranger."""
    after = await world.actions.invite(world.ada, world.group, clients(["eve", "cy"]), create_missing=True)
    assert ["ada", "ben", "cy", "eve"] == sorted(after.members) == sorted(await world.members())
    assert "eve" == (await world.actions.find_user(world.ada, ClientId("eve"))).client_id
    refused = world.actions.invite(world.client("finn"), world.group, clients(["gus"]), create_missing=True)
    assert FaultCode.NOT_A_MEMBER is await refusal(refused)
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user(world.ada, ClientId("gus")))


async def test_where_only_those_in_charge_bring_people_in(world: World) -> None:
    """The backend and the owner may, a plain member may not."""
    refused = world.actions.invite(world.ben, world.group, CY, managers_only=True)
    assert FaultCode.NOT_PERMITTED is await refusal(refused)
    assert ["ada", "ben"] == await world.members()
    await world.actions.invite(world.ada, world.group, CY, managers_only=True)
    await world.actions.invite(world.backend, world.group, clients(["eve"]), create_missing=True, managers_only=True)
    assert ["ada", "ben", "cy", "eve"] == await world.members()


async def test_who_is_called_into_a_room_from_nowhere(world: World) -> None:
    """Becomes known, but is not online and so stays outside."""
    room = await world.open(Kind.ROOM, "ada")
    after = await world.actions.invite(world.backend, room.conv_id, clients(["eve"]), create_missing=True)
    assert {} == after.members
    assert "eve" == (await world.actions.find_user(world.ada, ClientId("eve"))).client_id
