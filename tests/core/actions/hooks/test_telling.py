"""What is written down for an app's own server, in the commit of what it tells of."""

from typing import Any

import msgspec
import pytest

from core.actions.hooks.app_server import hooked
from core.world import World, refusal
from parlance.core.actions.hooks import telling
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.delivery import Delivery
from parlance.core.model.hook import Hook
from parlance.core.model.message import Draft
from parlance.core.model.opening import Opening
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId
from realtime.parts import clients

NOWHERE = "http://127.0.0.1:9"


async def written(world: World) -> list[Delivery]:
    """All that was written down for the hall, in order."""
    return (await world.actions.list_deliveries(world.hall.app_id))[::-1]


async def told(world: World) -> list[tuple[str, dict[str, Any]]]:
    """The same: the hooks, and what they are told."""
    return [(each.hook.value, msgspec.json.decode(each.body)) for each in await written(world)]


def draft(world: World, text: str = "hi", **more: Any) -> Draft:
    """A message of Ada's."""
    return Draft(ClientId("ada"), -1, world.group, text=text, **more)


async def test_a_message_is_told(world: World) -> None:
    """Both hooks have all that LeanCloud's functions are told; who is here and who is away are told apart."""
    client = await hooked(world, NOWHERE)
    await world.actions.invite(world.backend, world.group, clients(["cy"]))
    world.phone(client("cy"))
    message = await world.actions.send(client("ada"), draft(world, mentions=clients(["ben"]), receipt=True))
    said = {
        "fromPeer": "ada",
        "convId": world.group,
        "system": False,
        "sourceIP": "",
        "bin": False,
        "content": '{"_lctype":-1,"_lctext":"hi"}',
        "timestamp": message.created_at,
    }
    sent = {"msgId": message.msg_id, "seq": 1, "receipt": True, "transient": False}
    peers = {"onlinePeers": ["cy"], "offlinePeers": ["ben"]}
    away = {"offlinePeers": ["ben"], "mentionAll": False, "mentionOfflinePeers": ["ben"]}
    assert [("_messageSent", said | sent | peers), ("_receiversOffline", said | away)] == (await told(world))[1:]


async def test_nobody_is_away(world: World) -> None:
    """Then nobody is told of it."""
    client = await hooked(world, NOWHERE)
    world.phone(client("ben"))
    await world.actions.send(client("ada"), draft(world))
    assert ["_messageSent"] == [hook for hook, _ in await told(world)]


async def test_the_road_of_a_socket(world: World) -> None:
    """Leaves the same behind; what is said twice under one ref is told once."""
    client = await hooked(world, NOWHERE, hook_names="_messageSent")
    for _ in range(2):
        waiting = world.actions.send.submit(client("ada"), draft(world, ref="r"), 1, lambda message, fault: None)
        if waiting is not None:
            await waiting
    await world.actions.send(client("ada"), draft(world, "other"))
    assert [1, 2] == [body["seq"] for _, body in await told(world)]


async def test_what_the_backend_does_is_told_too(world: World) -> None:
    """By whichever face, and in service conversations as well."""
    await hooked(world, NOWHERE, hook_names="_messageSent,_conversationStarted,_conversationAdded")
    backend = Caller(world.hall)
    await world.actions.send(backend, draft(world))
    service = await world.actions.start_conversation(backend, Starting(Kind.SERVICE, ClientId("")))
    conv_id = service.roster.conversation.conv_id
    await world.actions.bring_in(world.client("ben"), conv_id, clients(["ben"]))
    await world.actions.say_to_clients(backend, conv_id, Draft(ClientId("bot"), -1, text="hello"), clients(["ben"]))
    assert [
        ("_messageSent", False),
        ("_conversationAdded", None),
        ("_messageSent", True),
    ] == [(hook, body.get("system")) for hook, body in await told(world)]


async def test_people_who_come_and_go(world: World) -> None:
    """A conversation that begins, and who comes in and goes later, through whatever verb."""
    client = await hooked(world, NOWHERE)
    opened = await world.actions.open_conversation(
        client("ada"), Opening(Kind.GROUP, ClientId("ada"), clients(["ben"]), name="Hall")
    )
    conv_id, at = opened.conv_id, world.clock.now()
    await world.actions.invite(client("ada"), conv_id, clients(["cy"]))
    await world.actions.take_out(client("cy"), conv_id, clients(["cy"]))
    about = {"convId": conv_id, "timestamp": at}
    assert [
        ("_conversationStarted", about | {"initBy": "ada", "members": ["ada", "ben"], "attr": {"name": "Hall"}}),
        ("_conversationAdded", about | {"initBy": "ada", "members": ["cy"]}),
        ("_conversationRemoved", about | {"initBy": "cy", "members": ["cy"]}),
    ] == await told(world)


async def test_what_is_refused_is_not_told(world: World) -> None:
    """Nothing happened."""
    client = await hooked(world, NOWHERE)
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.send(client("cy"), _from_cy(world)))
    assert [] == await told(world)


def _from_cy(world: World) -> Draft:
    return Draft(ClientId("cy"), -1, world.group, text="hi")


async def test_what_is_not_stored_is_not_told(world: World) -> None:
    """Transient messages pass by."""
    client = await hooked(world, NOWHERE)
    await world.actions.send(client("ada"), draft(world, transient=True))
    assert [] == await told(world)


async def test_apps_that_do_not_want_to_know(world: World) -> None:
    """One without an address, one that has not these hooks; and what happens in others is not told."""
    await world.actions.send(world.backend, draft(world))
    client = await hooked(world, NOWHERE, hook_names="_clientOnline")
    await world.actions.send(client("ada"), draft(world))
    assert [] == await told(world)
    assert [] == await world.actions.list_deliveries(world.annex.app_id)


async def test_an_app_that_fetches(world: World) -> None:
    """Has it written down without an address, and nobody is told."""
    client = await hooked(world, "", keep_events=True)
    await world.actions.send(client("ada"), draft(world))
    assert ["_messageSent", "_receiversOffline"] == [hook for hook, _ in await told(world)]
    assert [] == await world.actions.deliver.apps_due()


async def test_long_lists_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of a large group does not carry all of its names along."""
    monkeypatch.setattr(telling, "MOST_NAMES", 1)
    client = await hooked(world, NOWHERE)
    await world.actions.invite(world.backend, world.group, clients(["cy"]))
    await world.actions.send(client("ada"), draft(world))
    assert [1, 1] == [len(body["offlinePeers"]) for _, body in (await told(world))[1:]]


async def test_what_is_undone_was_never_told(world: World) -> None:
    """What is to be told goes with the transaction that it tells of."""
    await hooked(world, NOWHERE)
    delivery = Delivery(1, AppId("hall"), Hook.MESSAGE_SENT, "lane", "{}", world.clock.now())

    async def undone() -> None:
        async with world.store.begin() as tx:
            await tx.deliveries.add([delivery], world.clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    assert [] == await written(world)
