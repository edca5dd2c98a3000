"""A message, followed from the store to each of its readers."""

import pytest

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.inquiry import Device
from parlance.core.model.member import Arrival
from parlance.core.model.trace import Fate, fate_of
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, message_hex
from realtime.parts import message

BEN = ClientId("ben")
SAID = message("ada", "hi", 5)
"""At time 0, as the fifth."""


def arrival(joined: int = 0, read: int = 0, delivered: int = 0, left_at: int | None = None) -> Arrival:
    """How Ben stands to what was said."""
    return Arrival(BEN, joined, 0, left_at, read, None, delivered, None)


def device(since: int, until: int | None = None, *, unsent: int = 0, written: bool = False) -> Device:
    """One of Ben's."""
    return Device(BEN, "phone", "platform", since, until, unsent, written)


def fate(
    at: Arrival | None, *devices: Device, heard: bool = True, remembered: bool = True, banned: bool = False
) -> Fate:
    """How far it came with Ben."""
    return fate_of(SAID, at, devices, heard=heard, remembered=remembered, banned=banned)


@pytest.mark.parametrize(
    ("expected", "at", "devices"),
    [
        (Fate.READ, arrival(read=5), ()),
        (Fate.ACKNOWLEDGED, arrival(read=4, delivered=5), ()),
        (Fate.LATER, arrival(joined=5, read=5), ()),
        (Fate.LEFT, arrival(left_at=9), (device(-5, 9, written=True),)),
        (Fate.WRITTEN, arrival(), (device(-5, written=True),)),
        (Fate.WRITTEN, arrival(), (device(-5, written=True, unsent=9), device(-4, written=True))),
        (Fate.SLOW, arrival(), (device(-5, written=True, unsent=9),)),
        (Fate.CUT, arrival(), (device(-5, 1, written=True),)),
        (Fate.RETURNED, arrival(), (device(-5, 1, written=True), device(2))),
        (Fate.RETURNED, arrival(), (device(2),)),
        (Fate.AWAY, arrival(), ()),
        (Fate.AWAY, None, (device(-5, -1),)),
    ],
)
def test_the_furthest_that_is_known(expected: Fate, at: Arrival | None, devices: tuple[Device, ...]) -> None:
    """What the store knows counts more than what servers remember."""
    assert expected == fate(at, *devices)


def test_what_no_server_heard_of() -> None:
    """Is a different matter when all of them would remember."""
    assert Fate.UNTOLD == fate(arrival(), device(-5), heard=False)
    assert Fate.FORGOTTEN == fate(arrival(), device(-5), heard=False, remembered=False)
    assert Fate.FORGOTTEN == fate(arrival(), heard=False, remembered=False)
    assert Fate.BANNED == fate(arrival(), banned=True)
    assert Fate.READ == fate(arrival(read=5), banned=True)


async def traced(world: World, msg_id: str) -> dict[str, str]:
    """Each reader's fate."""
    found = await world.actions.trace_message(msg_id)
    return {reader.client_id: reader.fate.value for reader in found.readers}


async def test_a_message_and_its_readers(world: World) -> None:
    """The sender first; whoever came later is named as such, whoever left before is not."""
    world.phone(world.ben, "phone")
    said = await world.say("one", "ben")
    await world.actions.invite(world.backend, world.group, (ClientId("cy"),))
    assert {"ben": "sender", "ada": "away", "cy": "later"} == await traced(world, said.msg_id)
    world.clock.advance(1)
    await world.actions.remove_members(world.backend, world.group, (ClientId("ada"),))
    assert "left" == (await traced(world, said.msg_id))["ada"]
    world.clock.advance(1)
    assert {"ben": "sender", "cy": "away"} == await traced(world, (await world.say("two", "ben")).msg_id)
    found = await world.actions.trace_message(said.msg_id)
    assert (world.hall.app_id, world.group, "ben") == (
        found.app_id,
        found.conversation.conv_id,
        found.readers[0].client_id,
    )


async def test_who_is_in_a_room(world: World) -> None:
    """Those that are there now, for of others nothing is kept."""
    room = await world.open(Kind.ROOM, "ada")
    for caller in (world.ada, world.ben):
        world.phone(caller, "phone")
        await world.actions.enter_room(caller, room.conv_id)
    said = await world.say("hello", "ada", room.conv_id)
    assert {"ada": "sender", "ben": "written"} == await traced(world, said.msg_id)


async def test_no_such_message(world: World) -> None:
    """It never was, or its conversation is gone."""
    said = await world.say("one")
    await world.actions.delete_conversation(world.backend, world.group)
    for name in (said.msg_id, message_hex(1), "nothing"):
        assert FaultCode.UNKNOWN_MESSAGE == await refusal(world.actions.trace_message(name))
