"""Waiting, without waiting: time is an argument."""

from parlance.protocols.platform.codes import CloseCode
from parlance.protocols.platform.moves import State
from protocols.platform.parts import IDLE, LOGIN, LOGIN_WAIT, START, TIME, feed, heard, new_session, open_session


def test_a_login_is_waited_for() -> None:
    """And no longer than so."""
    session = new_session()
    assert START + LOGIN_WAIT == session.next_deadline()
    assert not session.on_deadline(START + LOGIN_WAIT - 0.001)
    assert State.OPENING is session.state
    assert session.on_deadline(START + LOGIN_WAIT)
    assert ["no login in time"] == [frame["msg"] for frame in heard(session)]
    assert (State.CLOSING, CloseCode.QUIET) == (session.state, session.close_code)


def test_talk_before_the_login_buys_no_time() -> None:
    """A socket that never logs in ends, however lively."""
    session = new_session()
    feed(session, {"type": "ping"}, START + 20)
    session.heard(START + 25)
    assert START + LOGIN_WAIT == session.next_deadline()


def test_a_login_that_is_being_decided_is_not_late() -> None:
    """How long we take is not the client's fault."""
    session = new_session()
    feed(session, LOGIN, START + LOGIN_WAIT - 1)
    assert not session.on_deadline(START + LOGIN_WAIT + 1)
    assert session.logged_in(TIME)


def test_silence_ends_an_open_session() -> None:
    """After so long without a sign of life."""
    session = open_session()
    assert START + IDLE == session.next_deadline()
    assert not session.on_deadline(START + IDLE - 0.001)
    assert session.on_deadline(START + IDLE)
    assert ["silent for too long"] == [frame["msg"] for frame in heard(session)]
    assert CloseCode.QUIET is session.close_code


def test_every_sign_of_life_counts() -> None:
    """Good frames, bad frames, binary frames, and the pings of WebSocket itself."""
    session = open_session()
    feed(session, {"type": "ping"}, START + 1)
    assert START + 1 + IDLE == session.next_deadline()
    feed(session, "bad", START + 2)
    assert START + 2 + IDLE == session.next_deadline()
    session.receive_binary(START + 3)
    assert START + 3 + IDLE == session.next_deadline()
    session.heard(START + 4)
    assert START + 4 + IDLE == session.next_deadline()
    assert not session.on_deadline(START + IDLE)


def test_after_the_end_there_is_nothing_to_wait_for() -> None:
    """No deadline, and a late call changes nothing."""
    session = open_session()
    session.replaced()
    session.outgoing()
    assert session.next_deadline() is None
    assert not session.on_deadline(START + 10 * IDLE)
    assert [] == session.outgoing()
