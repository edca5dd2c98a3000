"""The life of a connection and of each session on it, as two tables.

Rule 1: everything that moves a connection or a session from one state to another stands here.
Rule 2: an event without an entry is a bug of ours, never silence: what a client sends becomes an event
only where the connection has found a place for it.

`docs/diagrams/leancloud-session.svg` is drawn from these tables.
"""

from enum import Enum
from typing import Final


class SessionState(Enum):
    """How far one client has come."""

    OPENING = "opening"
    """It has asked to log in, which is being decided."""
    OPEN = "open"
    REOPENING = "reopening"
    """It asked again on the same socket; until that is decided, it is still in."""
    CLOSED = "closed"


class SessionEvent(Enum):
    """What can happen to a session, from either side."""

    ASKED_AGAIN = "asked again"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CLOSED = "closed by the client"
    KICKED = "kicked"
    """Another device took its place, or the app does not want it."""
    CONNECTION_OVER = "connection over"


class ConnectionState(Enum):
    """How far a socket has come."""

    WAITING = "waiting"
    """Nobody has logged in yet."""
    USED = "used"
    """Somebody has; there may be nobody left at the moment."""
    CLOSING = "closing"
    """The last frame is written; nothing more is read or said."""
    CLOSED = "closed"


class ConnectionEvent(Enum):
    """What can happen to a socket as a whole."""

    SOMEBODY_IN = "somebody logged in"
    TURNED_AWAY = "turned away"
    """For good: the app is not there, or the page's origin not welcome."""
    GOING_AWAY = "going away"
    QUIET = "quiet"
    OVERFLOWED = "overflowed"
    FRAME_TOO_LONG = "frame too long"
    MISBEHAVED_TOO_OFTEN = "misbehaved too often"
    PEER_GONE = "peer gone"


class OutOfTurnError(Exception):
    """An event came in a state that has no place for it: a bug on our side of the socket."""


SESSION_MOVES: Final[dict[SessionState, dict[SessionEvent, SessionState]]] = {
    SessionState.OPENING: {
        SessionEvent.ACCEPTED: SessionState.OPEN,
        SessionEvent.REFUSED: SessionState.CLOSED,
        SessionEvent.CONNECTION_OVER: SessionState.CLOSED,
    },
    SessionState.OPEN: {
        SessionEvent.ASKED_AGAIN: SessionState.REOPENING,
        SessionEvent.CLOSED: SessionState.CLOSED,
        SessionEvent.KICKED: SessionState.CLOSED,
        SessionEvent.CONNECTION_OVER: SessionState.CLOSED,
    },
    SessionState.REOPENING: {
        SessionEvent.ACCEPTED: SessionState.OPEN,
        SessionEvent.REFUSED: SessionState.OPEN,
        # Who it was is out; who it wants to be is still being decided.
        SessionEvent.KICKED: SessionState.OPENING,
        SessionEvent.CONNECTION_OVER: SessionState.CLOSED,
    },
    # What was under way when a session ended may still arrive, and changes nothing.
    SessionState.CLOSED: dict.fromkeys(SessionEvent, SessionState.CLOSED),
}

_ENDS: Final = dict.fromkeys(ConnectionEvent, ConnectionState.CLOSING) | {
    ConnectionEvent.SOMEBODY_IN: ConnectionState.USED,
    ConnectionEvent.PEER_GONE: ConnectionState.CLOSED,
}

CONNECTION_MOVES: Final[dict[ConnectionState, dict[ConnectionEvent, ConnectionState]]] = {
    ConnectionState.WAITING: _ENDS,
    ConnectionState.USED: _ENDS,
    ConnectionState.CLOSING: dict.fromkeys(ConnectionEvent, ConnectionState.CLOSING)
    | {ConnectionEvent.PEER_GONE: ConnectionState.CLOSED},
    ConnectionState.CLOSED: dict.fromkeys(ConnectionEvent, ConnectionState.CLOSED),
}

OVER: Final = frozenset({ConnectionState.CLOSING, ConnectionState.CLOSED})


def move_session(state: SessionState, event: SessionEvent) -> SessionState:
    """Where `event` leads from `state`; OutOfTurnError if nowhere."""
    try:
        return SESSION_MOVES[state][event]
    except KeyError:
        raise OutOfTurnError(f"{event.value!r} while {state.value!r}") from None


def move_connection(state: ConnectionState, event: ConnectionEvent) -> ConnectionState:
    """Where `event` leads from `state`; every event has its place in every state."""
    return CONNECTION_MOVES[state][event]
