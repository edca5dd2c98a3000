"""The tables of a connection's and a session's life, and the picture drawn from them."""

from itertools import product
from pathlib import Path

import pytest

from parlance.protocols.leancloud import diagram
from parlance.protocols.leancloud.moves import (
    CONNECTION_MOVES,
    OVER,
    SESSION_MOVES,
    ConnectionEvent,
    ConnectionState,
    OutOfTurnError,
    SessionEvent,
    SessionState,
    move_connection,
    move_session,
)

PICTURE = Path(__file__).parents[3] / "docs" / "diagrams" / "leancloud-session.svg"

IMPOSSIBLE = {
    # Commands are taken up one after another.
    (SessionState.OPENING, SessionEvent.ASKED_AGAIN),
    (SessionState.REOPENING, SessionEvent.ASKED_AGAIN),
    (SessionState.REOPENING, SessionEvent.CLOSED),
    # It is not in yet.
    (SessionState.OPENING, SessionEvent.CLOSED),
    (SessionState.OPENING, SessionEvent.KICKED),
    # It has been decided.
    (SessionState.OPEN, SessionEvent.ACCEPTED),
    (SessionState.OPEN, SessionEvent.REFUSED),
}
"""What only a bug of ours could bring about."""


@pytest.mark.parametrize(("state", "event"), list(product(SessionState, SessionEvent)))
def test_every_event_in_every_state_of_a_session(state: SessionState, event: SessionEvent) -> None:
    """It leads somewhere, or is known to be impossible and says so."""
    if (state, event) in IMPOSSIBLE:
        with pytest.raises(OutOfTurnError, match=event.value):
            move_session(state, event)
    else:
        assert move_session(state, event) in SessionState


@pytest.mark.parametrize(("state", "event"), list(product(ConnectionState, ConnectionEvent)))
def test_every_event_in_every_state_of_a_connection(state: ConnectionState, event: ConnectionEvent) -> None:
    """A socket may end at any time, and anybody may come as long as it has not."""
    assert move_connection(state, event) in ConnectionState


def test_every_state_can_be_reached() -> None:
    """From the beginning."""
    sessions, connections = {SessionState.OPENING}, {ConnectionState.WAITING}
    for _ in (*SessionState, *ConnectionState):
        sessions |= {to for state in sessions for to in SESSION_MOVES[state].values()}
        connections |= {to for state in connections for to in CONNECTION_MOVES[state].values()}
    assert set(SessionState) == set(SESSION_MOVES) == sessions
    assert set(ConnectionState) == set(CONNECTION_MOVES) == connections


def test_there_is_no_way_back_from_the_end() -> None:
    """Closing leads to closed, closed leads nowhere."""
    assert OVER == {to for state in OVER for to in CONNECTION_MOVES[state].values()}
    assert {ConnectionState.CLOSED} == set(CONNECTION_MOVES[ConnectionState.CLOSED].values())
    assert {SessionState.CLOSED} == set(SESSION_MOVES[SessionState.CLOSED].values())


def test_the_picture_shows_the_tables() -> None:
    """If not: python -m parlance.protocols.leancloud.diagram > docs/diagrams/leancloud-session.svg."""
    assert diagram.svg() == PICTURE.read_text(encoding="utf-8")


def test_every_move_is_in_the_picture() -> None:
    """Each that leads away from a state is part of exactly one arrow."""
    drawn = [
        (state, event.name, to)
        for arrows in (diagram.arrows(SESSION_MOVES), diagram.arrows(CONNECTION_MOVES))
        for (state, to), events in arrows.items()
        for event in events
    ]
    moves = [
        (state, event.name, to)
        for table in (SESSION_MOVES, CONNECTION_MOVES)
        for state, ways in table.items()
        for event, to in ways.items()
        if to is not state
    ]
    assert sorted(map(str, moves)) == sorted(map(str, drawn))
