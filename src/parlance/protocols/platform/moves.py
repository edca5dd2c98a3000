"""The life of a session, as a table.

Rule 1: everything that moves a session from one state to another stands here.
Rule 2: an event without an entry is a bug of ours, never silence: what a client sends becomes an event
only where the session has found a place for it.

`docs/diagrams/platform-session.svg` is drawn from this table.
"""

from enum import Enum
from typing import Final


class State(Enum):
    """How far a session has come."""

    OPENING = "opening"
    """Connected; nobody has said who it is."""
    LOGGING_IN = "logging in"
    """A login was taken up and is being decided."""
    OPEN = "open"
    CLOSING = "closing"
    """The last frame is written; nothing more is read or said."""
    CLOSED = "closed"


class Event(Enum):
    """What can happen to a session, from either side."""

    LOGIN_ASKED = "login asked"
    LOGGED_IN = "logged in"
    REFUSED = "refused"
    REPLACED = "replaced"
    BANNED = "banned"
    LOGGED_OUT = "logged out"
    GOING_AWAY = "going away"
    QUIET = "quiet"
    OVERFLOWED = "overflowed"
    MISBEHAVED_TOO_OFTEN = "misbehaved too often"
    PEER_GONE = "peer gone"


class OutOfTurnError(Exception):
    """An event came in a state that has no place for it: a bug on our side of the socket."""


_ENDS: Final = {
    Event.QUIET: State.CLOSING,
    Event.GOING_AWAY: State.CLOSING,
    Event.OVERFLOWED: State.CLOSING,
    Event.MISBEHAVED_TOO_OFTEN: State.CLOSING,
    Event.PEER_GONE: State.CLOSED,
}
"""What can happen at any time of a session's life."""

MOVES: Final[dict[State, dict[Event, State]]] = {
    State.OPENING: {
        Event.LOGIN_ASKED: State.LOGGING_IN,
        **_ENDS,
    },
    State.LOGGING_IN: {
        Event.LOGGED_IN: State.OPEN,
        Event.REFUSED: State.CLOSING,
        # The identity of before, when this is a second login.
        Event.REPLACED: State.CLOSING,
        Event.BANNED: State.CLOSING,
        **_ENDS,
    },
    State.OPEN: {
        Event.LOGIN_ASKED: State.LOGGING_IN,
        Event.LOGGED_OUT: State.CLOSING,
        Event.REPLACED: State.CLOSING,
        Event.BANNED: State.CLOSING,
        **_ENDS,
    },
    # What was under way when a session ended may still arrive, and changes nothing.
    State.CLOSING: dict.fromkeys(Event, State.CLOSING) | {Event.PEER_GONE: State.CLOSED},
    State.CLOSED: dict.fromkeys(Event, State.CLOSED),
}

OVER: Final = frozenset({State.CLOSING, State.CLOSED})


def move(state: State, event: Event) -> State:
    """Where `event` leads from `state`; OutOfTurnError if nowhere."""
    try:
        return MOVES[state][event]
    except KeyError:
        raise OutOfTurnError(f"{event.value!r} while {state.value!r}") from None
