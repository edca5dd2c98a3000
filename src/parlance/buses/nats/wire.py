"""What servers write to each other: parcels of words, in MessagePack.

A word is an event, or something that only servers tell each other. Each stands under its name, so that a server
passes over what a newer one says and it does not know. The audience stands beside its event: an event is written
once, and each server is told only of those of its audience that are with it.
"""

from collections.abc import Collection, Mapping
from typing import Any, get_args

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import ConversationUpdated, Event
from parlance.core.model.inquiry import Answer, Question
from parlance.core.model.member import Standing
from parlance.kernel.ids import AppId, ClientId


class Came(msgspec.Struct, frozen=True):
    """A client is with the server that says so, or is about to be: what is for it goes there."""

    app_id: AppId
    client_id: ClientId


class Gone(msgspec.Struct, frozen=True):
    """A client has no connection there any more."""

    app_id: AppId
    client_id: ClientId


class Fresh(msgspec.Struct, frozen=True):
    """What was known of the server that says so is void. What holds follows, up to `Complete`.

    What it said after `since` (ms) may have been missed.
    """

    since: int


class Present(msgspec.Struct, frozen=True):
    """Clients that are with the server that says so, and in a room."""

    room: Conversation
    standings: Mapping[ClientId, Standing]


class Complete(msgspec.Struct, frozen=True):
    """Everything was said that `Fresh` announced."""


class Again(msgspec.Struct, frozen=True):
    """Parcels are missing: the other is to begin a new epoch."""


class Asked(msgspec.Struct, frozen=True):
    """The server that says so wants to know something."""

    number: int
    question: Question


class Answered(msgspec.Struct, frozen=True):
    """What the other wanted to know, by the number of its question."""

    number: int
    answer: Answer


Word = Event | Came | Gone | Fresh | Present | Complete | Again | Asked | Answered


class Entry(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A word by its name, and those of its audience whom the server it is sent to has with it."""

    name: str
    body: msgspec.Raw
    audience: tuple[ClientId, ...] = ()


class Parcel(msgspec.Struct, array_like=True, frozen=True):
    """What one server tells another in one go.

    Parcels are numbered from 1 within an `epoch`, which the sender begins anew when it has to tell everything
    from the start; 0 stands on one that may get lost. `heard` is the last parcel that came from the other, in the
    epoch `heard_epoch`.
    """

    sender: str
    epoch: int
    number: int
    heard_epoch: int
    heard: int
    answer: bool
    """The sender waits to hear that this one has come."""
    entries: list[Entry]


class Beat(msgspec.Struct, array_like=True, frozen=True):
    """A server lives, and has sent so many parcels: to each other one, by its name, its epoch and the last number.

    And it has heard so many of each, in the same terms.
    """

    sender: str
    sent: dict[str, tuple[int, int]]
    hello: bool = False
    """It has just begun, and wants to hear from everybody at once."""
    farewell: bool = False
    """It ends."""
    heard: dict[str, tuple[int, int]] = {}
    at: int = 0
    """What time it is there (ms)."""


_WORDS: dict[str, type[Any]] = {word.__name__: word for word in get_args(Word)}
_WITH_AUDIENCE = frozenset(name for name, word in _WORDS.items() if "audience" in word.__struct_fields__)


def _portable(value: Any) -> Any:
    """What only looks like a list or a dict."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Collection):
        return list(value)
    raise NotImplementedError


_encode = msgspec.msgpack.Encoder(enc_hook=_portable).encode
_decoders = {name: msgspec.msgpack.Decoder(word) for name, word in _WORDS.items()}
_read_parcel = msgspec.msgpack.Decoder(Parcel).decode
_read_beat = msgspec.msgpack.Decoder(Beat).decode


def packed(word: Word) -> Entry:
    """A word without its audience."""
    name = type(word).__name__
    bare = msgspec.structs.replace(word, audience=()) if name in _WITH_AUDIENCE else word
    try:
        return Entry(name, msgspec.Raw(_encode(bare)))
    except OverflowError:
        # A whole number that JSON knows and MessagePack does not: clients ask for what they are told has changed.
        if not isinstance(word, ConversationUpdated):
            raise
        return packed(msgspec.structs.replace(word, asked=None, modified=None))


def addressed(entry: Entry, audience: tuple[ClientId, ...]) -> Entry:
    """The same for some of its audience."""
    return Entry(entry.name, entry.body, audience)


def unpacked(entry: Entry) -> Word | None:
    """The word; None if only a newer version knows it. Raises `msgspec.DecodeError`."""
    decoder = _decoders.get(entry.name)
    if decoder is None:
        return None
    word: Word = decoder.decode(entry.body)
    if entry.name in _WITH_AUDIENCE:
        msgspec.structs.force_setattr(word, "audience", entry.audience)
    return word


def written(said: Parcel | Beat) -> bytes:
    """As it goes over the wire."""
    return _encode(said)


def read_parcel(data: bytes) -> Parcel:
    """A parcel. Raises `msgspec.DecodeError`."""
    return _read_parcel(data)


def read_beat(data: bytes) -> Beat:
    """A beat. Raises `msgspec.DecodeError`."""
    return _read_beat(data)
