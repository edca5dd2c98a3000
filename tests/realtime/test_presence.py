"""Who is here, within a process."""

import gc

import pytest

from parlance.core.model.conversation import Kind
from parlance.core.model.events import ConversationDeleted, PresenceChanged
from parlance.core.model.member import OWNER, PLAIN
from parlance.kernel.ids import AppId
from parlance.realtime.presence import LocalPresence
from realtime.parts import Exchange, app, clients, conversation

HALL = AppId("hall")
ADA, BEN, CY = clients(["ada", "ben", "cy"])
ROOM, OTHER = conversation(1, Kind.ROOM), conversation(2, Kind.ROOM)


@pytest.fixture
def exchange() -> Exchange:
    """A hub with nobody in it."""
    return Exchange()


@pytest.fixture
def presence(exchange: Exchange) -> LocalPresence:
    """Of who is in the hub."""
    return LocalPresence(exchange.hub)


def test_online_is_who_is_connected(exchange: Exchange, presence: LocalPresence) -> None:
    """From the first connection to the last, within an app."""
    phones = [exchange.phone("ada"), exchange.phone("ada")]
    exchange.phone("ben", of=app("annex"))
    assert {ADA: True, BEN: False} == presence.online(HALL, [ADA, BEN])
    for phone in phones:
        assert {ADA: True} == presence.online(HALL, [ADA])
        phone.hang_up()
    assert {ADA: False} == presence.online(HALL, [ADA])


def test_who_comes_is_in(presence: LocalPresence) -> None:
    """With its standing, the first time; the answer names who was not in yet."""
    assert [ADA, BEN] == presence.enter(ROOM, {ADA: OWNER, BEN: PLAIN})
    assert [CY] == presence.enter(ROOM, {ADA: PLAIN, CY: PLAIN})
    assert {ADA: OWNER, BEN: PLAIN, CY: PLAIN} == presence.occupants(ROOM.id)


def test_who_goes_is_out(presence: LocalPresence) -> None:
    """The answer names who was in."""
    presence.enter(ROOM, {ADA: OWNER, BEN: PLAIN})
    assert [BEN] == presence.leave(ROOM.id, [BEN, CY])
    assert [] == presence.leave(ROOM.id, [BEN, CY])
    assert [] == presence.leave(OTHER.id, [ADA])
    assert {ADA: OWNER} == presence.occupants(ROOM.id)


def test_a_client_may_be_in_many_rooms(presence: LocalPresence) -> None:
    """And leaves each by itself."""
    for room in (ROOM, OTHER):
        presence.enter(room, {ADA: PLAIN})
    assert [ROOM, OTHER] == presence.rooms_of(HALL, ADA)
    presence.leave(ROOM.id, [ADA])
    assert [OTHER] == presence.rooms_of(HALL, ADA)
    assert ([], []) == (presence.rooms_of(HALL, BEN), presence.rooms_of(AppId("annex"), ADA))


def test_who_holds_a_view_sees_what_changes(presence: LocalPresence) -> None:
    """Taken before anybody came, it shows who comes, goes, and comes again."""
    view = presence.occupants(ROOM.id)
    presence.enter(ROOM, {ADA: PLAIN})
    assert {ADA: PLAIN} == view
    presence.leave(ROOM.id, [ADA])
    assert {} == view
    presence.enter(ROOM, {BEN: PLAIN})
    assert {BEN: PLAIN} == view
    assert view is presence.occupants(ROOM.id)


def test_rooms_that_are_gone_are_empty(presence: LocalPresence) -> None:
    """Whoever was in one is in it no more, and may go on elsewhere."""
    for room in (ROOM, OTHER):
        presence.enter(room, {ADA: PLAIN, BEN: PLAIN})
    presence.heard([PresenceChanged(HALL, ADA, online=False), ConversationDeleted(ROOM, None, 0, ())])
    assert ({}, [OTHER]) == (presence.occupants(ROOM.id), presence.rooms_of(HALL, ADA))
    presence.heard([ConversationDeleted(conversation(3, Kind.GROUP), None, 0, ())])
    assert {ADA: PLAIN, BEN: PLAIN} == presence.occupants(OTHER.id)


def test_nothing_stays_of_empty_rooms(presence: LocalPresence) -> None:
    """Rooms that were looked at, or left, take no memory: there is no end to how many can be made."""
    for number in range(100):
        room = conversation(number, Kind.ROOM)
        presence.occupants(number)
        presence.enter(room, {ADA: PLAIN})
        presence.leave(number, [ADA])
    gc.collect()
    assert ({}, {}, 0) == (presence._occupied, presence._rooms, len(presence._looked_at))
