"""What an app is asked about messages, and what it may make of them."""

import base64

from core.actions.hooks.app_server import AppServer, hooked
from core.world import World, refusal
from parlance.core.model import typed_message
from parlance.core.model.hook import Hook
from parlance.core.model.message import Draft, Message, MessageStatus, NewContent
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


def draft(world: World, **more: object) -> Draft:
    """A message of Ada's."""
    return Draft(ClientId("ada"), -1, world.group, text="hi", **more)  # type: ignore[arg-type]


async def test_what_is_asked_about_a_message(world: World, server: AppServer) -> None:
    """All that LeanCloud's function is told."""
    client = await hooked(world, server.url)
    await world.actions.send(client("ada"), draft(world, receipt=True))
    assert [
        {
            "fromPeer": "ada",
            "convId": world.group,
            "toPeers": ["ben"],
            "transient": False,
            "receipt": True,
            "bin": False,
            "system": False,
            "sourceIP": "",
            "content": '{"_lctype":-1,"_lctext":"hi"}',
            "timestamp": world.clock.now(),
        }
    ] == server.of(Hook.MESSAGE_RECEIVED)


async def test_an_app_changes_what_is_said(world: World, server: AppServer) -> None:
    """What is stored and told is what it wants said: by itself, or as bytes."""
    server.answers[Hook.MESSAGE_RECEIVED] = {"content": '{"_lctype":-1,"_lctext":"***"}'}
    client = await hooked(world, server.url)
    assert "***" == (await world.actions.send(client("ada"), draft(world))).text
    server.answers[Hook.MESSAGE_RECEIVED] = {"content": base64.b64encode(b"\x00\x01").decode(), "bin": True}
    message = await world.actions.send(client("ada"), draft(world))
    assert b"\x00\x01" == typed_message.written(message)
    server.answers[Hook.MESSAGE_RECEIVED] = {"content": "?", "bin": True}
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.send(client("ada"), draft(world)))


async def test_the_road_of_a_socket(world: World, server: AppServer) -> None:
    """Is asked about as well, and in order: each is awaited."""
    settled: list[tuple[str | None, Fault | None]] = []

    def settle(message: Message, fault: Fault | None) -> None:
        settled.append((message.text, fault))

    client = await hooked(world, server.url)
    for text in ("one", "two"):
        waiting = world.actions.send.submit(
            client("ada"), Draft(ClientId("ada"), -1, world.group, text=text), 1, settle
        )
        assert waiting is not None
        await waiting
    await world.actions.send(world.backend, draft(world))
    assert [("one", None), ("two", None)] == settled


async def test_without_hooks_nothing_is_awaited(world: World) -> None:
    """A conversation that is at hand takes its messages at once."""
    await world.actions.send(world.ada, draft(world))
    assert world.actions.send.submit(world.ada, draft(world), 1, lambda message, fault: None) is None
    await world.actions.send(world.backend, draft(world))


async def test_who_may_not_speak_is_not_asked_about(world: World, server: AppServer) -> None:
    """What is refused anyway need not trouble the app: somebody else's name, a draft that nobody would take."""
    client = await hooked(world, server.url)
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.send(client("ben"), draft(world)))
    empty = Draft(ClientId("ada"), -1, world.group, text="")
    assert FaultCode.MISSING_FIELD is await refusal(world.actions.send(client("ada"), empty))
    assert [] == server.asked


async def test_changing_a_message(world: World, server: AppServer) -> None:
    """The app may refuse an edit, or have it say something else."""
    client = await hooked(world, server.url, hook_names="_messageUpdate")
    message = await world.actions.send(client("ada"), draft(world))
    server.answers[Hook.MESSAGE_UPDATE] = {"content": '{"_lctype":-1,"_lctext":"nicer"}'}
    edited = await world.actions.edit(client("ada"), world.group, message.msg_id, NewContent("worse", None))
    assert "nicer" == edited.text
    (asked,) = server.of(Hook.MESSAGE_UPDATE)
    assert (False, '{"_lctype":-1,"_lctext":"worse"}', "ada") == (asked["recall"], asked["content"], asked["fromPeer"])
    server.answers[Hook.MESSAGE_UPDATE] = {"drop": True}
    edit = world.actions.edit(client("ada"), world.group, message.msg_id, NewContent("worst", None))
    assert FaultCode.REJECTED_BY_APP is await refusal(edit)


async def test_taking_a_message_back(world: World, server: AppServer) -> None:
    """The app may refuse that, too."""
    client = await hooked(world, server.url, hook_names="_messageUpdate")
    message = await world.actions.send(client("ada"), draft(world))
    server.answers[Hook.MESSAGE_UPDATE] = {"drop": True}
    recall = world.actions.recall(client("ada"), world.group, message.msg_id)
    assert FaultCode.REJECTED_BY_APP is await refusal(recall)
    server.answers[Hook.MESSAGE_UPDATE] = {}
    recalled = await world.actions.recall(client("ada"), world.group, message.msg_id)
    assert MessageStatus.RECALLED is recalled.status
    assert [True, True] == [asked["recall"] for asked in server.of(Hook.MESSAGE_UPDATE)]
