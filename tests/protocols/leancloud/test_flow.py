"""Tom and Jerry talk, each on a socket of his own: what they would read, line by line."""

from parlance.protocols.leancloud.answers.conversations import started
from parlance.protocols.leancloud.answers.messages import message_taken
from parlance.protocols.leancloud.commands.conversations import StartConversation
from parlance.protocols.leancloud.commands.messages import AckMessages, ReadMessages, SendMessage
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pacing import START_PUSHES_AFTER
from parlance.protocols.leancloud.pushes import conversations, messages
from protocols.leancloud.parts import OPEN_TOM, START, TIME, ask, decoded, heard, log_in, new_connection, with_clients

WORDS = '{"_lctype":-1,"_lctext":"hi"}'
CREATED = "2026-01-01T00:00:00.000Z"


def told(connection: Connection) -> list[tuple[int, int, bool]]:
    """Command, operation, and whether it is an answer."""
    return [
        (command.cmd, command.op if command.HasField("op") else 0, command.HasField("i"))
        for command in heard(connection)
    ]


def test_the_whole_conversation() -> None:
    """From the first login to coming back."""
    tom, jerry = new_connection(), with_clients("jerry")
    log_in(tom)
    # No name any more: Tom is alone on his socket, and has said that he would leave it out.
    start = pb.GenericCommand(
        cmd=pb.conv, op=pb.start, i=2,
        convMessage=pb.ConvCommand(m=["jerry", "tom"], unique=True, attr={"data": '{"name":"t"}'}),
    )  # fmt: skip
    asked = ask(tom, start)
    assert (StartConversation, "tom") == (type(asked.command), asked.peer_id)
    tom.answer(asked, started("c1", CREATED, unique_id="u"), START)
    joined = conversations.joined("c1", "tom", CREATED, TIME)
    members_joined = conversations.members_joined("c1", ["jerry", "tom"], "tom", CREATED, TIME)
    for push in (joined, members_joined):
        read = decoded(jerry.codec, jerry.codec.addressed(push, "jerry"))
        assert ("jerry", 2, TIME) == (read.peerId, read.service, read.serverTs)
        tom.hold(push, "tom", START + START_PUSHES_AFTER)
    tom.on_deadline(START + START_PUSHES_AFTER)
    assert [(pb.conv, pb.started, True), (pb.conv, pb.joined, False), (pb.conv, pb.members_joined, False)] == told(tom)

    sent = ask(
        tom, pb.GenericCommand(cmd=pb.direct, i=3, directMessage={"cid": "c1", "msg": WORDS, "r": True, "dt": "u"})
    )
    assert SendMessage(cid="c1", msg=WORDS, receipt=True, dt="u") == sent.command
    tom.answer(sent, message_taken("m1", TIME + 1, "c1"), START)
    assert [(pb.ack, 0, True)] == told(tom)
    arrived = decoded(jerry.codec, jerry.codec.addressed(
        messages.direct("m1", "c1", "tom", WORDS, TIME + 1, 1, TIME + 1), "jerry"
    ))  # fmt: skip
    assert (WORDS, "tom", 1) == (
        arrived.directMessage.msg,
        arrived.directMessage.fromPeerId,
        arrived.directMessage.convType,
    )

    seen = ask(jerry, pb.GenericCommand(cmd=pb.ack, ackMessage={"cid": "c1", "fromts": TIME + 1, "tots": TIME + 1}))
    assert AckMessages(cid="c1", fromts=TIME + 1, tots=TIME + 1) == seen.command
    read_up_to = {"cid": "c1", "mid": "m1", "timestamp": TIME + 1}
    marked = ask(jerry, pb.GenericCommand(cmd=pb.read, readMessage={"convs": [read_up_to]}))
    assert isinstance(marked.command, ReadMessages)
    assert [] == told(jerry)
    receipt = decoded(tom.codec, tom.codec.addressed(messages.read("m1", "c1", TIME + 2, "jerry", TIME + 2), "tom"))
    assert (pb.rcp, True, 1) == (receipt.cmd, receipt.rcpMessage.read, receipt.notificationType)

    tom.close(ask(tom, pb.GenericCommand(cmd=pb.session, op=pb.close, peerId="tom", i=4)))
    assert [(pb.session, pb.closed, True)] == told(tom)

    jerry.peer_gone()
    assert ["jerry"] == [session.peer_id for session in jerry.abandon()]
    back = new_connection()
    again = pb.GenericCommand()
    again.CopyFrom(OPEN_TOM)
    again.peerId, again.sessionMessage.r, again.sessionMessage.st = "jerry", True, "token-of-jerry"
    assert back.accept(ask(back, again), "st", 86_400, TIME)
    assert [(pb.session, pb.opened, True)] == told(back)
