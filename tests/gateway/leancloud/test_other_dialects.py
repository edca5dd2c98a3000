"""One core: what happens through other faces reaches LeanCloud's clients in their words, and the other way round."""

import json

import pytest

from cast import Socket
from gateway.leancloud.clients import Client, Hall, attributes, rows, seen
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind, unique_id_of
from parlance.core.model.opening import Opening
from parlance.core.model.search import Condition, Field, Op
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId, ConvId
from parlance.protocols.leancloud.generated import messages_pb2 as pb

pytestmark = pytest.mark.on_every_database


@pytest.fixture
async def app(hall: Hall) -> App:
    """The app in which they meet, with people of other dialects in it."""
    app = await hall.town.application.actions.find_apps.one(hall.app_id)
    for name in ("spike", "butch"):
        await hall.town.application.actions.create_user(Caller(app), ClientId(name), Profile())
    return app


async def opened(hall: Hall, app: App, kind: Kind, *people: str) -> str:
    """A conversation that the platform's backend opened."""
    creator, *others = map(ClientId, people)
    opening = Opening(kind, creator, tuple(others))
    return (await hall.town.application.actions.open_conversation(Caller(app), opening)).conv_id


async def on_the_platform(hall: Hall, name: str) -> Socket:
    """Somebody on the platform's socket."""
    socket = await hall.town.connect()
    await socket.send("login", {"app_id": hall.app_id, "client_id": name, "device_id": "phone"})
    await socket.next("login.success")
    return socket


async def test_a_group_of_another_dialect(hall: Hall, app: App, tom: Client) -> None:
    """Its members hear that they are in it, and find it."""
    cid = await opened(hall, app, Kind.GROUP, "spike", "tom")
    come = await tom.line.quiet()
    assert ["conv joined", "conv members_joined"] == seen(come)
    assert (cid, {"spike", "tom"}) == (come[0].convMessage.cid, set(come[1].convMessage.m))
    [row] = rows(await tom.conv(pb.query, where=attributes()))
    assert (cid, ["spike", "tom"]) == (row["objectId"], sorted(row["m"]))


async def test_they_talk(hall: Hall, app: App, tom: Client) -> None:
    """Each reads what the other wrote, in its own words."""
    cid = await opened(hall, app, Kind.DIRECT, "spike", "tom")
    await tom.settled()
    spike = await on_the_platform(hall, "spike")
    sent = await spike.request("msg.send", {"conv_id": cid, "type": -1, "text": "good day", "attr": {"a": 1}})
    heard = await tom.heard()
    assert (sent["data"]["msg_id"], "spike", 1, {"_lctype": -1, "_lctext": "good day", "_lcattrs": {"a": 1}}) == (
        heard.id,
        heard.fromPeerId,
        heard.convType,
        json.loads(heard.msg),
    )
    said = await tom.say(cid, '{"_lctype":-1,"_lctext":"hi","_lcattrs":{"b":2}}')
    new = (await spike.next("msg.new"))["data"]
    assert (said.uid, -1, "hi", "tom") == (new["msg_id"], new["type"], new["text"], new["from_client"])
    assert {"b": 2} == json.loads(new["attr"])


async def test_two_have_one_conversation(hall: Hall, app: App, tom: Client) -> None:
    """Wherever it was begun; unique it is in any case."""
    cid = await opened(hall, app, Kind.DIRECT, "spike", "tom")
    await tom.settled()
    found = (await tom.conv(pb.start, m=["spike", "tom"], unique=True)).convMessage
    assert (cid, True, unique_id_of(map(ClientId, ("spike", "tom")))) == (found.cid, found.existing, found.uniqueId)
    assert cid == await opened(hall, app, Kind.DIRECT, "tom", "spike")


async def test_reading_on_one_side_is_known_on_the_other(hall: Hall, app: App, tom: Client) -> None:
    """A receipt for who wanted one; nothing unread for the reader's other devices."""
    cid = await opened(hall, app, Kind.GROUP, "spike", "tom")
    await tom.settled()
    spike, tablet = await on_the_platform(hall, "spike"), await hall.log_in("spike")
    said = await tom.say(cid, r=True)
    await spike.next("msg.new")
    await spike.send("msg.read", {"conv_id": cid, "seq": 1})
    told = (await tom.pushed(pb.rcp)).rcpMessage
    assert (said.uid, True, "spike") == (told.id, told.read, getattr(told, "from"))
    [row] = (await tablet.pushed(pb.unread)).unreadMessage.convs
    assert (cid, 0) == (row.cid, row.unread)


async def test_recalls_and_edits_cross(hall: Hall, app: App, tom: Client) -> None:
    """Both ways."""
    cid = await opened(hall, app, Kind.GROUP, "spike", "tom")
    await tom.settled()
    spike = await on_the_platform(hall, "spike")
    sent = await spike.request("msg.send", {"conv_id": cid, "type": -1, "text": "x"})
    await spike.request("msg.recall", {"conv_id": cid, "msg_id": sent["data"]["msg_id"]})
    [item] = (await tom.pushed(pb.patch)).patchMessage.patches
    assert (sent["data"]["msg_id"], True, '{"_lctype":-127}') == (item.mid, item.recall, item.data)
    said = await tom.say(cid)
    patch = pb.PatchItem(cid=cid, mid=said.uid, timestamp=said.t, data='{"_lctype":-1,"_lctext":"new"}')
    await tom.ask(pb.patch, pb.modify, patchMessage=pb.PatchCommand(patches=[patch]))
    assert "new" == (await spike.next("msg.edited"))["data"]["text"]


async def test_people_who_come_and_go_elsewhere(hall: Hall, app: App, tom: Client) -> None:
    """The backend brings in and takes out; nobody did it, for all that clients can tell."""
    cid = ConvId(await opened(hall, app, Kind.GROUP, "spike", "tom"))
    await tom.settled()
    actions = hall.town.application.actions
    await actions.invite(Caller(app), cid, (ClientId("butch"),))
    [told] = await tom.line.quiet()
    assert (pb.members_joined, ["butch"]) == (told.op, list(told.convMessage.m))
    await actions.remove_members(Caller(app), cid, (ClientId("butch"), ClientId("tom")))
    [left] = await tom.line.quiet()
    assert (pb.left, cid) == (left.op, left.convMessage.cid)


async def test_what_is_said_about_it_elsewhere(hall: Hall, app: App, tom: Client) -> None:
    """A new extension is the column `attr` to them."""
    cid = await opened(hall, app, Kind.GROUP, "spike", "tom")
    await tom.settled()
    conditions = (Condition(Field.CONV_ID, Op.EQUAL, (cid,)),)
    await hall.town.application.actions.update_conversations(Caller(app), conditions, '{"topic":"cheese"}')
    told = (await tom.pushed(pb.conv, pb.updated)).convMessage
    assert (cid, {"attr": {"topic": "cheese"}}) == (told.cid, json.loads(told.attrModified.data))


async def test_a_conversation_that_is_no_more(hall: Hall, app: App, tom: Client) -> None:
    """Everybody has left it."""
    cid = ConvId(await opened(hall, app, Kind.GROUP, "spike", "tom"))
    await tom.settled()
    await hall.town.application.actions.delete_conversation(Caller(app), cid)
    [left] = await tom.line.quiet()
    assert (pb.left, cid) == (left.op, left.convMessage.cid)


async def test_their_changes_reach_the_platform(hall: Hall, app: App, tom: Client) -> None:
    """Of names, and of who is in."""
    cid = await tom.start("spike", attr=attributes(name="Old"))
    spike = await on_the_platform(hall, "spike")
    await tom.conv(pb.update, cid=cid, attr=attributes(name="New", attr={"x": 1}))
    assert cid == (await spike.next("conv.updated"))["data"]["conv_id"]
    await tom.conv(pb.add, cid=cid, m=["butch"])
    assert ["butch"] == (await spike.next("conv.members_joined"))["data"]["client_ids"]
    await tom.conv(pb.remove, cid=cid, m=["spike"])
    assert cid == (await spike.next("conv.left"))["data"]["conv_id"]


async def test_being_thrown_out_on_the_platform(hall: Hall, app: App, tom: Client) -> None:
    """A client is off all its devices, whatever they speak."""
    phone = await on_the_platform(hall, "tom")
    await hall.town.application.actions.kick(Caller(app), ClientId("tom"), "enough")
    await phone.closed()
    assert pb.closed == (await tom.pushed(pb.session)).op


async def test_typing_is_no_word_of_theirs(hall: Hall, app: App, tom: Client) -> None:
    """Nothing comes of it."""
    cid = await opened(hall, app, Kind.GROUP, "spike", "tom")
    await tom.settled()
    spike = await on_the_platform(hall, "spike")
    await spike.send("typing", {"conv_id": cid})
    await spike.request("ping")
    assert [] == await tom.line.quiet()


async def test_presence_is_one(hall: Hall, app: App, tom: Client) -> None:
    """Who is online is online, whatever it speaks."""
    spike = await on_the_platform(hall, "spike")
    answer = await spike.request("presence", {"client_ids": ["tom", "jerry"]})
    assert {"tom": True, "jerry": False} == answer["data"]["clients"]
    asked = await tom.ask(pb.session, pb.query, sessionMessage=pb.SessionCommand(sessionPeerIds=["spike"]))
    assert ["spike"] == list(asked.sessionMessage.onlineSessionPeerIds)
