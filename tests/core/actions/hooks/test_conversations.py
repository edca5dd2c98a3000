"""What an app is asked about conversations, and what it may make of them."""

from core.actions.hooks.app_server import AppServer, hooked
from core.world import World, refusal
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.hook import Hook
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients

NO = {"reject": True, "code": 9, "detail": "not today"}


async def started(world: World) -> Conversation:
    """A conversation of Ada and Ben, of which nobody was asked."""
    starting = Starting(Kind.GROUP, ClientId("ada"), clients(["ben"]))
    return (await world.actions.start_conversation(world.backend, starting)).roster.conversation


async def test_starting_one(world: World, server: AppServer) -> None:
    """The app is told who with whom, and of what; it may refuse."""
    client = await hooked(world, server.url)
    columns = Starting(
        Kind.GROUP, ClientId("ada"), clients(["ada", "ben"]), name="Hall", ext='{"a":1}', columns='{"b":2}'
    )
    await world.actions.start_conversation(client("ada"), columns)
    attr = {"name": "Hall", "attr": {"a": 1}, "b": 2}
    assert [{"initBy": "ada", "members": ["ada", "ben"], "attr": attr}] == server.of(Hook.CONVERSATION_START)
    server.answers[Hook.CONVERSATION_START] = NO
    assert FaultCode.REJECTED_BY_APP is await refusal(world.actions.start_conversation(client("ada"), columns))


async def test_coming_and_going(world: World, server: AppServer) -> None:
    """Each has a hook of its own."""
    made = await started(world)
    client = await hooked(world, server.url)
    await world.actions.bring_in(client("ada"), made.conv_id, clients(["cy"]))
    await world.actions.take_out(client("ada"), made.conv_id, clients(["cy"]))
    moving = [{"initBy": "ada", "members": ["cy"], "convId": made.conv_id}]
    assert moving == server.of(Hook.CONVERSATION_ADD) == server.of(Hook.CONVERSATION_REMOVE)
    server.answers |= {Hook.CONVERSATION_ADD: NO, Hook.CONVERSATION_REMOVE: NO}
    coming = world.actions.bring_in(client("ada"), made.conv_id, clients(["cy"]))
    assert FaultCode.REJECTED_BY_APP is await refusal(coming)
    going = world.actions.take_out(client("ben"), made.conv_id, clients(["ben"]))
    assert FaultCode.REJECTED_BY_APP is await refusal(going)
    assert ["ada", "ben"] == await world.members(made.conv_id)


async def test_changing_one(world: World, server: AppServer) -> None:
    """The app may refuse, or have it say something else."""
    made = await started(world)
    client = await hooked(world, server.url)
    server.answers[Hook.CONVERSATION_UPDATE] = {"attr": {"name": "Nicer"}}
    changed = await world.actions.change_columns(client("ada"), made.conv_id, {"name": "Worse"})
    assert "Nicer" == changed.conversation.name
    asked = {"initBy": "ada", "convId": made.conv_id, "attr": {"name": "Worse"}}
    assert [asked] == server.of(Hook.CONVERSATION_UPDATE)
    server.answers[Hook.CONVERSATION_UPDATE] = NO
    change = world.actions.change_columns(client("ada"), made.conv_id, {"name": "Worst"})
    assert FaultCode.REJECTED_BY_APP is await refusal(change)


async def test_muting_one(world: World, server: AppServer) -> None:
    """The same hook; the app may turn it round."""
    made = await started(world)
    client = await hooked(world, server.url)
    server.answers[Hook.CONVERSATION_UPDATE] = {"mute": False}
    await world.actions.mute(client("ada"), made.conv_id, muted=True)
    assert [] == await world.actions.list_muted(world.backend, made.conv_id)
    server.answers[Hook.CONVERSATION_UPDATE] = {}
    await world.actions.mute(client("ada"), made.conv_id, muted=True)
    assert ["ada"] == await world.actions.list_muted(world.backend, made.conv_id)
    assert [True, True] == [asked["mute"] for asked in server.of(Hook.CONVERSATION_UPDATE)]
