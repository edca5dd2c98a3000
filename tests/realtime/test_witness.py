"""What a server remembers of whom it has written to."""

import msgspec

from parlance.core.model.events import MessageSent
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub
from parlance.realtime.witness import Witness
from realtime.parts import Exchange, Phone, clients, message

HALL = AppId("hall")


class Street(Exchange):
    """An exchange with a witness."""

    def __init__(self, most: int = 100) -> None:
        super().__init__()
        self.clock = StoppedClock()
        self.witness = Witness(self.clock, most)
        self.hub = Hub(self.witness)

    def say(self, number: int) -> None:
        """A message goes by."""
        said = msgspec.structs.replace(message("ada", "hi"), id=number)
        self.witness.heard([MessageSent(said, clients(["ada", "ben"]))])

    def written(self, number: int, *phones: Phone) -> list[bool]:
        """Whether the message was written to each of these, as far as they are connected."""
        place = self.witness.place(number)
        return [each.written for phone in phones for each in self.witness.connected(ClientId("ben"), [phone], place)]

    def gone(self, number: int) -> list[tuple[str, bool]]:
        """Ben's devices that are gone, and whether that message was written to them."""
        found = self.witness.gone(HALL, clients(["ben"]), self.witness.place(number))
        return [(device.device_id, device.written) for device in found]


def test_who_is_connected_has_it() -> None:
    """And who comes later has not."""
    street = Street()
    early = street.phone("ben")
    street.say(1)
    late = street.phone("ben")
    street.say(2)
    assert [True, False] == street.written(1, early, late)
    assert [True, True] == street.written(2, early, late)
    assert [False, False] == street.written(3, early, late)


def test_who_went_had_it() -> None:
    """If it went afterwards; whoever went before is remembered only if nothing newer is known of it."""
    street = Street()
    first = street.phone("ben", "first")
    first.hang_up()
    street.say(1)
    assert [("first", False)] == street.gone(1)
    second = street.phone("ben", "second")
    street.say(2)
    second.hang_up()
    assert [("second", False)] == street.gone(1)
    assert [("second", True)] == street.gone(2)
    assert [("second", False)] == street.gone(3)


def test_when_it_was_heard() -> None:
    """To the millisecond, as long as it is remembered."""
    street = Street()
    street.say(1)
    street.clock.advance(5)
    street.say(2)
    places = [street.witness.place(number) for number in (1, 2)]
    began = street.clock.now() - 5
    assert [began, began + 5] == [street.witness.heard_at(place) for place in places if place is not None]
    assert began == street.witness.since


def test_memory_is_bounded() -> None:
    """What is too long ago is forgotten, and it is said since when nothing is."""
    street = Street(most=2)
    phone = street.phone("ben")
    for number in (1, 2, 3):
        street.say(number)
        street.clock.advance(1)
    assert street.witness.place(1) is None
    assert [True] == street.written(2, phone)
    assert street.clock.now() - 2 == street.witness.since


def test_other_apps_do_not_mix() -> None:
    """A client of the same name in another app is somebody else."""
    street = Street()
    phone = street.phone("ben", "phone")
    street.say(1)
    phone.hang_up()
    assert [] == street.witness.gone(AppId("annex"), clients(["ben"]), street.witness.place(1))
    assert [] == street.witness.gone(HALL, clients(["cy"]), street.witness.place(1))


def test_what_waited_when_it_went() -> None:
    """Tells whether it was too slow."""
    street = Street()
    phone = street.phone("ben", "phone")
    phone.line.unread_bytes = 700
    street.say(1)
    phone.hang_up()
    [gone] = street.witness.gone(HALL, clients(["ben"]), street.witness.place(1))
    assert (700, True, street.clock.now()) == (gone.unsent, gone.written, gone.gone_at)
