"""Draws the lives of a connection and of each session on it from their tables.

`python -m parlance.protocols.leancloud.diagram > docs/diagrams/leancloud-session.svg`

What is drawn comes from `moves`; only the places are chosen by hand here. An arrow that a table has and this file
has no place for is an error, so a new move cannot be left out of the picture.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeVar
from xml.sax.saxutils import escape

from parlance.protocols.leancloud.moves import (
    CONNECTION_MOVES,
    OVER,
    SESSION_MOVES,
    ConnectionEvent,
    ConnectionState,
    SessionEvent,
    SessionState,
)

State = TypeVar("State", SessionState, ConnectionState)
Event = TypeVar("Event", SessionEvent, ConnectionEvent)

_WIDTH, _HEIGHT = 960, 720
_LINE = 18
_BOX: Final = (130, 44)
_STYLE: Final = """
    text { font: 14px sans-serif; fill: #1c2733; text-anchor: middle; }
    .state { font-weight: bold; }
    .event { font-size: 13px; text-anchor: start; }
    .note { font-style: italic; fill: #5b6b7b; text-anchor: start; }
    rect { fill: #ffffff; stroke: #33475b; stroke-width: 1.5; }
    .paper { stroke: none; }
    .over { fill: #eceff1; }
    path { fill: none; stroke: #33475b; stroke-width: 1.5; marker-end: url(#tip); }
    #tip path { fill: #33475b; stroke: none; }
"""


class _Arrow(NamedTuple):
    path: str
    label: tuple[int, int]
    """Where the first of its events is written."""


_PLACES: Final[Mapping[SessionState | ConnectionState, tuple[int, int]]] = {
    ConnectionState.WAITING: (120, 110),
    ConnectionState.USED: (480, 110),
    ConnectionState.CLOSING: (480, 290),
    ConnectionState.CLOSED: (830, 290),
    SessionState.OPENING: (120, 470),
    SessionState.OPEN: (480, 470),
    SessionState.REOPENING: (830, 470),
    SessionState.CLOSED: (480, 650),
}
_ENDS: Final = frozenset({*OVER, SessionState.CLOSED})

_ARROWS: Final[Mapping[tuple[object, object], _Arrow]] = {
    (ConnectionState.WAITING, ConnectionState.USED): _Arrow("M185 110 H411", (240, 100)),
    (ConnectionState.WAITING, ConnectionState.CLOSING): _Arrow("M120 132 C120 250 260 290 411 290", (225, 150)),
    (ConnectionState.USED, ConnectionState.CLOSING): _Arrow("M480 132 V264", (490, 160)),
    (ConnectionState.WAITING, ConnectionState.CLOSED): _Arrow("M120 88 C200 10 830 10 850 264", (300, 26)),
    (ConnectionState.USED, ConnectionState.CLOSED): _Arrow("M545 110 C700 110 800 180 820 264", (600, 140)),
    (ConnectionState.CLOSING, ConnectionState.CLOSED): _Arrow("M545 290 H761", (620, 310)),
    (SessionState.OPENING, SessionState.OPEN): _Arrow("M185 470 H411", (265, 460)),
    (SessionState.OPEN, SessionState.REOPENING): _Arrow("M545 462 H761", (610, 452)),
    (SessionState.REOPENING, SessionState.OPEN): _Arrow("M765 478 H549", (610, 498)),
    (SessionState.REOPENING, SessionState.OPENING): _Arrow("M830 448 C790 390 160 390 124 444", (450, 396)),
    (SessionState.OPENING, SessionState.CLOSED): _Arrow("M120 492 C120 600 260 650 411 650", (205, 560)),
    (SessionState.OPEN, SessionState.CLOSED): _Arrow("M480 492 V624", (490, 560)),
    (SessionState.REOPENING, SessionState.CLOSED): _Arrow("M830 492 C830 600 700 650 549 650", (690, 560)),
}


def arrows(moves: Mapping[State, Mapping[Event, State]]) -> dict[tuple[State, State], list[Event]]:
    """Every arrow of the picture and its events; what leaves a state where it is has none."""
    drawn: dict[tuple[State, State], list[Event]] = {}
    for state, ways in moves.items():
        for event, to in ways.items():
            if to is not state:
                drawn.setdefault((state, to), []).append(event)
    return drawn


def svg() -> str:
    """The picture; the same text for the same tables."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    yield "  <title>The lives of a connection and of a session in LeanCloud's protocol</title>"
    yield "  <!-- Drawn by parlance.protocols.leancloud.diagram; do not edit. -->"
    yield f"  <style>{_STYLE}  </style>"
    yield '  <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '    <path d="M0 0 L8 4 L0 8 z"/></marker></defs>'
    yield f'  <rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>'
    yield '  <text class="note" x="30" y="30">A connection</text>'
    yield '  <text class="note" x="30" y="400">Each session on it</text>'
    yield '  <text class="note" x="30" y="704">What arrives after an end changes nothing.</text>'
    for of_connection, happenings in arrows(CONNECTION_MOVES).items():
        yield from _arrow(_ARROWS[of_connection], [event.value for event in happenings])
    for of_session, events in arrows(SESSION_MOVES).items():
        yield from _arrow(_ARROWS[of_session], [event.value for event in events])
    for state in _PLACES:
        yield from _state(state)
    yield "</svg>"


def _arrow(arrow: _Arrow, events: list[str]) -> Iterator[str]:
    yield f'  <path d="{arrow.path}"/>'
    x, y = arrow.label
    for row, event in enumerate(events):
        yield f'  <text class="event" x="{x}" y="{y + row * _LINE}">{escape(event)}</text>'


def _state(state: SessionState | ConnectionState) -> Iterator[str]:
    (x, y), (width, height) = _PLACES[state], _BOX
    look = ' class="over"' if state in _ENDS else ""
    yield f'  <rect{look} x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" rx="10"/>'
    yield f'  <text class="state" x="{x}" y="{y + 5}">{escape(state.value)}</text>'


if __name__ == "__main__":
    sys.stdout.write(svg())
