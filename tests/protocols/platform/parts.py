"""A session as the tests hold it: what a gateway would do, without a socket."""

from typing import Any

import msgspec

from parlance.protocols.platform.commands import Command
from parlance.protocols.platform.moves import State
from parlance.protocols.platform.session import Session

LOGIN_WAIT = 30.0
IDLE = 400.0
START = 1_000.0
TIME = 1_608_126_111_618
LOGIN = {"type": "login", "data": {"app_id": "666666", "client_id": "ada"}}


def text(frame: Any) -> bytes:
    """A frame as a client writes it."""
    return msgspec.json.encode(frame)


def new_session() -> Session:
    """Connected just now; nobody has logged in."""
    return Session(LOGIN_WAIT, IDLE, START)


def feed(session: Session, frame: Any, now: float = START) -> list[Command]:
    """Hand in one frame and take up what comes of it: the commands to act upon."""
    raw = frame if isinstance(frame, bytes | str) else text(frame)
    return [event for event in session.receive(raw, now) if session.take(event)]


def heard(session: Session) -> list[Any]:
    """What the client gets to read."""
    return [msgspec.json.decode(payload) for payload in session.outgoing()]


def where(session: Session) -> State:
    """The session's state, asked anew (a type checker believes that an attribute stays as it was)."""
    return session.state


def open_session() -> Session:
    """Ada is logged in, and has been told so."""
    session = new_session()
    feed(session, LOGIN)
    session.logged_in(TIME)
    session.outgoing()
    return session
