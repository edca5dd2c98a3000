"""The hooks of an app, as LeanCloud's clients meet with them: asked before, told after."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from core.actions.hooks.app_server import AppServer, app_server
from gateway.leancloud.clients import Client, Hall, attributes, refusal, seen
from parlance.core.model.hook import Hook
from parlance.kernel.clock import MINUTE
from parlance.protocols.leancloud.generated import messages_pb2 as pb

NO = {"reject": True, "drop": True, "code": 77, "detail": "not here"}


@pytest.fixture
async def server() -> AsyncIterator[AppServer]:
    """The app's own server."""
    async with app_server() as listening:
        yield listening


@pytest.fixture(autouse=True)
async def hooked(hall: Hall, server: AppServer) -> None:
    """The app has hooks, all of them."""
    actions = hall.town.application.actions
    app = await actions.find_apps.one(hall.app_id)
    settings = msgspec.structs.replace(app.settings, hook_url=server.url, hook_wait=MINUTE)
    await actions.change_app(hall.app_id, settings=settings)
    await hall.town.application.directory.refresh()


def said(message: pb.AckCommand) -> tuple[int, int, str]:
    """Code, the app's own code and its words, of an acknowledgement that is none."""
    return message.code, message.appCode, message.appMsg


async def test_a_message_is_dropped(tom: Client, server: AppServer) -> None:
    """The sender is told 4402 with the app's own code and words; nobody hears it."""
    cid = await tom.start("jerry")
    server.answers[Hook.MESSAGE_RECEIVED] = NO
    assert (4402, 77, "not here") == said(await tom.say(cid))
    server.answers[Hook.MESSAGE_RECEIVED] = {"drop": True}
    assert (4402, False) == ((dropped := await tom.say(cid)).code, dropped.HasField("appCode"))
    server.answers[Hook.MESSAGE_RECEIVED] = {}
    assert not (await tom.say(cid)).HasField("code")


async def test_a_message_is_changed(tom: Client, jerry: Client, server: AppServer) -> None:
    """What the others hear is what the app wants said."""
    cid = await tom.start("jerry")
    server.answers[Hook.MESSAGE_RECEIVED] = {"content": '{"_lctype":-1,"_lctext":"***"}'}
    await tom.say(cid)
    assert '{"_lctype":-1,"_lctext":"***"}' == (await jerry.heard()).msg


async def test_a_conversation_is_not_begun(tom: Client, server: AppServer) -> None:
    """4305 with the app's own code; so when somebody is brought in, or leaves, or it is changed."""
    cid = await tom.start("jerry")
    for hook in (Hook.CONVERSATION_START, Hook.CONVERSATION_ADD, Hook.CONVERSATION_REMOVE, Hook.CONVERSATION_UPDATE):
        server.answers[hook] = NO
    asked: list[tuple[pb.OpType, dict[str, Any]]] = [
        (pb.start, {"m": ["spike", "tom"]}),
        (pb.add, {"cid": cid, "m": ["spike"]}),
        (pb.remove, {"cid": cid, "m": ["jerry"]}),
        (pb.remove, {"cid": cid, "m": ["tom"]}),
        (pb.update, {"cid": cid, "attr": attributes(name="Mine")}),
        (pb.mute, {"cid": cid}),
    ]
    for op, fields in asked:
        refused = await tom.conv(op, **fields)
        assert (4305, "CONVERSATION_REJECTED_BY_APP") == refusal(refused)
        assert (77, "not here") == (refused.errorMessage.appCode, refused.errorMessage.appMsg)
    (begun, began) = server.of(Hook.CONVERSATION_START)
    assert ("tom", ["spike", "tom"]) == (began["initBy"], sorted(began["members"]))
    assert ["jerry", "tom"] == sorted(begun["members"])


async def test_a_conversation_says_what_the_app_wants(tom: Client, jerry: Client, server: AppServer) -> None:
    """Who asked is answered with it, and the others are told it."""
    cid = await tom.start("jerry")
    server.answers[Hook.CONVERSATION_UPDATE] = {"attr": {"name": "Nicer"}}
    answer = await tom.conv(pb.update, cid=cid, attr=attributes(name="Worse"))
    assert ["conv updated"] == seen([answer])
    told = await jerry.pushed(pb.conv, pb.updated)
    assert {"name": "Nicer"} == msgspec.json.decode(told.convMessage.attr.data)
    assert [{"initBy": "tom", "convId": cid, "attr": {"name": "Worse"}}] == server.of(Hook.CONVERSATION_UPDATE)


async def test_a_message_stays_as_it_is(tom: Client, server: AppServer) -> None:
    """4405 for an edit, and for taking it back."""
    cid = await tom.start("jerry")
    sent = await tom.say(cid)
    server.answers[Hook.MESSAGE_UPDATE] = NO
    for recall in (False, True):
        patch = pb.PatchItem(
            cid=cid, mid=sent.uid, timestamp=sent.t, recall=recall, data='{"_lctype":-1,"_lctext":"x"}'
        )
        refused = await tom.ask(pb.patch, pb.modify, patchMessage=pb.PatchCommand(patches=[patch]))
        assert (4405, "MESSAGE_UPDATE_REJECTED_BY_APP") == refusal(refused)
        assert 77 == refused.errorMessage.appCode
    assert [False, True] == [asked["recall"] for asked in server.of(Hook.MESSAGE_UPDATE)]


async def test_what_happened_is_told(tom: Client, jerry: Client, server: AppServer) -> None:
    """A conversation that began, a message in it, and who was away when it was said."""
    cid = await tom.start("jerry", "spike")
    sent = await tom.say(cid)
    (began,) = await server.heard(Hook.CONVERSATION_STARTED)
    assert (cid, ["jerry", "spike", "tom"]) == (began["convId"], sorted(began["members"]))
    (message,) = await server.heard(Hook.MESSAGE_SENT)
    assert (sent.uid, ["jerry"], ["spike"]) == (message["msgId"], message["onlinePeers"], message["offlinePeers"])
    (away,) = await server.heard(Hook.RECEIVERS_OFFLINE)
    assert (["spike"], sent.t) == (away["offlinePeers"], away["timestamp"])
    await tom.conv(pb.add, cid=cid, m=["tyke"])
    await tom.conv(pb.remove, cid=cid, m=["tyke"])
    for hook in (Hook.CONVERSATION_ADDED, Hook.CONVERSATION_REMOVED):
        assert [("tom", ["tyke"])] == [(told["initBy"], told["members"]) for told in await server.heard(hook)]
    assert jerry.name == (await jerry.pushed(pb.conv, pb.joined)).peerId


async def test_who_comes_and_goes_is_told(hall: Hall, server: AppServer) -> None:
    """Under which tag, whether by itself, and how it went: by its own will, lost, replaced, thrown out."""

    async def gone(count: int) -> dict[str, Any]:
        return (await server.heard(Hook.CLIENT_OFFLINE, count))[-1]

    tom = await hall.log_in("tom", tag="Mobile", deviceId="one")
    (came,) = await server.heard(Hook.CLIENT_ONLINE)
    assert ("tom", "Mobile", False) == (came["peerId"], came["tag"], came["reconnect"])
    await tom.ask(pb.session, pb.close, sessionMessage=pb.SessionCommand())
    assert (1, "Mobile") == ((went := await gone(1))["closeCode"], went["tag"])
    again = await hall.log_in("tom", r=True, st=tom.token)
    assert (await server.heard(Hook.CLIENT_ONLINE, 2))[-1]["reconnect"]
    again.line.cut()
    assert 2 == (await gone(2))["closeCode"]
    await hall.log_in("tom")
    backend = hall.town.backend.showing(
        **{"X-LC-Id": hall.app_id, "X-LC-Key": f"{(await _app(hall)).master_key},master"}
    )
    assert 200 == (await backend.post("/1.2/rtm/clients/tom/kick", {"reason": "no"})).status
    assert 4 == (await gone(3))["closeCode"]


async def _app(hall: Hall) -> Any:
    return await hall.town.application.actions.find_apps.one(hall.app_id)
