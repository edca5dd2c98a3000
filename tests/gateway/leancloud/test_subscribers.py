"""Service conversations: an app speaks to its subscribers, who do not know of each other."""

import pytest

from gateway.leancloud.clients import HELLO, Client, Hall, attributes, refusal, rows
from parlance.core.model import typed_message
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.starting import Starting
from parlance.kernel.ids import ClientId, ConvId
from parlance.protocols.leancloud.generated import messages_pb2 as pb


@pytest.fixture
async def app(hall: Hall) -> App:
    """The app that speaks."""
    return await hall.town.application.actions.find_apps.one(hall.app_id)


@pytest.fixture
async def channel(hall: Hall, app: App, tom: Client) -> ConvId:
    """A service conversation to which Tom has subscribed."""
    starting = Starting(Kind.SERVICE, ClientId(""), name="News")
    started = await hall.town.application.actions.start_conversation(Caller(app), starting)
    cid = started.roster.conversation.conv_id
    answer = await tom.conv(pb.add, cid=cid, m=["tom"])
    assert ["tom"] == list(answer.convMessage.allowedPids)
    return cid


async def test_subscribers_hear_the_app(hall: Hall, app: App, tom: Client, jerry: Client, channel: ConvId) -> None:
    """And nobody else; nobody is told who subscribes."""
    assert ["jerry"] == list((await jerry.conv(pb.add, cid=channel, m=["jerry"])).convMessage.allowedPids)
    assert [[], []] == [await client.line.quiet() for client in (tom, jerry)]
    draft = typed_message.read(HELLO).draft(ClientId("editor"), channel)
    await jerry.conv(pb.remove, cid=channel, m=["jerry"])
    said = await hall.town.application.actions.say_to_subscribers(Caller(app), channel, draft)
    heard = await tom.heard()
    assert (said.msg_id, channel, HELLO, 3) == (heard.id, heard.cid, heard.msg, heard.convType)
    assert [] == await jerry.line.quiet()
    assert 1 == (await tom.conv(pb.count, cid=channel)).convMessage.count


async def test_what_was_said_waits_for_who_is_away(hall: Hall, app: App, tom: Client, channel: ConvId) -> None:
    """As unread, like anything else."""
    await tom.line.ws.close()
    draft = typed_message.read(HELLO).draft(ClientId("editor"), channel)
    said = await hall.town.application.actions.say_to_subscribers(Caller(app), channel, draft)
    back = await hall.log_in("tom")
    [row] = (await back.pushed(pb.unread)).unreadMessage.convs
    assert (channel, 1, said.msg_id, 3) == (row.cid, row.unread, row.mid, row.convType)


async def test_what_clients_say_there_is_for_the_app(tom: Client, jerry: Client, channel: ConvId) -> None:
    """It is acknowledged, and other subscribers hear nothing of it."""
    await jerry.conv(pb.add, cid=channel, m=["jerry"])
    said = await tom.say(channel)
    assert not said.HasField("code")
    assert [[], []] == [await client.line.quiet() for client in (tom, jerry)]
    [item] = (await tom.ask(pb.logs, logsMessage=pb.LogsCommand(cid=channel))).logsMessage.logs
    assert (said.uid, 3) == (item.msgId, item.convType)
    assert [] == list((await jerry.ask(pb.logs, logsMessage=pb.LogsCommand(cid=channel))).logsMessage.logs)


async def test_it_is_found(tom: Client, channel: ConvId) -> None:
    """As what it is, without the others who subscribe."""
    [row] = rows(await tom.conv(pb.query, where=attributes(sys=True)))
    assert (channel, True, 3, "News", True, False) == (
        *(row[key] for key in ("objectId", "sys", "conv_type", "name", "joined")),
        "m" in row,
    )


async def test_clients_do_not_change_it(tom: Client, channel: ConvId) -> None:
    """Nor bring in others."""
    assert pb.error == (await tom.conv(pb.update, cid=channel, attr=attributes(name="Mine"))).cmd
    assert (4314, "NORMAL_CONVERSATION_REQUIRED") == refusal(await tom.conv(pb.add, cid=channel, m=["jerry"]))
