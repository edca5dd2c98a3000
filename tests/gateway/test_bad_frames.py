"""What is no command of this protocol: each is answered, changes nothing, and disturbs nobody."""

import msgspec
import pytest

from cast import Socket, Town
from gateway.raw import BINARY, Lines, command, frame
from gateway.watch import quiet, refusal, refused
from parlance.protocols.platform.session import MOST_BAD_FRAMES

REFUSED = 1008
DEEP = 100_000


def deep(levels: int, opening: str = "[", closing: str = "]") -> str:
    """JSON nested so many levels."""
    return opening * levels + closing * levels


NOT_JSON = [
    "",
    " ",
    "null",
    "7",
    '"text"',
    "[]",
    "{",
    "}",
    '{"type":"ping"',
    '{"type":"ping"}}',
    '{"type":"ping"} {"type":"ping"}',
    "{'type':'ping'}",
    '{"type":"ping",}',
    '{"type": ping}',
    '{"type":"ping","data":{"ref":"\\ud800"}}',
    '{"type":"ping","data":{"ref":"\\udc00\\ud800"}}',
    '{"type":"ping","data":{"ref":"\\x41"}}',
    '{"type":"ping","data":{"ref":"raw \x01 control"}}',
    "\x00",
    "\ufeff",
    deep(DEEP // 2),
    deep(20_000, '{"a":', "}"),
    '{"type":"ping","data":' + deep(DEEP // 4, "[", "]") + "}",
    "NaN",
    '{"type":"sync","data":{"since":NaN}}',
    '{"type":"sync","data":{"since":Infinity}}',
]
MISTYPED = [
    "{}",
    '{"data":{}}',
    '{"type":null}',
    '{"type":7}',
    '{"type":["ping"]}',
    '{"type":"PING"}',
    '{"type":"ping "}',
    '{"type":"login.success","data":{}}',
    '{"type":"msg.new","data":{}}',
    '{"type":"__class__"}',
    '{"type":"ping","data":null}',
    '{"type":"ping","data":[]}',
    '{"type":"ping","data":"{}"}',
    '{"type":"ping","data":{"ref":7}}',
    '{"type":"msg.send"}',
    '{"type":"msg.list","data":{}}',
    '{"type":"sync","data":{"since":1e3}}',
    '{"type":"sync","data":{"since":' + "9" * 5000 + "}}",
    '{"type":"sync","data":{"limit":-' + "9" * 400 + "}}",
    '{"type":"sync","data":{"since":1e999999}}',
    '{"type":"presence","data":{"client_ids":[' + "9" * 30 + "]}}",
]


async def error(socket: Socket) -> int:
    """The code of the next `error`."""
    frame_ = await socket.next("error")
    assert {"type", "msg", "data"} == frame_.keys()
    assert frame_["msg"]
    code: int = frame_["data"]["code"]
    return code


@pytest.mark.parametrize("sent", NOT_JSON, ids=range(len(NOT_JSON)))
async def test_what_is_not_json_of_ours_is_a_wrong_format(town: Town, sent: str) -> None:
    """It is answered with 4406; the connection stays, and the others notice nothing."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await ada.ws.send_str(sent)
    assert 4406 == await error(ada)
    assert "pong" == (await ada.request("ping"))["type"]
    assert await quiet(ada, ben)


@pytest.mark.parametrize("sent", MISTYPED, ids=range(len(MISTYPED)))
async def test_what_is_no_command_is_refused(town: Town, sent: str) -> None:
    """Unknown, incomplete and mistyped commands are 4001 or 4406, and the connection stays."""
    ada = await town.log_in(town.ada)
    await ada.ws.send_str(sent)
    assert await error(ada) in {4001, 4406}
    assert "pong" == (await ada.request("ping"))["type"]


@pytest.mark.parametrize("sent", [b"\xff", b"\xc3\x28", b'{"type":"ping","data":{"ref":"\xed\xa0\x80"}}', b"\xf8\x88"])
async def test_what_is_not_utf_8_is_refused(town: Town, lines: Lines, sent: bytes) -> None:
    """A text frame of other bytes is answered like any bad frame."""
    ada = await lines.log_in(town.ada)
    await ada.send(frame(sent) + command("ping"))
    assert 4406 == (await ada.next("error"))["data"]["code"]
    await ada.next("pong")


async def test_bytes_that_no_text_may_have_never_come_out_again(town: Town, lines: Lines) -> None:
    """Halves of surrogate pairs and other broken texts are in no message, whatever field they were sent in."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    group = town.group.encode()
    for field in (b'"text":"%s"', b'"text":"x","url":"%s"', b'"text":"x","ref":"%s"', b'"text":"x","attr":{"a":"%s"}'):
        for broken in (b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\\udfff\\ud800"):
            body = b'{"type":"msg.send","data":{"conv_id":"%s","type":-1,%s}}' % (group, field % broken)
            await ada.send(frame(body) + command("ping"))
            assert 4406 == (await ada.next("error"))["data"]["code"]
    assert await quiet(ben)
    await ada.send(frame(b'{"type":"msg.send","data":{"conv_id":"%s","type":-1,"text":"\\ud83d\\ude00"}}' % group))
    assert "😀" == (await ben.next("msg.new"))["data"]["text"]


async def test_binary_frames_are_not_spoken_here(town: Town, lines: Lines) -> None:
    """A binary frame is answered with an error, whatever is in it; before a login, too."""
    ada, stranger = await lines.log_in(town.ada), await lines.connect()
    for raw in (ada, stranger):
        for payload in (b"", b'{"type":"ping"}', bytes(1000)):
            await raw.send(frame(payload, BINARY))
            assert 4406 == (await raw.next("error"))["data"]["code"]
    await ada.send(command("ping"))
    await ada.next("pong")


async def test_the_last_of_two_fields_counts(town: Town) -> None:
    """A field that comes twice is read as the last one says; a frame of two types is of none."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await ada.ws.send_str(
        '{"type":"msg.send","data":{"conv_id":"x","type":-6,"text":"first","type":-1,"text":"second",'
        f'"conv_id":"{town.group}"}}}}'
    )
    assert "second" == (await ben.next("msg.new"))["data"]["text"]
    await ada.ws.send_str('{"type":"ping","type":"logout"}')
    assert 4406 == await error(ada)


async def test_unknown_fields_are_passed_over(town: Town) -> None:
    """Whatever else is in a command does no harm, however it is called."""
    ada = await town.log_in(town.ada)
    more = {"__class__": 1, "self": [], "from_client": "ben", "seq": 99, "msg_id": "x", "\x00": "\x00", "": {}}
    answer = await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "hello", **more})
    assert ("msg.sent", 1) == (answer["type"], answer["data"]["seq"])
    [row] = (await ada.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert "ada" == row["from_client"]


async def test_nesting_has_a_bound(town: Town) -> None:
    """`attr` and `ext` may be a hundred levels deep, no more; a bracket within a text is no level."""
    ada = await town.log_in(town.ada)
    told = {"conv_id": town.group, "type": -1, "text": "deep"}
    for levels, answered in ((100, "msg.sent"), (101, "error"), (900, "error")):
        attr = msgspec.Raw(deep(levels).encode())
        assert answered == (await ada.request("msg.send", {**told, "attr": attr}))["type"]
    assert "msg.sent" == (await ada.request("msg.send", {**told, "attr": {"a": "[" * 30_000}}))["type"]
    stranger = await town.connect()
    ext = msgspec.Raw(deep(101, '{"a":', "}").replace('"a":}', '"a":1}').encode())
    answer = await stranger.request("login", {"app_id": "hall", "client_id": "ada", "ext": ext})
    assert refused(4406) == refusal(answer)


async def test_the_answer_does_not_repeat_what_was_sent(town: Town) -> None:
    """A refusal is short, however long what was refused, and shows nothing of our inside."""
    ada = await town.log_in(town.ada)
    for wrong in ({"seq": "x" * 100_000}, {"seq": {"y" * 100_000: 1}}, {"seq": [1] * 10_000}):
        answer = await ada.request("msg.read", {"conv_id": town.group, **wrong})
        assert len(answer["msg"]) < 100
        assert "parlance" not in answer["msg"]
    await ada.ws.send_str('{"type":"' + "z" * 100_000 + '"}')
    assert len((await ada.next("error"))["msg"]) < 100


async def test_a_long_text_passes(town: Town) -> None:
    """Ten thousand characters, of four bytes each, are a message like any other."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    text = "𝄞" * 10_000
    await ada.send("msg.send", {"conv_id": town.group, "type": -1, "text": text})
    assert text == (await ben.next("msg.new"))["data"]["text"]


async def test_twenty_bad_frames_in_a_row_end_it(town: Town) -> None:
    """Each is answered, the twentieth with the end, told with code 1008; a good one in between starts afresh."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    for _ in range(3):
        for _ in range(MOST_BAD_FRAMES - 1):
            await ada.ws.send_str("bad")
            assert 4406 == await error(ada)
        await ada.request("ping")
    for _ in range(MOST_BAD_FRAMES):
        await ada.ws.send_str("bad")
    assert REFUSED == await ada.closed()
    assert [4406] * MOST_BAD_FRAMES + [1] == [frame_["data"]["code"] for frame_ in ada.unread]
    assert "too many bad frames" == ada.unread[-1]["msg"]
    assert await quiet(ben)


async def test_before_the_login_they_count_as_well(town: Town) -> None:
    """Whoever only talks nonsense, or only talks, without logging in is let go of."""
    stranger = await town.connect()
    for number in range(MOST_BAD_FRAMES):
        await stranger.ws.send_str("bad" if number % 2 else '{"type":"ping"}')
    assert REFUSED == await stranger.closed()


async def test_what_follows_the_end_is_not_done(town: Town, lines: Lines) -> None:
    """Commands behind the frame that ended a session have no effect, though they came in one piece with it."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    said = command("msg.send", conv_id=town.group, type=-1, text="behind the end")
    await ada.send(frame(b"bad") * MOST_BAD_FRAMES + said)
    code, _ = await ada.goodbye()
    assert REFUSED == code
    assert await quiet(ben)
