"""From what has happened to who is told."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest

from parlance.core.actions.rosters import Rosters
from parlance.core.model.events import (
    AppChanged,
    ConversationDeleted,
    ConversationUpdated,
    Event,
    LoggedIn,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    RestrictionsChanged,
    StandingsChanged,
    Typing,
)
from parlance.core.model.member import PLAIN, Roster
from parlance.core.model.restriction import FREE, Restraint, Restriction
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.tallies import FanoutTally
from parlance.realtime.fanout import Fanout
from parlance.realtime.presence import LocalPresence
from realtime.parts import Exchange, Phone, Words, app, clients, conversation, message

HALL, GROUP = AppId("hall"), ConvId("c1")
ADA, BEN, CY = clients(["ada", "ben", "cy"])
ALL = (ADA, BEN, CY)


class Place(Exchange):
    """Phones, and a fan-out to them."""

    def __init__(self) -> None:
        super().__init__()
        self.tally = FanoutTally()
        no_store: Any = None
        self.rosters = Rosters(no_store, LocalPresence(self.hub), StoppedClock(), 1_000)
        self._fanout = Fanout(self.hub, self.rosters, self.tally)

    def at_hand(self, *members: ClientId) -> None:
        """Have the group's roster at hand."""
        self.rosters._keep((HALL, GROUP), Roster(conversation(), dict.fromkeys(members, PLAIN)))

    def tell(self, *events: Event) -> None:
        """Something has happened."""
        self._fanout.heard(events)


@pytest.fixture
def place() -> Place:
    """A place with nobody in it."""
    return Place()


def _sent(text: str = "hello", audience: Collection[ClientId] = ALL, origin: int | None = None, **more: bool) -> Event:
    return MessageSent(message("ada", text, **more), audience, origin)


def _heard(*phones: Phone) -> list[list[str]]:
    return [phone.heard() for phone in phones]


class Tongue(Words):
    """A wire with no words for somebody who writes."""

    def typing(self, event: Typing) -> bytes:
        """See `Wire.typing`."""
        super().typing(event)
        return b""


def test_what_a_protocol_has_no_words_for_is_not_told(place: Place) -> None:
    """Who speaks another protocol is told; nobody gets an empty frame, and it was looked for once."""
    tongue = Tongue()
    ben, cy, cy_too = place.phone("ben"), place.phone("cy", wire=tongue), place.phone("cy", wire=tongue)
    place.tell(Typing(HALL, GROUP, ADA, ALL))
    assert [["typing ada"], [], []] == _heard(ben, cy, cy_too)
    assert ([], 1) == (cy.line.writes, tongue.built)


def test_a_message_reaches_its_audience(place: Place) -> None:
    """All connections of all members; not its sender's, not strangers', not namesakes' in other apps."""
    told = [place.phone("ben", "d1"), place.phone("ben", "d2"), place.phone("cy")]
    untold = [place.phone("ada"), place.phone("eve"), place.phone("ben", of=app("annex"))]
    place.tell(_sent())
    assert [["message ada hello"]] * 3 + [[]] * 3 == _heard(*told, *untold)
    assert (1, 3) == (place.tally.events, place.tally.deliveries)


def test_the_senders_other_devices_are_told_if_asked(place: Place) -> None:
    """All but the one that sent."""
    sending, other, ben = place.phone("ada"), place.phone("ada"), place.phone("ben")
    place.tell(_sent(origin=sending.number, sync=True))
    assert [[], ["message ada hello"], ["message ada hello"]] == _heard(sending, other, ben)


def test_a_frame_is_built_once_for_each_protocol(place: Place) -> None:
    """However many get it; and not at all for nobody."""
    place.tell(_sent(audience=(ADA, ClientId("eve"))))
    assert 0 == place.wire.built
    other = Words()
    phones = [place.phone("ben", wire=wire) for wire in (place.wire, other, place.wire, other)]
    place.tell(_sent())
    assert (1, 1) == (place.wire.built, other.built)
    assert [["message ada hello"]] * 4 == _heard(*phones)


def test_every_kind_of_frame_is_built_once(place: Place) -> None:
    """Whatever has happened."""
    group = conversation()
    for name in ("ada", "ben", "cy"):
        for _ in range(2):
            place.hub.watch(place.phone(name), clients(["eve"]))
    said = message("ada", "x")
    for event, frames in (
        (MessageRecalled(HALL, said, ADA, ALL), 1),
        (MessageEdited(HALL, said, ADA, ALL), 1),
        (MessagesRead(HALL, GROUP, ADA, 1, 0, ALL), 1),
        (Typing(HALL, GROUP, ADA, ALL), 1),
        (MembersJoined(group, {CY: PLAIN}, ADA, 0, ALL), 2),
        (MembersLeft(group, (CY,), ADA, 0, ALL), 2),
        (ConversationUpdated(group, ADA, 0, ALL), 1),
        (ConversationDeleted(group, ADA, 0, ALL), 1),
        (PresenceChanged(HALL, ClientId("eve"), online=True), 1),
        (MessagesDelivered(HALL, GROUP, BEN, 1, 0, ALL, receipts=((1, ADA), (2, ADA), (3, CY))), 1),
        (StandingsChanged(group, {CY: PLAIN}, ADA, 0, ALL), 1),
        (RestrictionsChanged(group, Restraint.SILENCED, {CY: FREE}, lifted=True, by=ADA, time=0, audience=ALL), 2),
    ):
        place.wire.built = 0
        place.tell(event)
        assert frames == place.wire.built


def test_events_are_told_in_their_order(place: Place) -> None:
    """In one write."""
    ben = place.phone("ben")
    place.tell(_sent("one"), MessagesRead(HALL, GROUP, CY, 1, 0, ALL), _sent("two"))
    assert ["message ada one", "read cy 1", "message ada two"] == ben.heard()


def test_who_is_in_now_is_told(place: Place) -> None:
    """Membership as it was when a message was let in counts only where nothing newer is at hand."""
    ben, cy = place.phone("ben"), place.phone("cy")
    place.at_hand(ADA, CY)
    let_in = (ADA, BEN)
    place.tell(MessageSent(message("ada", "hello"), let_in), MessagesRead(HALL, GROUP, ADA, 1, 0, let_in))
    assert [[], ["message ada hello", "read ada 1"]] == _heard(ben, cy)


def test_who_came_and_who_was_there_hear_differently(place: Place) -> None:
    """Who is brought in is told what it is in now, the others who came."""
    ada, ben, cy = place.phone("ada"), place.phone("ben"), place.phone("cy")
    place.tell(MembersJoined(conversation(), {CY: PLAIN, BEN: PLAIN}, ADA, 0, ALL))
    assert [["joined cy ben"], ["brought in cy ben"], ["brought in cy ben"]] == _heard(ada, ben, cy)


def test_who_was_taken_out_is_told(place: Place) -> None:
    """It is the last it hears, and the others hear who went."""
    ada, ben = place.phone("ada"), place.phone("ben")
    place.tell(MembersLeft(conversation(), (BEN,), ADA, 0, (ADA, BEN)))
    assert [["left ben"], ["taken out ben"]] == _heard(ada, ben)


def test_who_is_restricted_is_told_otherwise_than_the_others(place: Place) -> None:
    """Also who is not in; who did it hears it like the others."""
    ada, ben, eve = place.phone("ada"), place.phone("ben"), place.phone("eve")
    restrictions = {ClientId("eve"): Restriction(blocked=True)}
    place.tell(
        RestrictionsChanged(
            conversation(), Restraint.BLOCKED, restrictions, lifted=False, by=ADA, time=0, audience=(ADA, BEN)
        )
    )
    assert [["restricted eve"], ["restricted eve"], ["you, restricted eve"]] == _heard(ada, ben, eve)


def test_only_senders_hear_that_something_has_arrived(place: Place) -> None:
    """Those whose messages asked for it, on all their devices but where it came from."""
    ada, ben, cy = place.phone("ada"), place.phone("ben"), place.phone("cy")
    place.tell(
        MessagesDelivered(HALL, GROUP, BEN, 2, 0, ALL, receipts=((1, ADA), (2, ADA))),
        MessagesDelivered(HALL, GROUP, BEN, 3, 0, ALL),
    )
    assert [["delivered ben 2"], [], []] == _heard(ada, ben, cy)


def test_members_hear_how_others_stand(place: Place) -> None:
    """Those whom the event names; an event that names nobody is for rosters alone."""
    ada, ben = place.phone("ada"), place.phone("ben")
    place.tell(
        StandingsChanged(conversation(), {BEN: PLAIN}),
        StandingsChanged(conversation(), {BEN: PLAIN}, ADA, 0, (ADA, BEN)),
    )
    assert [["stand otherwise ben"]] * 2 == _heard(ada, ben)


def test_changes_are_told_to_all_but_their_origin(place: Place) -> None:
    """Recalls, edits and read marks reach the other devices of who made them too."""
    here, other, ben = place.phone("ada"), place.phone("ada"), place.phone("ben")
    said = message("ada", "x", 7)
    place.tell(
        MessageRecalled(HALL, said, ADA, ALL, here.number),
        MessageEdited(HALL, said, ADA, ALL, here.number),
        MessagesRead(HALL, GROUP, ADA, 7, 0, ALL, here.number),
    )
    changes = ["recalled 7", "edited x", "read ada 7"]
    assert [[], changes, changes] == _heard(here, other, ben)


def test_who_writes_knows_it(place: Place) -> None:
    """That somebody is writing is told to the others, on no device of its own."""
    ada, tablet, ben = place.phone("ada"), place.phone("ada"), place.phone("ben")
    place.tell(Typing(HALL, GROUP, ADA, ALL, ada.number))
    assert [[], [], ["typing ada"]] == _heard(ada, tablet, ben)


def test_updates_and_ends_are_told_to_everybody(place: Place) -> None:
    """Whoever made them included."""
    ada, eve = place.phone("ada"), place.phone("eve")
    place.tell(ConversationUpdated(conversation(), ADA, 0, ALL), ConversationDeleted(conversation(), ADA, 0, ALL))
    assert [["updated None", "deleted"], []] == _heard(ada, eve)


def test_presence_is_told_to_who_watches(place: Place) -> None:
    """Within the app."""
    watching, not_watching = place.phone("ada"), place.phone("ben")
    place.hub.watch(watching, (CY,))
    place.tell(
        PresenceChanged(HALL, CY, online=True),
        PresenceChanged(AppId("annex"), CY, online=False),
        PresenceChanged(HALL, BEN, online=True),
    )
    assert [["cy online"], []] == _heard(watching, not_watching)


def test_some_events_are_nobodys_to_hear(place: Place) -> None:
    """Logins and changed apps go by."""
    ada = place.phone("ada", "d1")
    place.tell(LoggedIn(HALL, ADA, "d1", 99), AppChanged(HALL))
    assert ([], 2, 0) == (ada.heard(), place.tally.events, place.tally.deliveries)


class Counted(dict[ClientId, None]):
    """Members, and how often somebody went through all of them."""

    walks = 0

    def __iter__(self) -> Iterator[ClientId]:
        """Walk."""
        self.walks += 1
        return super().__iter__()


def test_a_large_group_costs_as_much_as_who_is_connected(place: Place) -> None:
    """Nobody walks through a thousand members to find one."""
    ben = place.phone("ben")
    many = Counted(dict.fromkeys([*clients(f"p{number}" for number in range(1_000)), BEN]))
    place.tell(_sent(audience=many))
    assert (["message ada hello"], 0) == (ben.heard(), many.walks)


def test_a_small_group_costs_as_much_as_its_members(place: Place) -> None:
    """Nobody walks through a thousand connections to find one."""
    ben = place.phone("ben")
    connected: Any = Counted()
    connected.update(place.hub._apps[HALL])
    for number in range(10):
        connected[ClientId(f"p{number}")] = []
    place.hub._apps[HALL] = connected
    place.tell(_sent(audience=(BEN,)))
    assert (["message ada hello"], 0) == (ben.heard(), connected.walks)


@pytest.mark.parametrize("make", [tuple, list, frozenset, dict.fromkeys, lambda who: dict.fromkeys(who).keys()])
@pytest.mark.parametrize("connected", [1, 10])
def test_an_audience_may_be_any_collection(
    place: Place, make: Callable[[Collection[ClientId]], Collection[ClientId]], connected: int
) -> None:
    """Larger or smaller than who is connected."""
    ben = place.phone("ben")
    for number in range(connected):
        place.phone(f"p{number}")
    place.tell(_sent(audience=make((*ALL, *clients(["eve", "bob"])))))
    assert ["message ada hello"] == ben.heard()


class Speechless(Words):
    """A wire with a bug."""

    def message(self, event: MessageSent) -> bytes:
        """Fail."""
        raise RuntimeError


def test_an_event_that_cannot_be_told_costs_no_other(place: Place) -> None:
    """What comes after it is told."""
    ben = place.phone("ben", wire=Speechless())
    place.tell(_sent(), Typing(HALL, GROUP, ADA, ALL))
    assert ["typing ada"] == ben.heard()
