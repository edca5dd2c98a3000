"""Coming in, coming back, and being let out (wire: leancloud#session-open)."""

import asyncio
from typing import Any

import pytest

from cast import PATIENCE, SERVERS
from gateway.leancloud.clients import BINARY, TEXT, Client, Frame, Hall, Line, refusal, seen
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.core.model.signature import Permission, signature_of
from parlance.kernel.ids import ClientId
from parlance.protocols.leancloud.generated import messages_pb2 as pb

THROUGH = ("lc.protobuf2.3", "lc.proto2base64.3", "lc.protobuf2.1", "lc.proto2base64.1")


@pytest.mark.parametrize("protocol", THROUGH)
async def test_a_client_comes_in(hall: Hall, protocol: str) -> None:
    """It gets a token for so many seconds, and learns what time it is; the sub-protocol is said back."""
    began = hall.town.clock.now()
    tom = await hall.log_in("tom", protocol=protocol)
    opened = tom.opened
    assert (protocol, "tom", 2, 172_800) == (
        tom.line.ws.protocol,
        opened.peerId,
        opened.service,
        opened.sessionMessage.stTtl,
    )
    assert not opened.sessionMessage.HasField("code")
    assert began <= opened.serverTs <= hall.town.clock.now()
    assert tom.token


async def test_one_protocol_of_several_is_chosen(hall: Hall) -> None:
    """The first that is known."""
    line = await hall.connect("lc.unheard.9", TEXT, BINARY)
    assert TEXT == line.ws.protocol
    await hall.log_in("tom", line=line)


async def test_old_clients_say_it_in_the_address(hall: Hall) -> None:
    """Then nothing is said back, and it holds all the same."""
    ws = await hall.town.session.ws_connect(f"{hall.town.base}/?subprotocol=lc.json.3")
    await ws.send_str('{"cmd":"session","op":"open","appId":"lobby","peerId":"tom","i":-65535,"ua":"dotnet/1.0"}')
    opened = await ws.receive_json()
    assert (None, "session", "opened", "tom", -65535) == (
        ws.protocol,
        *(opened[key] for key in ("cmd", "op", "peerId", "i")),
    )
    await ws.send_str("{}")
    assert {} == await ws.receive_json()
    await ws.close()


async def test_without_a_protocol_the_first_frame_tells(hall: Hall) -> None:
    """Binary is protobuf."""
    ws = await hall.town.session.ws_connect(f"{hall.town.base}/")
    assert ws.protocol is None
    line = Line(ws)
    await hall.log_in("tom", line=line)
    await ws.close()


async def test_who_has_no_name_gets_one(hall: Hall) -> None:
    """It is told it in the answer."""
    line = await hall.connect()
    opening = hall.opening("")
    opening.ClearField("peerId")
    opened = await line.ask(opening)
    assert (pb.opened, 32) == (opened.op, len(opened.peerId))
    cid = await Client(line, opened.peerId, opened).start("jerry")
    assert cid


async def test_a_serial_is_not_needed_to_come_in(hall: Hall) -> None:
    """Some clients come back without one, and are answered without one."""
    line = await hall.connect()
    await line.send(hall.opening("tom"))
    opened = await line.first(lambda frame: frame.op == pb.opened, "the answer")
    assert not opened.HasField("i")


async def test_many_share_a_socket(hall: Hall) -> None:
    """Each hears what is for it; without a name the first one speaks."""
    line = await hall.connect()
    tom, jerry = await hall.log_in("tom", line=line), await hall.log_in("jerry", line=line)
    cid = await tom.start("jerry")
    await jerry.settled()
    said = await line.ask(Frame(cmd=pb.direct, directMessage=pb.DirectCommand(cid=cid, msg="hi")))
    heard = await jerry.heard()
    assert (said.ackMessage.uid, "tom", "hi") == (heard.id, heard.fromPeerId, heard.msg)
    assert [] == await line.quiet()


async def test_a_hundred_share_a_socket_and_no_more(hall: Hall) -> None:
    """One too many is told so; the others stay, and when one goes there is room."""
    line = await hall.connect()
    for number in range(100):
        await hall.log_in(f"client {number}", line=line)
    assert (4113, "APP_QUOTA_EXCEEDED") == refusal(await line.ask(hall.opening("one too many")))
    first = Client(line, "client 0", Frame())
    assert pb.closed == (await first.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())).op
    await hall.log_in("one too many", line=line)


async def test_one_may_come_in_twice(hall: Hall) -> None:
    """On the same socket it is the same client; on another it is another device of it, and both hear everything."""
    line = await hall.connect()
    await hall.log_in("tom", line=line)
    tom, elsewhere, jerry = await hall.log_in("tom", line=line), await hall.log_in("tom"), await hall.log_in("jerry")
    cid = await jerry.start("tom")
    await tom.settled()
    await elsewhere.settled()
    said = await jerry.say(cid)
    assert [[said.uid], [said.uid]] == [
        [frame.directMessage.id for frame in await line.quiet()] for line in (tom.line, elsewhere.line)
    ]


@pytest.mark.parametrize("name", ["x" * 65, "a\tb", "a\x00b"])
async def test_an_impossible_name(hall: Hall, tom: Client, name: str) -> None:
    """It is refused as an answer, so that the others on the socket live."""
    assert (4103, "INVALID_LOGIN") == refusal(await tom.line.ask(hall.opening(name)))
    assert await tom.start("jerry")


@pytest.mark.parametrize("name", ["汤姆", "tom@example.com", "Tom Cat", "9a36", "x" * 64, "😀"])
async def test_nearly_every_name_is_possible(hall: Hall, name: str) -> None:
    """Apps name their users as they like."""
    client = await hall.log_in(name)
    assert name == client.opened.peerId
    cid = await client.start("jerry")
    assert (await client.say(cid)).uid


async def test_an_unknown_app(hall: Hall) -> None:
    """It is refused, and the socket stays."""
    line = await hall.connect()
    assert (4100, "APP_NOT_AVAILABLE") == refusal(await line.ask(hall.opening("tom", app_id="nowhere")))
    nameless = hall.opening("tom")
    nameless.ClearField("appId")
    assert (4100, "APP_NOT_AVAILABLE") == refusal(await line.ask(nameless))
    await hall.log_in("tom", line=line)


async def test_who_is_not_in_is_told_so(hall: Hall) -> None:
    """Anything but a sign of life takes a session."""
    line = await hall.connect()
    asked = Frame(cmd=pb.conv, op=pb.count, convMessage=pb.ConvCommand(cid="c"))
    assert (4105, "SESSION_REQUIRED") == refusal(await line.ask(asked))
    message = Frame(cmd=pb.direct, directMessage=pb.DirectCommand(cid="c", msg="x"))
    assert (4105, "SESSION_REQUIRED") == refusal(await line.ask(message))
    assert pb.echo == (await line.ask(Frame(cmd=pb.echo))).cmd


async def test_the_banned_stay_out(hall: Hall, tom: Client) -> None:
    """Who is banned is told so and is out, the socket stays; it does not come in again."""
    app = await hall.town.application.actions.find_apps.one(hall.app_id)
    jerry = await hall.log_in("jerry", line=tom.line)
    await hall.town.application.actions.ban(Caller(app), ClientId("tom"))
    closed = await tom.pushed(pb.session, pb.closed)
    assert (4106, "BLACKLISTED") == (closed.sessionMessage.code, closed.sessionMessage.reason)
    assert (4106, "BLACKLISTED") == refusal(await tom.line.ask(hall.opening("tom")))
    assert await jerry.start("spike")


async def test_a_client_goes(hall: Hall, tom: Client) -> None:
    """It is told without a code, which would mean that it was thrown out; then it is not in any more."""
    closed = await tom.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    assert (pb.closed, "tom", True, False) == (
        closed.op,
        closed.peerId,
        closed.HasField("sessionMessage"),
        closed.sessionMessage.HasField("code"),
    )
    assert (4105, "SESSION_REQUIRED") == refusal(await tom.conv(pb.count, cid="c"))
    assert pb.opened == (await hall.log_in("tom", line=tom.line)).opened.op


async def test_who_is_online(hall: Hall, tom: Client, jerry: Client) -> None:
    """Of the first twenty that are named."""
    names = ["jerry", "nobody", "tom", *(f"x{number}" for number in range(17)), "too late"]
    await hall.log_in("too late")
    answer = await tom.ask(pb.session, pb.query, sessionMessage=pb.SessionCommand(sessionPeerIds=names))
    assert (pb.query_result, {"jerry", "tom"}) == (answer.op, set(answer.sessionMessage.onlineSessionPeerIds))
    await jerry.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    async with asyncio.timeout(PATIENCE):
        online = ["jerry"]
        while "jerry" in online:
            answer = await tom.ask(pb.session, pb.query, sessionMessage=pb.SessionCommand(sessionPeerIds=names))
            online = list(answer.sessionMessage.onlineSessionPeerIds)
            # Other servers hear of it a moment later.
            assert SERVERS > 1 or online == ["tom"]
    assert ["tom"] == online


# Tokens and signatures


async def signed(hall: Hall, name: str, timestamp: int | None = None) -> dict[str, Any]:
    """The fields of a signature for a login."""
    app = await hall.town.application.actions.find_apps.one("strict")
    at = hall.town.clock.now() if timestamp is None else timestamp
    return {"t": at, "n": "nonce", "s": signature_of(app, Permission(ClientId(name)), at, "nonce")}


@pytest.fixture
async def strict(hall: Hall) -> Hall:
    """The same hall, with an app that wants its logins signed."""
    await hall.town.app("strict", Policy.TOKEN)
    hall.app_id = "strict"
    return hall


async def test_a_signature_lets_in(strict: Hall) -> None:
    """With milliseconds or seconds, in letters of either case."""
    await strict.log_in("tom", **await signed(strict, "tom"))
    fields = await signed(strict, "jerry", strict.town.clock.now() // 1000)
    await strict.log_in("jerry", **fields | {"s": str(fields["s"]).upper()})


async def test_a_wrong_signature_keeps_out(strict: Hall) -> None:
    """So does none, half of one, somebody else's, and one that is too old."""
    line = await strict.connect()
    good = await signed(strict, "tom")
    old = await signed(strict, "tom", strict.town.clock.now() - 24 * 3600 * 1000)
    for fields in ({}, {"t": 1, "n": "x"}, {**good, "s": "0" * 40}, await signed(strict, "jerry"), old):
        refused = await line.ask(strict.opening("tom", **fields))
        assert (4102, "SIGNATURE_FAILED") == refusal(refused)
    await strict.log_in("tom", line=line, **good)


async def test_a_token_stands_for_the_signature(strict: Hall) -> None:
    """Who comes back needs nothing else; another's token or one that is none is 4112, and none at all is not."""
    tom = await strict.log_in("tom", **await signed(strict, "tom"))
    line = await strict.connect()
    await strict.log_in("tom", line=line, r=True, st=tom.token)
    for name, st in (("jerry", tom.token), ("tom", "x.y.z"), ("tom", tom.token[:-2])):
        refused = await line.ask(strict.opening(name, r=True, st=st))
        assert (4112, "SESSION_TOKEN_EXPIRED") == refusal(refused)
    assert (4102, "SIGNATURE_FAILED") == refusal(await line.ask(strict.opening("tom", r=True)))
    assert (4102, "SIGNATURE_FAILED") == refusal(await line.ask(strict.opening("tom", r=True, st="")))


async def test_a_token_ends(strict: Hall) -> None:
    """After two days; the open session is reason enough for another."""
    tom = await strict.log_in("tom", **await signed(strict, "tom"))
    strict.town.clock.advance(48 * 3600 * 1000 + 1000)
    line = await strict.connect()
    assert (4112, "SESSION_TOKEN_EXPIRED") == refusal(await line.ask(strict.opening("tom", r=True, st=tom.token)))
    answer = await tom.ask(pb.session, pb.refresh, sessionMessage=pb.SessionCommand(ua="js", st=tom.token))
    assert (pb.refreshed, 172_800) == (answer.op, answer.sessionMessage.stTtl)
    await strict.log_in("tom", line=line, r=True, st=answer.sessionMessage.st)


# One device at a time


async def test_a_tag_has_one_device(hall: Hall) -> None:
    """Who logs in takes it: the other is told, and is out without losing its socket."""
    old = await hall.log_in("tom", tag="mobile", deviceId="d1")
    spike = await hall.log_in("spike", line=old.line)
    other = await hall.log_in("tom", tag="web", deviceId="d9")
    await hall.log_in("tom", tag="mobile", deviceId="d2")
    closed = await old.pushed(pb.session, pb.closed)
    assert (4111, "SESSION_CONFLICT", False) == (
        closed.sessionMessage.code,
        closed.sessionMessage.reason,
        closed.HasField("i"),
    )
    assert (4105, "SESSION_REQUIRED") == refusal(await old.conv(pb.count, cid="c"))
    assert [] == await other.line.quiet()
    assert await spike.start("jerry")


async def test_who_comes_back_loses_against_who_has_come(hall: Hall) -> None:
    """Even while neither is there; the token knows tag and device, which are not said again."""
    old = await hall.log_in("tom", tag="mobile", deviceToken="d1")
    await old.line.ws.close()
    again = await hall.log_in("tom", r=True, st=old.token)
    await again.line.ws.close()
    new = await hall.log_in("tom", tag="mobile", deviceToken="d2")
    line = await hall.connect()
    answer = await line.ask(hall.opening("tom", r=True, st=old.token))
    assert (pb.session, pb.closed, 4111) == (answer.cmd, answer.op, answer.sessionMessage.code)
    assert [] == await new.line.quiet()
    await hall.log_in("tom", r=True, st=new.token)


@pytest.mark.parametrize("tag", ["default", ""])
async def test_no_tag_conflicts_with_nobody(hall: Hall, tag: str) -> None:
    """Nor does the usual one."""
    first = await hall.log_in("tom", tag=tag, deviceId="d1")
    await hall.log_in("tom", tag=tag, deviceId="d2")
    assert [] == await first.line.quiet()


async def test_the_same_device_takes_its_own_place(hall: Hall) -> None:
    """Nobody is told of a conflict."""
    first = await hall.log_in("tom", tag="mobile", deviceId="d1")
    await hall.log_in("tom", tag="mobile", deviceId="d1")
    assert [] == await first.line.quiet()


async def test_an_app_throws_a_client_out(hall: Hall) -> None:
    """Everywhere, with its words; the sockets stay, and what it had before lets it in no more."""
    tom, tablet, jerry = await hall.log_in("tom"), await hall.log_in("tom"), await hall.log_in("jerry")
    app = await hall.town.application.actions.find_apps.one(hall.app_id)
    hall.town.clock.advance(2)
    await hall.town.application.actions.kick(Caller(app), ClientId("tom"), "house rules")
    for client in (tom, tablet):
        closed = await client.pushed(pb.session, pb.closed)
        assert (4115, "house rules") == (closed.sessionMessage.code, closed.sessionMessage.reason)
    assert [] == await jerry.line.quiet()
    refused = await tom.line.ask(hall.opening("tom", r=True, st=tom.token))
    assert (4112, "SESSION_TOKEN_EXPIRED") == refusal(refused)


# Installations


async def test_an_installation_logs_in(hall: Hall) -> None:
    """For watched queries and for pushes; there is no session by it."""
    line = await hall.connect()
    for service in (1, None):
        answer = await line.ask(Frame(cmd=pb.login, appId="lobby", installationId="device", service=service))
        assert (pb.loggedin, "device", service or 0) == (answer.cmd, answer.installationId, answer.service)
    await line.send(Frame(cmd=pb.ack, ackMessage=pb.AckCommand(ids=["x"])))
    answer = await line.ask(Frame(cmd=pb.logout, appId="lobby", installationId="device", service=1))
    assert (pb.loggedout, "device", 1) == (answer.cmd, answer.installationId, answer.service)
    assert (4100, "APP_NOT_AVAILABLE") == refusal(await line.ask(Frame(cmd=pb.login, appId="x", installationId="d")))


async def test_a_push_token_is_taken(tom: Client) -> None:
    """Though nobody pushes from here."""
    body = pb.ReportCommand(initiative=True, type="token", data="abc")
    answer = await tom.ask(pb.report, pb.upload, reportMessage=body)
    assert ["report uploaded"] == seen([answer])


@pytest.mark.by_one_server
async def test_old_clients_are_seen_moving_in(hall: Hall) -> None:
    """By SDK and version; whoever calls itself anything at all is another one."""
    await hall.log_in("tom")
    for ua in ("js/5.0.0-rc.8", "android/8.2.19", "", 'x"\n', "a/1" * 40):
        await hall.log_in("jerry", ua=ua)
    page = (await hall.town.bare.get("/metrics")).raw.decode()
    told = [line for line in page.splitlines() if line.startswith("parlance_leancloud_sessions")]
    assert {
        'parlance_leancloud_sessions_total{sdk="js/5.0.0-rc.8"} 2.0',
        'parlance_leancloud_sessions_total{sdk="android/8.2.19"} 1.0',
        'parlance_leancloud_sessions_total{sdk="other"} 3.0',
        "parlance_leancloud_sessions_open 6.0",
    } == set(told)


async def test_what_is_said_after_a_login_is_news(hall: Hall) -> None:
    """Whoever knows that it is in is told of it, and does not merely find one more unread."""
    tom, jerry = await hall.log_in("tom"), await hall.log_in("jerry")
    cid, before = await tom.start("jerry"), set[str]()
    for _ in range(15):
        jerry.line.cut()
        jerry = await hall.log_in("jerry")
        said = await tom.say(cid)
        while (heard := await jerry.heard()).id != said.uid:
            # Whoever goes to another server within a second is rather told twice than not at all.
            assert SERVERS > 1
            assert heard.id in before
        before.add(said.uid)
