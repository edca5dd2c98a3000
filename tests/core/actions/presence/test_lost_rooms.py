"""Who was lost in a chat room is brought in again."""

import pytest

from parlance.buses.local import LocalBus
from parlance.core.actions.presence import lost_rooms
from parlance.core.actions.presence.lost_rooms import ANY_DEVICE, LONGEST, LostRooms
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.events import RoomLost
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import AppId, ClientId, ConvId

HALL, ROOM, OTHER = AppId("hall"), ConvId("room"), ConvId("other")
APP = App(HALL, "Hall", "", "", "", Policy.OPEN, AppSettings(), 0, 0)
ADA, BEN = Caller(APP, ClientId("ada")), Caller(APP, ClientId("ben"))


class Servers:
    """Two of them, and one clock; each hears what the other says."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        bus = LocalBus()
        self.here, self.there = LostRooms(bus, self.clock), LostRooms(bus, self.clock)
        bus.listen(self.here.heard)
        bus.listen(self.there.heard)


@pytest.fixture
def servers() -> Servers:
    """Where nobody was lost."""
    return Servers()


def test_it_is_known_on_every_server(servers: Servers) -> None:
    """And asked for once, wherever that is; others, and other devices, were in no room."""
    servers.here.remember(ADA, "phone", ROOM)
    assert [None, None] == [servers.there.found(BEN, "phone"), servers.there.found(ADA, "tablet")]
    assert [ROOM, None, None] == [each.found(ADA, "phone") for each in (servers.there, servers.there, servers.here)]


def test_who_stays_away_for_long_has_left(servers: Servers) -> None:
    """Half an hour, and no longer."""
    servers.here.remember(ADA, "phone", ROOM)
    servers.here.remember(BEN, "phone", ROOM)
    servers.clock.advance(LONGEST)
    assert ROOM == servers.there.found(ADA, "phone")
    servers.clock.advance(1)
    assert None is servers.there.found(BEN, "phone")


def test_a_server_that_died_names_no_device(servers: Servers) -> None:
    """Then it is any; what a device was in by itself goes before."""
    lost = RoomLost(HALL, ClientId("ada"), ANY_DEVICE, ROOM)
    servers.here.heard([lost])
    assert ROOM == servers.here.found(ADA, "phone")
    servers.here.heard([lost])
    servers.here.remember(ADA, "phone", OTHER)
    assert [OTHER, None] == [servers.here.found(ADA, "phone"), servers.here.found(ADA, "phone")]


def test_not_everybody_is_remembered(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than there is room for those who were lost last; a backend is never lost."""
    monkeypatch.setattr(lost_rooms, "MOST", 1)
    servers.here.remember(Caller(APP), "phone", ROOM)
    servers.here.remember(ADA, "phone", ROOM)
    servers.here.remember(BEN, "phone", ROOM)
    assert [None, None, ROOM] == [servers.here.found(who, "phone") for who in (Caller(APP), ADA, BEN)]
