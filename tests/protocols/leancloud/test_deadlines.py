"""Waiting, without waiting: time is an argument."""

from parlance.protocols.leancloud.codes import CloseCode, ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.moves import ConnectionState
from protocols.leancloud.parts import LIMITS, OPEN_TOM, START, TIME, ask, feed, heard, new_connection, with_clients

ECHO = pb.GenericCommand(cmd=pb.echo, i=1)


def test_somebody_must_log_in() -> None:
    """And no later than so; the close says all there is to say."""
    connection = new_connection()
    assert START + LIMITS.login_wait == connection.next_deadline()
    assert not connection.on_deadline(START + LIMITS.login_wait - 0.001)
    assert connection.on_deadline(START + LIMITS.login_wait)
    assert ([], CloseCode.LOGIN_TIMEOUT) == (heard(connection), connection.close_code)
    assert ConnectionState.CLOSING is connection.state


def test_talk_before_the_login_buys_no_time() -> None:
    """A socket that never logs in ends, however lively, and whether or not it was refused."""
    connection = new_connection()
    feed(connection, ECHO, START + 20)
    connection.refuse(ask(connection, OPEN_TOM, START + 25), ErrorCode.SIGNATURE_FAILED)
    connection.heard(START + 30)
    assert START + LIMITS.login_wait == connection.next_deadline()


def test_a_login_that_is_being_decided_is_not_late() -> None:
    """How long we take is not the client's fault."""
    connection = new_connection()
    asked = ask(connection, OPEN_TOM, START + LIMITS.login_wait - 1)
    assert not connection.on_deadline(START + LIMITS.login_wait + 1)
    assert connection.accept(asked, "st", 1, TIME)


def test_an_installation_is_somebody() -> None:
    """It has logged in, in its way."""
    connection = new_connection()
    connection.accept_login(ask(connection, pb.GenericCommand(cmd=pb.login, i=1, installationId="x")))
    assert START + LIMITS.idle == connection.next_deadline()


def test_silence_ends_a_connection() -> None:
    """After longer than clients themselves wait."""
    connection = with_clients("tom")
    assert LIMITS.idle > 380
    assert START + LIMITS.idle == connection.next_deadline()
    assert not connection.on_deadline(START + LIMITS.idle - 0.001)
    assert connection.on_deadline(START + LIMITS.idle)
    assert ([], CloseCode.READ_TIMEOUT) == (heard(connection), connection.close_code)
    assert ["tom"] == [session.peer_id for session in connection.abandon()]


def test_every_sign_of_life_counts() -> None:
    """Good frames, bad frames, and the pings of WebSocket itself."""
    connection = with_clients("tom")
    feed(connection, ECHO, START + 1)
    assert START + 1 + LIMITS.idle == connection.next_deadline()
    connection.receive_text("bad", START + 2)
    assert START + 2 + LIMITS.idle == connection.next_deadline()
    connection.heard(START + 3)
    assert START + 3 + LIMITS.idle == connection.next_deadline()


def test_after_the_end_there_is_nothing_to_wait_for() -> None:
    """No deadline, and a late call changes nothing."""
    connection = with_clients("tom")
    connection.going_away()
    heard(connection)
    assert connection.next_deadline() is None
    assert not connection.on_deadline(START + 10 * LIMITS.idle)
    assert [] == heard(connection)
