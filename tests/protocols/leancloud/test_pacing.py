"""What a fast server must keep apart, and for whom (wire: leancloud#pacing)."""

import pytest

from parlance.protocols.leancloud.answers.conversations import added, started
from parlance.protocols.leancloud.answers.failures import error
from parlance.protocols.leancloud.answers.messages import message_taken, patched
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.connection import PUSH_BACK, Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pacing import (
    COMMAND_AFTER_HELD_PUSHES,
    COMMAND_AFTER_PUSH,
    PATCH_PUSHES_AFTER,
    START_PUSHES_AFTER,
    Pacing,
)  # fmt: skip
from parlance.protocols.leancloud.pushes import conversations as pushes
from parlance.protocols.leancloud.pushes import messages as message_pushes
from parlance.protocols.leancloud.reader import Asked
from protocols.leancloud.parts import START, TIME, ask, heard, with_clients

BEGIN = pb.GenericCommand(cmd=pb.conv, op=pb.start, i=2, convMessage=pb.ConvCommand(m=["tom"]))
ADD = pb.GenericCommand(cmd=pb.conv, op=pb.add, i=3, convMessage=pb.ConvCommand(cid="c", m=["x"]))
SEND = pb.GenericCommand(cmd=pb.direct, i=4, directMessage=pb.DirectCommand(cid="c", msg="hi"))
SEEN = pb.GenericCommand(cmd=pb.ack, ackMessage=pb.AckCommand(cid="c", mid="m"))
ECHO = pb.GenericCommand(cmd=pb.echo, i=5)
LATER = START + START_PUSHES_AFTER


def starting() -> Connection:
    """A conversation was just started; its own pushes wait."""
    connection = with_clients("tom")
    connection.answer(ask(connection, BEGIN), started("c", "2026-01-01T00:00:00.000Z"), START)
    connection.hold(pushes.joined("c", "tom", None, TIME), "tom", LATER)
    connection.hold(pushes.members_joined("c", ["tom"], "tom", None, TIME), "tom", LATER)
    return connection


def arriving(connection: Connection, command: pb.GenericCommand, now: float) -> tuple[Asked, float]:
    """A command that has come, and when it may be taken up."""
    [event] = connection.receive_binary(command.SerializeToString(), now)
    assert isinstance(event, Asked)
    return event, connection.turn(event, now)


def ops(connection: Connection) -> list[int]:
    """The operations that the client gets to read."""
    return [command.op for command in heard(connection)]


def test_the_pushes_of_a_start_come_a_little_after_its_answer() -> None:
    """In their order, by themselves."""
    connection = starting()
    assert [pb.started] == ops(connection)
    assert LATER == connection.next_deadline()
    assert not connection.on_deadline(LATER - 0.001)
    assert [] == ops(connection)
    assert not connection.on_deadline(LATER)
    assert [pb.joined, pb.members_joined] == ops(connection)


def test_a_command_lets_them_out_early_and_waits_itself() -> None:
    """So that its answer does not overtake them."""
    connection = starting()
    event, at = arriving(connection, ADD, START + 0.001)
    assert pytest.approx(START + 0.001 + COMMAND_AFTER_HELD_PUSHES) == at
    assert [pb.started, pb.joined, pb.members_joined] == ops(connection)
    assert connection.take(event)


def test_a_command_waits_a_little_after_they_went_out() -> None:
    """They are pushes like others."""
    connection = starting()
    connection.on_deadline(LATER)
    assert pytest.approx(LATER + COMMAND_AFTER_PUSH) == arriving(connection, ADD, LATER)[1]


@pytest.mark.parametrize("command", [SEEN, ECHO])
def test_what_has_no_answer_to_overtake_with_neither_waits_nor_hurries(command: pb.GenericCommand) -> None:
    """Acknowledgements come at any time; they say nothing about what the client has read."""
    connection = starting()
    assert START == arriving(connection, command, START)[1]
    assert [pb.started] == ops(connection)


@pytest.mark.parametrize("command", [ADD])
def test_after_a_command_that_pushes_back_the_next_one_waits(command: pb.GenericCommand) -> None:
    """A few milliseconds, once."""
    connection = with_clients("tom")
    connection.answer(ask(connection, command), added("c", ["x"], [], None), START)
    assert pytest.approx(START + COMMAND_AFTER_PUSH) == arriving(connection, SEND, START)[1]
    assert START + 1 == arriving(connection, SEND, START + 1)[1]


def test_a_refused_command_has_pushed_nothing() -> None:
    """Nobody waits for it."""
    connection = with_clients("tom")
    connection.answer(ask(connection, ADD), error(ErrorCode.CONVERSATION_NOT_FOUND), START)
    assert START == arriving(connection, SEND, START)[1]


def test_messages_do_not_wait_for_each_other() -> None:
    """They come back to other connections only."""
    connection = with_clients("tom")
    connection.answer(ask(connection, SEND), message_taken("m", TIME, "c"), START)
    assert START == arriving(connection, SEND, START)[1]


def test_a_socket_that_is_shared_may_push_to_itself() -> None:
    """Its holder says so."""
    connection = with_clients("tom", "jerry")
    connection.answer(ask(connection, SEND), message_taken("m", TIME, "c"), START)
    connection.pushed_to_itself(START)
    assert pytest.approx(START + COMMAND_AFTER_PUSH) == arriving(connection, SEND, START)[1]


def test_an_edit_is_told_to_a_neighbour_on_the_socket_after_its_answer() -> None:
    """Who awaits the answer and only then listens, hears it."""
    connection = with_clients("tom", "jerry")
    body = pb.PatchCommand(patches=[pb.PatchItem(cid="c", mid="m")])
    asked = ask(connection, pb.GenericCommand(cmd=pb.patch, op=pb.modify, i=6, patchMessage=body))
    connection.answer(asked, patched(TIME + 1), START)
    push = message_pushes.patch("c", "m", "tom", "{}", TIME, TIME + 1, TIME + 1)
    connection.hold(push, "jerry", START + PATCH_PUSHES_AFTER)
    assert [pb.modified] == ops(connection)
    connection.on_deadline(START + PATCH_PUSHES_AFTER)
    assert ["jerry"] == [command.peerId for command in heard(connection)]


def test_what_is_held_goes_out_before_the_server_does() -> None:
    """Late, and not lost."""
    connection = starting()
    connection.going_away()
    assert [pb.conv, pb.conv, pb.conv, pb.goaway] == [command.cmd for command in heard(connection)]


def test_nothing_is_held_for_a_connection_that_is_over() -> None:
    """There is nobody to read it."""
    connection = starting()
    connection.peer_gone()
    connection.hold(pushes.left("c", "tom", None, TIME), "tom", LATER)
    connection.outgoing()
    connection.on_deadline(LATER)
    assert ([], None) == (heard(connection), connection.next_deadline())


def test_what_is_held_keeps_its_order() -> None:
    """Even if something later would be due earlier."""
    pacing = Pacing()
    pacing.hold(b"1", 5.0)
    pacing.hold(b"2", 3.0)
    assert 5.0 == pacing.due
    assert [] == pacing.release(4.0)
    assert [b"1", b"2"] == pacing.release(5.0)
    assert pacing.due is None


def test_those_who_push_back_are_those_who_change_who_is_in() -> None:
    """Reading, sending and asking do not."""
    assert 8 == len(PUSH_BACK)
