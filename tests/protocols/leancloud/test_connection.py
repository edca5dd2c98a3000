"""Clients come to a socket, share it, and go."""

import pytest

from parlance.protocols.leancloud.answers.conversations import counted
from parlance.protocols.leancloud.answers.failures import error
from parlance.protocols.leancloud.answers.sessions import logged_out, online, refreshed
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codes import FATAL, CloseCode, ErrorCode
from parlance.protocols.leancloud.commands.conversations import CountMembers
from parlance.protocols.leancloud.commands.sessions import CloseSession, Login, OpenSession, RefreshSession
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.moves import ConnectionState, OutOfTurnError
from protocols.leancloud.parts import (
    LIMITS,
    OPEN_TOM,
    START,
    TIME,
    ask,
    feed,
    heard,
    log_in,
    new_connection,
    where,
    with_clients,
)  # fmt: skip

COUNT = pb.GenericCommand(cmd=pb.conv, op=pb.count, i=9, convMessage=pb.ConvCommand(cid="c1"))
READ = pb.GenericCommand(cmd=pb.read, readMessage=pb.ReadCommand(cid="c1"))
CLOSE = pb.GenericCommand(cmd=pb.session, op=pb.close, peerId="tom", i=4)


def opening(**fields: object) -> pb.GenericCommand:
    """A `session/open` with these fields in its body."""
    command = pb.GenericCommand(cmd=pb.session, op=pb.open, appId="app", peerId="tom", i=1)
    command.sessionMessage.SetInParent()
    for name, value in fields.items():
        setattr(command.sessionMessage, name, value)
    return command


def test_a_client_comes_in() -> None:
    """It is told its name, its token and the time."""
    connection = new_connection()
    asked = ask(connection, OPEN_TOM)
    assert isinstance(asked.command, OpenSession)
    assert connection.accept(asked, "st", 3_600, TIME)
    [answer] = heard(connection)
    assert (pb.session, pb.opened, 1, "tom", 2, TIME) == (
        answer.cmd, answer.op, answer.i, answer.peerId, answer.service, answer.serverTs,
    )  # fmt: skip
    assert pb.SessionCommand(st="st", stTtl=3_600) == answer.sessionMessage
    assert ConnectionState.USED is where(connection)
    [session] = connection.clients
    assert (True, True) == (session.is_open, session.can(Capabilities.PARTIAL_FAILURES))


def test_a_client_without_a_name_is_given_one() -> None:
    """And is told it."""
    connection = new_connection()
    command = opening()
    command.ClearField("peerId")
    connection.accept(ask(connection, command), "st", 1, TIME)
    assert ["made-1"] == [answer.peerId for answer in heard(connection)]
    assert connection.client("made-1") is not None


def test_what_a_client_says_of_itself_is_kept() -> None:
    """Capabilities, tag and device; bits that nobody knows yet are passed over."""
    connection = new_connection()
    asked = ask(connection, opening(configBitmap=0x1021, tag="mobile", deviceToken="d-1"))
    connection.accept(asked, "st", 1, TIME)
    [session] = connection.clients
    assert Capabilities.PATCHES | Capabilities.PARTIAL_FAILURES == session.capabilities
    assert ("mobile", "d-1") == (session.tag, session.device)


def test_several_clients_share_a_socket() -> None:
    """Each is addressed by its name."""
    connection = with_clients("tom", "jerry")
    command = pb.GenericCommand()
    command.CopyFrom(COUNT)
    command.peerId = "jerry"
    asked = ask(connection, command)
    assert asked.session is connection.client("jerry")
    assert ["tom", "jerry"] == [session.peer_id for session in connection.clients]


def test_without_a_name_the_first_client_is_meant() -> None:
    """The one who came first and is still here."""
    connection = with_clients("tom", "jerry")
    assert "tom" == ask(connection, COUNT).peer_id
    connection.close(ask(connection, CLOSE))
    assert "jerry" == ask(connection, COUNT).peer_id


def test_an_answer_has_the_serial_of_its_command() -> None:
    """And the service of chat."""
    connection = with_clients("tom")
    asked = ask(connection, COUNT)
    assert CountMembers(cid="c1") == asked.command
    connection.answer(asked, counted("c1", 3), START)
    expected = pb.GenericCommand(cmd=pb.conv, op=pb.result, i=9, service=2)
    expected.convMessage.CopyFrom(pb.ConvCommand(cid="c1", count=3))
    assert [expected] == heard(connection)


@pytest.mark.parametrize("serial", [0, -1, -65_536, 2**31 - 1, -(2**31)])
def test_every_serial_comes_back(serial: int) -> None:
    """Negative ones and 0 as well: what counts is that it is there."""
    connection = with_clients("tom")
    command = pb.GenericCommand(cmd=pb.conv, op=pb.count, i=serial, convMessage=pb.ConvCommand(cid="c1"))
    connection.answer(ask(connection, command), counted("c1", 1), START)
    [answer] = heard(connection)
    assert (True, serial) == (answer.HasField("i"), answer.i)


def test_a_command_without_a_serial_is_carried_out_and_not_answered() -> None:
    """Not even with an error."""
    connection = with_clients("tom")
    command = pb.GenericCommand(cmd=pb.conv, op=pb.count, convMessage=pb.ConvCommand(cid="c1"))
    asked = ask(connection, command)
    connection.answer(asked, counted("c1", 1), START)
    connection.answer(asked, error(ErrorCode.CONVERSATION_NOT_FOUND), START)
    assert [] == heard(connection)


def test_a_login_without_a_serial_is_answered_without_one() -> None:
    """Android clients come back like that."""
    connection = new_connection()
    command = opening(st="old")
    command.ClearField("i")
    asked = ask(connection, command)
    connection.refuse(asked, ErrorCode.SESSION_TOKEN_EXPIRED)
    [answer] = heard(connection)
    assert (pb.error, False, "tom", 4112) == (
        answer.cmd, answer.HasField("i"), answer.peerId, answer.errorMessage.code,
    )  # fmt: skip


def test_an_echo_is_echoed() -> None:
    """With the serial if there was one, from whoever it comes."""
    connection = new_connection()
    assert [] == feed(connection, pb.GenericCommand(cmd=pb.echo, i=7))
    assert [] == feed(connection, pb.GenericCommand(cmd=pb.echo, appId="app", peerId="tom"))
    assert [pb.GenericCommand(cmd=pb.echo, i=7), pb.GenericCommand(cmd=pb.echo)] == heard(connection)


def test_a_client_closes_its_session() -> None:
    """The answer has a body without a code, and the socket stays for the others."""
    connection = with_clients("tom", "jerry")
    asked = ask(connection, CLOSE)
    assert isinstance(asked.command, CloseSession)
    connection.close(asked)
    [answer] = heard(connection)
    assert (pb.closed, 4, "tom", True, False) == (
        answer.op, answer.i, answer.peerId, answer.HasField("sessionMessage"), answer.sessionMessage.HasField("code"),
    )  # fmt: skip
    assert ["jerry"] == [session.peer_id for session in connection.clients]
    assert connection.close_code is None


def test_a_session_is_refreshed() -> None:
    """With both token and time to live."""
    connection = with_clients("tom")
    body = pb.SessionCommand(st="old", ua="js")
    asked = ask(connection, pb.GenericCommand(cmd=pb.session, op=pb.refresh, i=5, sessionMessage=body))
    assert RefreshSession(st="old", ua="js") == asked.command
    connection.answer(asked, refreshed("new", 60), START)
    [answer] = heard(connection)
    assert ("tom", "new", 60) == (answer.peerId, answer.sessionMessage.st, answer.sessionMessage.stTtl)


def test_who_is_online() -> None:
    """Of at most twenty."""
    connection = with_clients("tom")
    names = [f"c{number}" for number in range(25)]
    body = pb.SessionCommand(sessionPeerIds=names)
    asked = ask(connection, pb.GenericCommand(cmd=pb.session, op=pb.query, i=5, sessionMessage=body))
    assert names[:20] == asked.command.asked_about  # type: ignore[attr-defined]
    connection.answer(asked, online(["c1"]), START)
    assert [["c1"]] == [list(answer.sessionMessage.onlineSessionPeerIds) for answer in heard(connection)]


def test_an_installation_logs_in_and_out() -> None:
    """It has no session, and is somebody all the same."""
    connection = new_connection()
    login = pb.GenericCommand(cmd=pb.login, appId="app", installationId="inst", service=1, i=1)
    asked = ask(connection, login)
    assert Login(app_id="app", installation_id="inst", service=1) == asked.command
    connection.accept_login(asked)
    assert ConnectionState.USED is where(connection)
    logout = ask(connection, pb.GenericCommand(cmd=pb.logout, installationId="inst", service=1, i=2))
    connection.answer(logout, logged_out("inst", 1), START)
    said = [(answer.cmd, answer.i, answer.service, answer.installationId) for answer in heard(connection)]
    assert [(pb.loggedin, 1, 1, "inst"), (pb.loggedout, 2, 1, "inst")] == said


def test_a_client_belongs_to_the_app_of_its_installation() -> None:
    """Unless it names one itself."""
    connection = new_connection()
    connection.accept_login(ask(connection, pb.GenericCommand(cmd=pb.login, appId="app", installationId="inst")))
    asked = ask(connection, pb.GenericCommand(cmd=pb.session, op=pb.open, peerId="tom", i=1))
    assert OpenSession(app_id="app", peer_id="tom") == asked.command
    assert connection.accept(asked, "st", 1, TIME)
    other = ask(connection, pb.GenericCommand(cmd=pb.session, op=pb.open, appId="other", peerId="jerry", i=2))
    assert OpenSession(app_id="other", peer_id="jerry") == other.command


def test_an_answer_names_the_client_if_the_command_did() -> None:
    """Some clients look there before they look at the serial."""
    connection = with_clients("tom", "jerry")
    for peer_id in ("tom", "jerry"):
        asked = ask(
            connection,
            pb.GenericCommand(cmd=pb.conv, op=pb.count, peerId=peer_id, i=1, convMessage=pb.ConvCommand(cid="c")),
        )
        connection.answer(asked, pb.GenericCommand(cmd=pb.conv, op=pb.result), START)
    assert ["tom", "jerry"] == [answer.peerId for answer in heard(connection)]
    connection.receive_binary(pb.GenericCommand(cmd=pb.room, peerId="jerry", i=2).SerializeToString(), START)
    assert [(pb.error, "jerry")] == [(answer.cmd, answer.peerId) for answer in heard(connection)]


def test_the_same_client_may_open_again() -> None:
    """The record is replaced; its place among the others stays."""
    connection = with_clients("tom", "jerry")
    asked = ask(connection, opening(tag="pc", deviceId="d-2"))
    assert connection.accept(asked, "st", 1, TIME)
    assert [("tom", "pc"), ("jerry", None)] == [(session.peer_id, session.tag) for session in connection.clients]


def test_a_refused_client_is_told_why() -> None:
    """By the name of the code; the socket stays, and it may try again."""
    connection = new_connection()
    connection.refuse(ask(connection, OPEN_TOM), ErrorCode.SIGNATURE_FAILED, "stale")
    [answer] = heard(connection)
    assert (1, 4102, "SIGNATURE_FAILED", "stale") == (
        answer.i, answer.errorMessage.code, answer.errorMessage.reason, answer.errorMessage.detail,
    )  # fmt: skip
    assert ([], None) == (connection.clients, connection.close_code)
    log_in(connection)


def test_who_is_refused_when_opening_again_stays_in() -> None:
    """A stale token costs a client the second login, not the first."""
    connection = with_clients("tom")
    connection.refuse(ask(connection, opening(st="stale")), ErrorCode.SESSION_TOKEN_EXPIRED)
    heard(connection)
    assert "tom" == ask(connection, COUNT).peer_id


def test_who_comes_back_by_itself_may_find_another_device_in_its_place() -> None:
    """It is closed, as an answer to its login."""
    connection = new_connection()
    asked = ask(connection, opening(r=True, tag="mobile", deviceId="d-1"))
    assert isinstance(asked.command, OpenSession)
    assert (True, "mobile", "d-1") == (asked.command.reconnect, asked.command.exclusive_tag, asked.command.device)
    connection.refuse_conflicting(asked)
    [answer] = heard(connection)
    assert (pb.closed, 1, "tom") == (answer.op, answer.i, answer.peerId)
    assert pb.SessionCommand(code=4111, reason="SESSION_CONFLICT") == answer.sessionMessage
    assert [] == connection.clients


@pytest.mark.parametrize("tag", [None, "", "default"])
def test_some_tags_are_none(tag: str | None) -> None:
    """Such devices do not compete."""
    assert OpenSession(tag=tag).exclusive_tag is None


def test_a_kicked_client_is_told_and_the_others_stay() -> None:
    """A push: no serial, the code, and whom it is for."""
    connection = with_clients("tom", "jerry")
    connection.kick("tom", ErrorCode.KICKED_BY_APP, "be nice", TIME)
    [push] = heard(connection)
    assert (pb.session, pb.closed, False, "tom", 2, TIME) == (
        push.cmd, push.op, push.HasField("i"), push.peerId, push.service, push.serverTs,
    )  # fmt: skip
    assert pb.SessionCommand(code=4115, reason="be nice") == push.sessionMessage
    assert (["jerry"], None) == ([session.peer_id for session in connection.clients], connection.close_code)


def test_kicking_who_is_not_here_changes_nothing() -> None:
    """News from elsewhere may be late."""
    connection = with_clients("tom")
    connection.kick("jerry", ErrorCode.SESSION_CONFLICT, None, TIME)
    assert ([], 1) == (heard(connection), len(connection.clients))


def test_a_client_kicked_while_it_opens_again_comes_in_anew() -> None:
    """The kick was for who it was."""
    connection = with_clients("tom")
    asked = ask(connection, OPEN_TOM)
    connection.kick("tom", ErrorCode.KICKED_BY_APP, None, TIME)
    assert [] == connection.clients
    assert connection.accept(asked, "st", 1, TIME)
    assert ["tom"] == [session.peer_id for session in connection.clients]


@pytest.mark.parametrize("command", [COUNT, CLOSE])
def test_before_a_login_nothing_else_is_taken_up(command: pb.GenericCommand) -> None:
    """4105, and the serial."""
    connection = new_connection()
    assert [] == feed(connection, command)
    [answer] = heard(connection)
    assert (pb.error, command.i, 4105, "SESSION_REQUIRED") == (
        answer.cmd, answer.i, answer.errorMessage.code, answer.errorMessage.reason,
    )  # fmt: skip


def test_who_asks_for_nothing_is_told_nothing_before_a_login() -> None:
    """A command without a serial has no answer, not even this one."""
    connection = new_connection()
    assert ([], []) == (feed(connection, READ), heard(connection))


def test_a_client_that_is_not_here_cannot_be_spoken_for() -> None:
    """Not even by a neighbour on the same socket."""
    connection = with_clients("tom")
    command = pb.GenericCommand()
    command.CopyFrom(COUNT)
    command.peerId = "jerry"
    assert [] == feed(connection, command)
    assert [4105] == [answer.errorMessage.code for answer in heard(connection)]


def test_acknowledgements_of_an_installation_need_no_session() -> None:
    """It has none."""
    connection = new_connection()
    assert 1 == len(feed(connection, pb.GenericCommand(cmd=pb.ack, ackMessage=pb.AckCommand(ids=["a"]))))


def test_too_long_a_name_is_refused() -> None:
    """4103, as an answer, so that the other clients of the socket live."""
    connection = with_clients("jerry")
    command = opening()
    command.peerId = "x" * 65
    assert [] == feed(connection, command)
    assert [(1, 4103)] == [(answer.i, answer.errorMessage.code) for answer in heard(connection)]
    assert ["jerry"] == [session.peer_id for session in connection.clients]


def test_a_socket_carries_so_many_clients_and_no_more() -> None:
    """4113 for who is one too many; who is in may open again."""
    names = [f"c{number}" for number in range(LIMITS.sessions)]
    connection = with_clients(*names)
    assert [] == feed(connection, OPEN_TOM)
    assert [4113] == [answer.errorMessage.code for answer in heard(connection)]
    log_in(connection, names[0])
    assert names == [session.peer_id for session in connection.clients]


def test_taking_up_anything_while_a_login_is_decided_is_a_bug_of_ours() -> None:
    """The holder of the connection must wait."""
    connection = new_connection()
    asked = ask(connection, OPEN_TOM)
    with pytest.raises(OutOfTurnError):
        feed(connection, COUNT)
    assert connection.accept(asked, "st", 1, TIME)
    with pytest.raises(OutOfTurnError):
        connection.accept(asked, "st", 1, TIME)


def test_going_away_asks_clients_to_come_back() -> None:
    """Two bytes and a close; what was asked before is still answered, nothing new is heard."""
    connection = with_clients("tom")
    asked = ask(connection, COUNT)
    connection.going_away()
    connection.answer(asked, counted("c1", 1), START)
    assert [pb.goaway, pb.conv] == [command.cmd for command in heard(connection)]
    assert (CloseCode.GOING_AWAY, "GOING_AWAY") == (connection.close_code, connection.close_reason)
    assert [] == connection.receive_binary(COUNT.SerializeToString(), START)


def test_alone_a_server_just_closes() -> None:
    """Nobody would be there to tell clients the address."""
    connection = with_clients("tom")
    connection.going_away(elsewhere=False)
    assert ([], CloseCode.GOING_AWAY) == (heard(connection), connection.close_code)


def test_a_slow_reader_is_closed_without_words() -> None:
    """It would not read them."""
    connection = with_clients("tom")
    connection.overflowed()
    assert ([], CloseCode.OVERFLOWED) == (heard(connection), connection.close_code)


@pytest.mark.parametrize("code", sorted(FATAL))
def test_who_is_turned_away_never_comes_back(code: CloseCode) -> None:
    """Only for what would be the same again."""
    connection = new_connection()
    connection.turn_away(code)
    assert (ConnectionState.CLOSING, code) == (connection.state, connection.close_code)


def test_those_who_were_in_at_the_end_are_named_once() -> None:
    """They have not said goodbye: their wills are due."""
    connection = with_clients("tom", "jerry")
    connection.close(ask(connection, CLOSE))
    connection.peer_gone()
    assert ["jerry"] == [session.peer_id for session in connection.abandon()]
    assert ([], []) == (connection.abandon(), connection.clients)


def test_a_login_decided_too_late_is_no_login() -> None:
    """The socket was lost meanwhile: the gateway must not count the client in."""
    for end in ("peer_gone", "overflowed"):
        connection = with_clients("tom")
        asked = ask(connection, OPEN_TOM)
        getattr(connection, end)()
        connection.abandon()
        assert not connection.accept(asked, "st", 1, TIME)
        connection.refuse(asked, ErrorCode.INTERNAL_ERROR)
        assert [] == heard(connection)


def test_the_first_end_is_the_one_that_counts() -> None:
    """A closing connection adds nothing to its last words."""
    connection = with_clients("tom")
    connection.going_away()
    heard(connection)
    connection.overflowed()
    connection.going_away()
    connection.kick("tom", ErrorCode.KICKED_BY_APP, None, TIME)
    assert ([], CloseCode.GOING_AWAY) == (heard(connection), connection.close_code)
    connection.peer_gone()
    assert ConnectionState.CLOSED is where(connection)
    assert not connection.on_deadline(START + 9_999)
