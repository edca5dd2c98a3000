"""Presence of one server, and of one of two: what holds of a client does not depend on where it is connected."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import NamedTuple

import pytest

from brokers import Party, party
from gateway.watch import comes_true
from parlance.buses.local import LocalBus
from parlance.buses.nats import NatsBus
from parlance.core.model.conversation import Kind
from parlance.core.model.events import Event, MembersJoined, MembersLeft, PresenceChanged
from parlance.core.model.member import OWNER, PLAIN
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub
from parlance.realtime.presence import LocalPresence
from realtime.parts import conversation

pytestmark = [pytest.mark.needs("nats-server")]

HALL = AppId("hall")
ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
ROOM = conversation(1, Kind.ROOM)


class Place(NamedTuple):
    """A server, as much of it as knows who is there."""

    presence: LocalPresence
    bus: LocalBus | NatsBus
    heard: list[Event]


@pytest.fixture(params=[1, 2])
async def places(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Place, Place]]:
    """Where somebody comes, and where one looks: the same server, or two."""
    if request.param == 1:
        place = _alone()
        yield place, place
        return
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(party(2))
        there, here = map(_of, servers)
        yield there, here


def _alone() -> Place:
    bus, presence, heard = LocalBus(), LocalPresence(Hub()), list[Event]()
    bus.listen(heard.extend)
    bus.listen(presence.heard)
    return Place(presence, bus, heard)


def _of(server: Party) -> Place:
    presence = LocalPresence(Hub(), server.bus.peers)
    server.bus.introduce(presence)
    server.bus.listen(presence.heard)
    return Place(presence, server.bus, server.heard)


def enter(place: Place, *clients: ClientId) -> None:
    """Some come into the room."""
    standings = {client: OWNER if client == ADA else PLAIN for client in clients}
    assert list(clients) == place.presence.enter(ROOM, standings)
    place.bus.publish([MembersJoined(ROOM, standings, None, 1, tuple(place.presence.occupants(ROOM.id)))])


async def test_a_room_is_one_list(places: tuple[Place, Place]) -> None:
    """Whoever comes in anywhere is in; with its standing, and only once."""
    there, here = places
    view = here.presence.occupants(ROOM.id)
    enter(there, ADA, BEN)
    await comes_true(lambda: {ADA: OWNER, BEN: PLAIN} == view, "they are in")
    assert [ROOM] == here.presence.rooms_of(HALL, ADA)
    assert [CY] == here.presence.enter(ROOM, {ADA: OWNER, CY: PLAIN})


async def test_who_leaves_is_out(places: tuple[Place, Place]) -> None:
    """Everywhere."""
    there, here = places
    enter(there, ADA, BEN)
    await comes_true(lambda: 2 == len(here.presence.occupants(ROOM.id)), "they are in")
    assert [ADA] == there.presence.leave(ROOM.id, (ADA, CY))
    there.bus.publish([MembersLeft(ROOM, (ADA,), ADA, 1, (ADA, BEN))])
    await comes_true(lambda: {BEN: PLAIN} == here.presence.occupants(ROOM.id), "one is out")
    assert [] == here.presence.rooms_of(HALL, ADA)


async def test_nobody_is_online_who_never_came(places: tuple[Place, Place]) -> None:
    """Asked for or not."""
    _, here = places
    assert ({ADA: False, BEN: False}, ()) == (here.presence.online(HALL, (ADA, BEN)), here.presence.everybody(HALL))


async def test_one_is_online_who_is_with_another_server() -> None:
    """From the moment it is expected there, until it has left; and out of its rooms then."""
    async with party(2) as servers:
        there, here = map(_of, servers)
        await there.presence.expect(HALL, ADA)
        assert {ADA: True, BEN: False} == here.presence.online(HALL, (ADA, BEN))
        assert there.presence.arrived(HALL, ADA)
        assert (ADA,) == here.presence.everybody(HALL)
        assert not here.presence.arrived(HALL, ADA)
        here.presence.departed(HALL, ADA)
        enter(there, ADA)
        await comes_true(lambda: ADA in here.presence.occupants(ROOM.id), "it is in")
        there.presence.departed(HALL, ADA)
        await comes_true(lambda: not here.presence.online(HALL, (ADA,))[ADA], "it is gone")
        await comes_true(lambda: not here.presence.occupants(ROOM.id), "it is out")
        assert [True, False] == [event.online for event in here.heard if isinstance(event, PresenceChanged)]


async def test_who_comes_later_finds_who_is_in() -> None:
    """A server that starts is told who is where, and in which rooms."""
    async with party(1) as servers:
        there = _of(servers[0])
        await there.presence.expect(HALL, ADA)
        there.presence.arrived(HALL, ADA)
        enter(there, ADA)
        late = Party(servers[0].url, "late")
        here = _of(late)
        await late.open()
        try:
            await comes_true(lambda: {ADA: OWNER} == here.presence.occupants(ROOM.id), "it is in")
            assert {ADA: True} == here.presence.online(HALL, (ADA,))
        finally:
            await late.close()
