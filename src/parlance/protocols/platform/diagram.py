"""Draws the life of a session from its table.

`python -m parlance.protocols.platform.diagram > docs/diagrams/platform-session.svg`

What is drawn comes from `moves.MOVES`; only the places are chosen by hand here. An arrow that the table has and this
file has no place for is an error, so a new move cannot be left out of the picture.
"""

import sys
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from parlance.protocols.platform.moves import MOVES, OVER, Event, State

_WIDTH, _HEIGHT = 960, 500
_LINE = 18
_STYLE: Final = """
    text { font: 14px sans-serif; fill: #1c2733; text-anchor: middle; }
    .state { font-weight: bold; }
    .event { font-size: 13px; text-anchor: start; }
    .note { font-style: italic; fill: #5b6b7b; text-anchor: start; }
    rect { fill: #ffffff; stroke: #33475b; stroke-width: 1.5; }
    .paper { stroke: none; }
    .alive { fill: #f2f7fb; stroke-dasharray: 6 4; }
    .over { fill: #eceff1; }
    path { fill: none; stroke: #33475b; stroke-width: 1.5; marker-end: url(#tip); }
    #tip path { fill: #33475b; stroke: none; }
"""


class _Arrow(NamedTuple):
    path: str
    label: tuple[int, int]
    """Where the first of its events is written."""


_BOX: Final = (130, 44)
_PLACES: Final[dict[State, tuple[int, int]]] = {
    State.OPENING: (150, 110),
    State.LOGGING_IN: (480, 110),
    State.OPEN: (810, 110),
    State.CLOSING: (480, 400),
    State.CLOSED: (810, 400),
}
_ALIVE: Final = (40, 50, 880, 130)
"""The frame around the states in which a session lives."""

_ARROWS: Final[dict[tuple[State | None, State], _Arrow]] = {
    (State.OPENING, State.LOGGING_IN): _Arrow("M215 110 H411", (275, 100)),
    (State.LOGGING_IN, State.OPEN): _Arrow("M545 102 H741", (610, 92)),
    (State.OPEN, State.LOGGING_IN): _Arrow("M745 118 H549", (605, 138)),
    (State.LOGGING_IN, State.CLOSING): _Arrow("M480 132 V374", (490, 230)),
    (State.OPEN, State.CLOSING): _Arrow("M790 132 C780 260 660 380 549 392", (670, 230)),
    (State.CLOSING, State.CLOSED): _Arrow("M545 408 H741", (605, 428)),
    (None, State.CLOSING): _Arrow("M200 180 C200 320 300 400 411 400", (240, 230)),
    (None, State.CLOSED): _Arrow("M860 180 V374", (868, 280)),
}
"""None: from every state in which a session lives."""


def shared() -> dict[Event, State]:
    """What leads to the same place from every state in which a session lives."""
    first, *others = [moves for state, moves in MOVES.items() if state not in OVER]
    return {event: to for event, to in first.items() if all(moves.get(event) is to for moves in others)}


def arrows() -> dict[tuple[State | None, State], list[Event]]:
    """Every arrow of the picture and its events; what leaves a state where it is has none."""
    drawn: dict[tuple[State | None, State], list[Event]] = {}
    everywhere = shared()
    for event, to in everywhere.items():
        drawn.setdefault((None, to), []).append(event)
    for state, moves in MOVES.items():
        for event, to in moves.items():
            if to is not state and (state in OVER or event not in everywhere):
                drawn.setdefault((state, to), []).append(event)
    return drawn


def svg() -> str:
    """The picture; the same text for the same table."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    yield "  <title>The life of a session on the platform socket</title>"
    yield "  <!-- Drawn by parlance.protocols.platform.diagram; do not edit. -->"
    yield f"  <style>{_STYLE}  </style>"
    yield '  <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '    <path d="M0 0 L8 4 L0 8 z"/></marker></defs>'
    yield f'  <rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>'
    x, y, width, height = _ALIVE
    yield f'  <rect class="alive" x="{x}" y="{y}" width="{width}" height="{height}" rx="14"/>'
    yield '  <text class="note" x="40" y="36">any time while the session lives</text>'
    yield '  <text class="note" x="40" y="480">What arrives after the end changes nothing.</text>'
    for ends, events in arrows().items():
        yield from _arrow(_ARROWS[ends], events)
    for state in State:
        yield from _state(state)
    yield "</svg>"


def _arrow(arrow: _Arrow, events: list[Event]) -> Iterator[str]:
    yield f'  <path d="{arrow.path}"/>'
    x, y = arrow.label
    for row, event in enumerate(events):
        yield f'  <text class="event" x="{x}" y="{y + row * _LINE}">{escape(event.value)}</text>'


def _state(state: State) -> Iterator[str]:
    (x, y), (width, height) = _PLACES[state], _BOX
    look = ' class="over"' if state in OVER else ""
    yield f'  <rect{look} x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" rx="10"/>'
    yield f'  <text class="state" x="{x}" y="{y + 5}">{escape(state.value)}</text>'


if __name__ == "__main__":
    sys.stdout.write(svg())
