"""A client logs in on several servers at the same moment: everybody agrees on who stays."""

from typing import TYPE_CHECKING

import pytest

from parlance.core.model.events import Event, LoggedIn, LoginsHere, TagTaken
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.logins import FRESH, Logins
from realtime.parts import Exchange, Phone, app

if TYPE_CHECKING:
    from collections.abc import Callable

HALL, ADA = AppId("hall"), ClientId("ada")


class Desk:
    """A server's hub and logins; what it says to others lies in `said`."""

    def __init__(self, name: str = "one") -> None:
        self.exchange = Exchange()
        self.said: list[Event] = []
        self.clock = StoppedClock()
        self.elsewhere = True
        self._due: list[Callable[[], None]] = []
        self.logins = Logins(
            self.exchange.hub, lambda *_: self.elsewhere, self.said.extend, self._due.append, name, self.clock
        )

    def hear(self, *events: Event) -> None:
        """Something is announced, and the turn of the loop ends."""
        self.exchange.hub.heard(events)
        self.logins.heard(events)
        while self._due:
            self._due.pop(0)()

    def log_in(self, device: str, at: int, tag: str | None = None, tag_at: int = 0) -> Phone:
        """Ada comes in."""
        phone = self.exchange.unconnected("ada", device, app(devices=3))
        phone.tag, phone.tag_at = tag, tag_at
        phone.connect()
        self.hear(LoggedIn(HALL, ADA, device, phone.number, at))
        return phone


def talk(one: Desk, two: Desk) -> None:
    """Each hears what the other says, until nobody says anything."""
    while one.said or two.said:
        from_one, from_two = list(one.said), list(two.said)
        one.said.clear()
        two.said.clear()
        one.hear(*from_two)
        two.hear(*from_one)


@pytest.fixture
def desk() -> Desk:
    """One server."""
    return Desk()


@pytest.mark.parametrize("later", ["one", "two"])
def test_of_two_at_once_the_later_stays(later: str) -> None:
    """Whichever server it is on, and in whichever order the words come; exactly one is left."""
    one, two = Desk("one"), Desk("two")
    here = one.log_in("phone", 5 if later == "two" else 7)
    there = two.log_in("phone", 6)
    one.hear(LoggedIn(HALL, ADA, "phone", 1_000 + there.number, 6))
    two.hear(LoggedIn(HALL, ADA, "phone", 1_000 + here.number, 5 if later == "two" else 7))
    assert ([], ["replaced"]) == ((there.ends, here.ends) if later == "two" else (here.ends, there.ends))


def test_an_earlier_login_is_told_of_the_later_one(desk: Desk) -> None:
    """Its server may not have heard: clocks differ, or it was cut off."""
    phone = desk.log_in("phone", 7)
    desk.said.clear()
    desk.hear(LoggedIn(HALL, ADA, "phone", 99, 6))
    assert LoggedIn(HALL, ADA, "phone", phone.number, 7) in desk.said
    assert [] == phone.ends


def test_all_is_said_again(desk: Desk) -> None:
    """To servers that could not hear it; of who is nowhere else there is nothing to say."""
    phone = desk.log_in("phone", 7)
    desk.said.clear()
    desk.logins.say_again()
    assert [LoggedIn(HALL, ADA, "phone", phone.number, 7)] == desk.said
    desk.said.clear()
    desk.elsewhere = False
    desk.logins.say_again()
    assert [] == desk.said


def test_a_tag_that_was_taken_on_the_way_in_is_lost(desk: Desk) -> None:
    """The one who took it last has it; who took it back since keeps it."""
    desk.hear(TagTaken(HALL, ADA, "mobile", "phone", 99, 5))
    late, again, same = (
        desk.log_in("tablet", 1, "mobile", 4),
        desk.log_in("laptop", 2, "mobile", 6),
        desk.log_in("phone", 3, "mobile", 5),
    )
    assert (["displaced"], [], []) == (late.ends, again.ends, same.ends)


def test_an_older_word_about_a_tag_changes_nothing(desk: Desk) -> None:
    """It comes by another way, or twice."""
    holder = desk.log_in("phone", 1, "mobile", 5)
    desk.hear(TagTaken(HALL, ADA, "mobile", "phone", holder.number, 5), TagTaken(HALL, ADA, "mobile", "tablet", 99, 4))
    assert [] == holder.ends
    assert ["displaced"] == desk.log_in("tablet", 2, "mobile", 4).ends


def test_devices_are_counted_over_all_servers() -> None:
    """Of four where three are allowed the oldest gives way, on whichever server it is."""
    one, two = Desk("one"), Desk("two")
    phones = [one.log_in("d1", 1), two.log_in("d2", 2), one.log_in("d3", 3)]
    talk(one, two)
    assert [[], [], []] == [phone.ends for phone in phones]
    phones.append(two.log_in("d4", 4))
    talk(one, two)
    assert [["replaced"], [], [], []] == [phone.ends for phone in phones]


def test_who_has_gone_elsewhere_does_not_count(desk: Desk) -> None:
    """What another server said a while ago need not be true."""
    first = desk.log_in("d1", 1)
    desk.hear(LoginsHere(HALL, ADA, "two", (2, 3)))
    desk.clock.advance(int(FRESH * 1_000))
    desk.hear(LoginsHere(HALL, ADA, "three", (4, 5)))
    assert [] == first.ends
    desk.hear(LoginsHere(HALL, ADA, "three", (4, 5, 6)))
    assert ["replaced"] == first.ends


def test_where_nobody_else_has_the_client_nothing_is_said(desk: Desk) -> None:
    """A login costs no word more than before."""
    desk.elsewhere = False
    desk.log_in("phone", 7)
    assert [] == desk.said
