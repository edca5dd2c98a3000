"""The life of a session, from both sides."""

import pytest

from parlance.protocols.platform.codes import CloseCode, ErrorCode
from parlance.protocols.platform.commands import Login, Logout, Ping, SendMessage
from parlance.protocols.platform.moves import OutOfTurnError, State
from parlance.protocols.platform.reader import Misbehaved
from parlance.protocols.platform.session import MOST_BAD_FRAMES, Session
from protocols.platform.parts import LOGIN, START, TIME, feed, heard, new_session, open_session, text, where

PING = {"type": "ping"}
HALF_A_LOGIN = {"type": "login", "data": {"app_id": "6", "ref": "in"}}
SEND = {"type": "msg.send", "data": {"ref": "r-1", "conv_id": "c", "type": -1, "text": "hi"}}


def test_a_login_is_taken_up_and_accepted() -> None:
    """The client is told the server's time, as documented."""
    session = new_session()
    [login] = feed(session, LOGIN)
    assert isinstance(login, Login)
    assert State.LOGGING_IN is where(session)
    assert session.logged_in(TIME)
    assert State.OPEN is where(session)
    assert [{"type": "login.success", "msg": "success", "data": {"time": TIME}}] == heard(session)
    assert session.close_code is None


def test_what_the_session_says_is_given_once() -> None:
    """`outgoing` hands over; the list belongs to who asked."""
    session = open_session()
    before = session.outgoing()
    feed(session, "x")
    assert ([], 1, 0) == (before, len(session.outgoing()), len(session.outgoing()))


def test_a_login_carries_its_ref_back() -> None:
    """wire: platform#ref"""
    session = new_session()
    feed(session, {"type": "login", "data": {"app_id": "6", "client_id": "a", "ref": "in"}})
    session.logged_in(TIME)
    assert [{"type": "login.success", "msg": "success", "data": {"time": TIME, "ref": "in"}}] == heard(session)


def test_commands_are_taken_up_once_logged_in() -> None:
    """The struct that was read is the event."""
    session = open_session()
    [command] = feed(session, SEND)
    assert isinstance(command, SendMessage)
    assert ("r-1", "hi") == (command.data.ref, command.data.text)
    assert [] == heard(session)


def test_a_login_and_what_follows_may_come_in_one_piece() -> None:
    """What is read before the login is decided is taken up after it."""
    session = new_session()
    login, send = session.receive(text(LOGIN), START) + session.receive(text(SEND), START)
    assert session.take(login)
    session.logged_in(TIME)
    assert session.take(send)


def test_what_follows_a_refused_login_is_not_acted_upon() -> None:
    """The same in one piece, and the login is refused."""
    session = new_session()
    login, send = session.receive(text(LOGIN), START) + session.receive(text(SEND), START)
    assert session.take(login)
    session.refuse_login(ErrorCode.OTHER, "token: this app asks for a client token")
    assert not session.take(send)
    assert ["error"] == [frame["type"] for frame in heard(session)]


def test_a_refused_login_is_told_and_closes() -> None:
    """An error with the login's ref, then the end."""
    session = new_session()
    feed(session, {"type": "login", "data": {"app_id": "6", "client_id": "a", "ref": "in"}})
    session.refuse_login(ErrorCode.BANNED, "the account is banned")
    error = {"type": "error", "msg": "the account is banned", "data": {"code": 213, "ref": "in"}}
    assert [error] == heard(session)
    assert (State.CLOSING, CloseCode.REFUSED, "login refused") == (
        session.state,
        session.close_code,
        session.close_reason,
    )


@pytest.mark.parametrize("session", [new_session(), open_session()], ids=["first", "second"])
def test_a_login_that_cannot_be_read_is_a_refused_login(session: Session) -> None:
    """It is told what was wrong once its turn has come, and the session ends."""
    [event, ping] = [*session.receive(text(HALF_A_LOGIN), START), *session.receive(text(PING), START)]
    assert [] == heard(session)
    assert not session.take(event)
    assert not session.take(ping)
    error = {"type": "error", "msg": "client_id: a required field is missing", "data": {"code": 4001, "ref": "in"}}
    assert [error] == heard(session)
    assert (State.CLOSING, CloseCode.REFUSED) == (where(session), session.close_code)


def test_a_login_that_cannot_be_read_waits_for_the_one_before() -> None:
    """What follows a refused login has no answer, be it a login."""
    session = new_session()
    login, half = session.receive(text(LOGIN), START) + session.receive(text(HALF_A_LOGIN), START)
    assert session.take(login)
    session.refuse_login(ErrorCode.BANNED, "the account is banned")
    assert not session.take(half)
    assert [213] == [frame["data"]["code"] for frame in heard(session)]


@pytest.mark.parametrize("frame", [PING, SEND, {"type": "sync"}, {"type": "logout"}])
def test_before_the_login_there_is_only_login(frame: dict[str, object]) -> None:
    """The client is told so, and may still log in."""
    session = new_session()
    assert [] == feed(session, frame)
    [error] = heard(session)
    assert ("error", "log in first", 1) == (error["type"], error["msg"], error["data"]["code"])
    assert State.OPENING is where(session)
    assert 1 == len(feed(session, LOGIN))


def test_the_error_before_a_login_carries_the_ref() -> None:
    """So that a client knows which of its requests it was."""
    session = new_session()
    feed(session, SEND)
    assert [{"type": "error", "msg": "log in first", "data": {"code": 1, "ref": "r-1"}}] == heard(session)


def test_a_second_login_replaces_the_first() -> None:
    """The session goes back to deciding."""
    session = open_session()
    [login] = feed(session, {"type": "login", "data": {"app_id": "6", "client_id": "ben"}})
    assert isinstance(login, Login)
    assert State.LOGGING_IN is where(session)
    session.logged_in(TIME + 1)
    assert State.OPEN is where(session)
    assert [TIME + 1] == [frame["data"]["time"] for frame in heard(session)]


def test_a_second_login_that_is_refused_ends_both() -> None:
    """There is no going back to who one was."""
    session = open_session()
    feed(session, LOGIN)
    session.refuse_login(ErrorCode.OTHER, "no")
    assert State.CLOSING is where(session)


def test_taking_up_anything_while_a_login_is_decided_is_a_bug_of_ours() -> None:
    """The holder of the session must wait."""
    session = new_session()
    feed(session, LOGIN)
    [ping] = session.receive(text(PING), START)
    with pytest.raises(OutOfTurnError):
        session.take(ping)
    session.logged_in(TIME)
    assert session.take(ping)


def test_logout_is_answered_and_closes() -> None:
    """The gateway does its part between the two."""
    session = open_session()
    [command] = feed(session, {"type": "logout", "data": {"ref": "bye"}})
    assert isinstance(command, Logout)
    assert State.OPEN is where(session)
    session.logged_out()
    assert [{"type": "logout.success", "msg": "success", "data": {"ref": "bye"}}] == heard(session)
    assert (State.CLOSING, CloseCode.LOGGED_OUT) == (session.state, session.close_code)


def test_what_follows_a_logout_is_not_acted_upon() -> None:
    """Goodbye was the last word."""
    session = open_session()
    logout, send = session.receive(text({"type": "logout"}), START) + session.receive(text(SEND), START)
    assert session.take(logout)
    session.logged_out()
    assert not session.take(send)


def test_replaced_kicks() -> None:
    """As the document names it."""
    session = open_session()
    session.replaced()
    [kick] = heard(session)
    assert ("logout.kick", {}) == (kick["type"], kick["data"])
    assert CloseCode.REPLACED is session.close_code


def test_banned_is_told() -> None:
    """213, then the end."""
    session = open_session()
    session.banned()
    assert [{"type": "error", "msg": "the account is banned", "data": {"code": 213, "ref": None}}] == heard(session)
    assert CloseCode.REFUSED is session.close_code


def test_going_away_says_when_to_come_back() -> None:
    """In any state of a session's life."""
    for session in (new_session(), open_session()):
        session.going_away(2)
        [frame] = heard(session)
        assert ("server.going_away", {"reason": "restart", "retry_after": 2}) == (frame["type"], frame["data"])
        assert CloseCode.GOING_AWAY is session.close_code


def test_overflowed_asks_to_come_back_and_sync() -> None:
    """A slow reader loses its socket, not its messages."""
    session = open_session()
    session.overflowed()
    [frame] = heard(session)
    assert ("server.going_away", {"reason": "slow", "retry_after": 0}) == (frame["type"], frame["data"])
    assert CloseCode.OVERFLOWED is session.close_code


def test_a_bad_frame_is_answered_and_the_session_stays() -> None:
    """The answer is ready when the event is."""
    session = open_session()
    [event] = session.receive('{"type":"msg.read","data":{"conv_id":"c","ref":"r"}}', START)
    assert isinstance(event, Misbehaved)
    assert not session.take(event)
    error = {"type": "error", "msg": "seq: a required field is missing", "data": {"code": 4001, "ref": "r"}}
    assert [error] == heard(session)
    assert State.OPEN is where(session)


def test_a_binary_frame_is_refused() -> None:
    """4406, and the session stays."""
    session = open_session()
    [event] = session.receive_binary(START)
    assert not session.take(event)
    assert [4406] == [frame["data"]["code"] for frame in heard(session)]
    assert State.OPEN is where(session)


@pytest.mark.parametrize("bad", ["not json", PING])
def test_too_many_bad_frames_end_a_session_that_never_logs_in(bad: object) -> None:
    """Each is answered, and the last one twice."""
    session = new_session()
    for _ in range(MOST_BAD_FRAMES + 5):
        feed(session, bad)
    frames = heard(session)
    assert MOST_BAD_FRAMES + 1 == len(frames)
    assert "too many bad frames" == frames[-1]["msg"]
    assert (State.CLOSING, CloseCode.REFUSED) == (session.state, session.close_code)


def test_too_many_bad_frames_end_an_open_session() -> None:
    """Binary ones count as well."""
    session = open_session()
    for _ in range(MOST_BAD_FRAMES):
        session.receive_binary(START)
    assert State.CLOSING is where(session)


def test_a_good_frame_forgives_the_bad_ones() -> None:
    """Only so many in a row are too many."""
    session = open_session()
    for _ in range(3):
        for _ in range(MOST_BAD_FRAMES - 1):
            feed(session, "bad")
        [command] = feed(session, PING)
        assert isinstance(command, Ping)
    assert State.OPEN is where(session)


def test_nothing_is_read_after_the_end() -> None:
    """A closing session is deaf, and adds nothing to its last words."""
    session = open_session()
    session.replaced()
    session.outgoing()
    assert ([], []) == (session.receive(text(PING), START), session.receive_binary(START))
    session.banned()
    session.overflowed()
    session.going_away(1)
    session.logged_out()
    assert [] == session.outgoing()
    assert CloseCode.REPLACED is session.close_code


def test_a_login_decided_too_late_is_no_login() -> None:
    """The socket was lost meanwhile: the gateway must not count the client in."""
    for ended in ("peer_gone", "overflowed"):
        session = new_session()
        feed(session, LOGIN)
        getattr(session, ended)()
        session.outgoing()
        assert not session.logged_in(TIME)
        session.refuse_login(1, "no")
        assert [] == session.outgoing()


def test_the_peer_may_go_at_any_time() -> None:
    """And then there is nobody to say anything to."""
    for session in (new_session(), open_session()):
        session.peer_gone()
        assert State.CLOSED is where(session)
        session.replaced()
        assert ([], []) == (session.receive(text(PING), START), session.outgoing())
        session.peer_gone()


def test_close_reasons_fit_a_close_frame() -> None:
    """RFC 6455, 5.5: 125 bytes, two of which are the code."""
    for end, arguments in (
        ("replaced", ()),
        ("banned", ()),
        ("logged_out", ()),
        ("going_away", (1,)),
        ("overflowed", ()),
    ):
        session = open_session()
        getattr(session, end)(*arguments)
        assert 0 < len(session.close_reason.encode()) <= 123
