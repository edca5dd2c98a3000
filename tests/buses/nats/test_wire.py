"""What one server writes, another reads: the same."""

from typing import Any, get_args

import msgspec
import pytest

from parlance.buses.nats.wire import (
    Beat,
    Came,
    Complete,
    Entry,
    Fresh,
    Parcel,
    Present,
    Word,
    addressed,
    packed,
    read_beat,
    read_parcel,
    unpacked,
    written,
)
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import (
    AppChanged,
    BanChanged,
    ConversationDeleted,
    ConversationUpdated,
    Event,
    KickedOut,
    LoggedIn,
    LoginsHere,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    ProfileChanged,
    RestrictionsChanged,
    RoomLost,
    StandingsChanged,
    TagTaken,
    Typing,
)
from parlance.core.model.member import OWNER, PLAIN
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.restriction import FOREVER, Restraint, Restriction
from parlance.kernel.ids import AppId, ClientId, ConvId

HALL, GROUP, ADA, BEN = AppId("hall"), ConvId("c1"), ClientId("ada"), ClientId("ben \u4f60.*>")
THEM = (ADA, BEN)
CONVERSATION = Conversation(
    1, HALL, GROUP, Kind.GROUP, ADA, 5, 1_000, ext='{"a":1}', name="n", group_id=7, notices=True, columns="{}"
)
MESSAGE = Message(
    1 << 62, HALL, 1, GROUP, 9, ADA, -1, "text \U0001f600", "{}", None, True, THEM, True, "ref", 8,
    MessageStatus.RECALLED, 9, "raw", False, True,
)  # fmt: skip
EVENTS: list[Event] = [
    MessageSent(MESSAGE, THEM, 5, Kind.ROOM),
    MessageRecalled(HALL, MESSAGE, ADA, THEM, 5),
    MessageEdited(HALL, MESSAGE, None, THEM),
    MessagesRead(HALL, GROUP, ADA, 9, 8, THEM, 5, ((7, ADA), (8, BEN))),
    MessagesDelivered(HALL, GROUP, ADA, 9, 8, THEM, None, ((7, ADA),)),
    Typing(HALL, GROUP, ADA, THEM, 5),
    MembersJoined(CONVERSATION, {ADA: OWNER, BEN: PLAIN}, ADA, 8, THEM, 5),
    MembersLeft(CONVERSATION, (ADA,), None, 8, THEM),
    StandingsChanged(CONVERSATION, {ADA: OWNER}, BEN, 8, THEM),
    RestrictionsChanged(
        CONVERSATION,
        Restraint.SILENCED,
        {ADA: Restriction(FOREVER), BEN: Restriction(blocked=True)},
        False,
        ADA,
        8,
        THEM,
    ),
    ConversationUpdated(CONVERSATION, ADA, 8, THEM, {"a.b": [1, None, {"c": "d"}]}, {"a": 1.5}, 5),
    ConversationDeleted(CONVERSATION, ADA, 8, THEM),
    LoggedIn(HALL, ADA, "phone", 5, 6),
    RoomLost(HALL, ADA, "phone", GROUP),
    LoginsHere(HALL, ADA, "server", (6, 7)),
    TagTaken(HALL, ADA, "mobile", "device", 5, 6),
    KickedOut(HALL, ADA, "reason"),
    PresenceChanged(HALL, ADA, online=True),
    BanChanged(HALL, ADA, banned=True),
    ProfileChanged(HALL, ADA),
    AppChanged(HALL),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_as_it_went(event: Any) -> None:
    """Every event, with those of its audience to whom it is sent."""
    audience = getattr(event, "audience", ())
    assert event == unpacked(addressed(packed(event), tuple(audience)))


def test_every_event_is_tried() -> None:
    """None is left out above."""
    assert set(get_args(Event)) == {type(event) for event in EVENTS}


def test_every_server_reads_of_its_own_clients_only() -> None:
    """An event is written once, and each server told of some of its audience."""
    entry = packed(MessageSent(MESSAGE, THEM))
    read = [unpacked(addressed(entry, who)) for who in ((ADA,), (BEN,), ())]
    assert [(ADA,), (BEN,), ()] == [event.audience for event in read if isinstance(event, MessageSent)]


def test_what_only_looks_like_a_list_is_one() -> None:
    """Events hold views of dicts, too."""
    standings = {ADA: OWNER}
    read = unpacked(packed(MembersJoined(CONVERSATION, standings, ADA, 8, standings.keys())))
    assert MembersJoined(CONVERSATION, standings, ADA, 8, ()) == read


def test_a_number_that_is_too_long_is_left_out() -> None:
    """With what else was changed: who is told asks for it."""
    read = unpacked(packed(ConversationUpdated(CONVERSATION, ADA, 8, (), {"a": 1 << 70})))
    assert ConversationUpdated(CONVERSATION, ADA, 8, ()) == read


@pytest.mark.parametrize("word", [Came(HALL, ADA), Fresh(5), Present(CONVERSATION, {ADA: OWNER}), Complete()])
def test_servers_have_words_of_their_own(word: Word) -> None:
    """They come as they went."""
    assert word == unpacked(packed(word))


def test_a_newer_servers_words_are_passed_over() -> None:
    """A name that nobody here knows is no error; nor is a field that came later."""
    body = msgspec.Raw(msgspec.msgpack.encode({"app_id": "hall", "client_id": "ada", "mood": 5}))
    assert [None, Came(HALL, ADA)] == [unpacked(Entry(name, body)) for name in ("Mood", "Came")]


def test_parcels_and_beats_come_as_they_went() -> None:
    """With everything in them."""
    parcel = Parcel("one", 5, 6, 7, 8, True, [packed(Fresh(5)), addressed(packed(EVENTS[0]), THEM)])
    beat = Beat("one", {"two": (5, 6)}, hello=True)
    assert (parcel, beat) == (read_parcel(written(parcel)), read_beat(written(beat)))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xc1", written(Beat("one", {}))])
def test_what_is_no_parcel_is_refused(data: bytes) -> None:
    """With msgspec's error, whatever it is."""
    with pytest.raises(msgspec.DecodeError):
        read_parcel(data)
