"""The table of a session's life, and the picture drawn from it."""

from itertools import product
from pathlib import Path

import pytest

from parlance.protocols.platform import diagram
from parlance.protocols.platform.moves import MOVES, OVER, Event, OutOfTurnError, State, move

PICTURE = Path(__file__).parents[3] / "docs" / "diagrams" / "platform-session.svg"

IMPOSSIBLE = {
    # Nobody has asked to log in.
    (State.OPENING, Event.LOGGED_IN),
    (State.OPENING, Event.REFUSED),
    # Nobody is in.
    (State.OPENING, Event.REPLACED),
    (State.OPENING, Event.BANNED),
    (State.OPENING, Event.LOGGED_OUT),
    # Commands are taken up one after another.
    (State.LOGGING_IN, Event.LOGIN_ASKED),
    (State.LOGGING_IN, Event.LOGGED_OUT),
    # It has been decided.
    (State.OPEN, Event.LOGGED_IN),
    (State.OPEN, Event.REFUSED),
}
"""What only a bug of ours could bring about."""


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_event_in_every_state(state: State, event: Event) -> None:
    """It leads somewhere, or is known to be impossible and says so."""
    if (state, event) in IMPOSSIBLE:
        with pytest.raises(OutOfTurnError, match=event.value):
            move(state, event)
    else:
        assert move(state, event) in State


def test_every_state_is_in_the_table() -> None:
    """And can be reached from the beginning."""
    reached = {State.OPENING}
    for _ in State:
        reached |= {to for state in reached for to in MOVES[state].values()}
    assert set(State) == set(MOVES) == reached


def test_there_is_no_way_back_from_the_end() -> None:
    """Closing leads to closed, closed leads nowhere."""
    assert OVER == {to for state in OVER for to in MOVES[state].values()}
    assert {State.CLOSED} == set(MOVES[State.CLOSED].values())


def test_the_picture_shows_the_table() -> None:
    """If not: python -m parlance.protocols.platform.diagram > docs/diagrams/platform-session.svg."""
    assert diagram.svg() == PICTURE.read_text(encoding="utf-8")


def test_every_move_is_in_the_picture() -> None:
    """Each that leads away from a state is part of exactly one arrow."""
    alive = [state for state in State if state not in OVER]
    drawn = [
        (state, event, to)
        for (start, to), events in diagram.arrows().items()
        for event in events
        for state in (alive if start is None else [start])
    ]
    moves = [(state, event, to) for state in State for event, to in MOVES[state].items() if to is not state]
    key = [(state.name, event.name, to.name) for state, event, to in moves]
    assert sorted(key) == sorted((state.name, event.name, to.name) for state, event, to in drawn)
