"""The app itself speaks to some of its people."""

import contextlib

import msgspec

from core.world import World, refusal
from parlance.core.actions.system.voice import Voice
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import MessageSent, MessagesRead
from parlance.core.model.message import Draft
from parlance.core.model.system_message import SystemMessage
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked
from realtime.parts import clients


async def say(world: World, text: str, *names: str, app: Caller | None = None) -> Conversation:
    """Have the app say something to these; answer where it said it."""
    app_id = (app or world.backend).app.app_id
    async with world.store.begin() as tx:
        said = SystemMessage(text, '{"a":1}')
        await Voice(world.application.ids).say(tx, app_id, clients(names), said, world.clock.now())
    found = await world.store.read.conversations.find_system(app_id)
    assert found is not None
    return found


async def test_exactly_those_are_told(world: World) -> None:
    """On every device, at once."""
    ada, ben, cy = (world.phone(caller) for caller in (world.ada, world.ben, world.cy))
    laptop = world.phone(world.ada, "laptop")
    await say(world, "hello", "ada", "ben", "ada")
    assert ["message system hello"] == ada.heard() == ben.heard() == laptop.heard()
    assert [] == cy.heard()


async def test_nothing_at_hand_takes_the_place_of_the_named(world: World) -> None:
    """Reading it does not make its messages anybody else's."""
    ada, cy = world.phone(world.ada), world.phone(world.cy)
    system = await say(world, "one", "ada")
    await world.actions.list_messages(world.ada, system.conv_id, PageAsked(1, 10))
    await world.actions.list_messages(world.cy, system.conv_id, PageAsked(1, 10))
    ada.heard()
    await say(world, "two", "ada")
    assert (["message system two"], []) == (ada.heard(), cy.heard())


async def test_there_is_one_in_an_app(world: World) -> None:
    """Made when first something is said; another app has its own."""
    assert await world.store.read.conversations.find_system(world.hall.app_id) is None
    assert (await say(world, "one", "ada")).id == (await say(world, "two", "ben")).id
    elsewhere = await say(world, "three", "dora", app=world.dora)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(
        world.actions.read_history(world.ada, elsewhere.conv_id, after=0)
    )


async def test_to_nobody_nothing_is_said(world: World) -> None:
    """Not even the conversation is made."""
    async with world.store.begin() as tx:
        await Voice(world.application.ids).say(tx, world.hall.app_id, (), SystemMessage("x"), 1)
    assert await world.store.read.conversations.find_system(world.hall.app_id) is None
    assert [] == world.told.of(MessageSent)


async def test_what_is_undone_was_never_said(world: World) -> None:
    """It goes with the change that it tells of."""
    ada = world.phone(world.ada)
    said = SystemMessage("never")
    with contextlib.suppress(InterruptedError):
        async with world.store.begin() as tx:
            await Voice(world.application.ids).say(tx, world.hall.app_id, clients(["ada"]), said, 1)
            raise InterruptedError
    assert [] == ada.heard()
    assert await world.store.read.conversations.find_system(world.hall.app_id) is None


async def test_who_was_away_is_told_on_return(world: World) -> None:
    """What is unread of its own, and the last of it; in its turn among what changed."""
    await world.say("in the group")
    world.clock.advance(SECOND)
    await say(world, "to both", "ada", "ben")
    await say(world, "to ada", "ada")
    for caller, unread, last in ((world.ada, 2, "to ada"), (world.ben, 1, "to both")):
        row = (await world.actions.sync(caller, 0, 10)).rows[-1]
        assert (5, unread, last, False) == (
            row.inbox.conversation.kind,
            row.inbox.unread,
            row.last_message and row.last_message.text,
            row.inbox.left,
        )
    assert [] == (await world.actions.sync(world.cy, 0, 10)).rows


async def test_each_reads_its_own(world: World) -> None:
    """In pages and in stretches; the backend reads all of it."""
    system = await say(world, "to ada", "ada")
    await say(world, "to ben", "ben")
    await say(world, "to both", "ada", "ben")
    page = await world.actions.list_messages(world.ada, system.conv_id, PageAsked(1, 10))
    assert (["to both", "to ada"], 2) == ([found.text for found in page.rows], page.total)
    after = await world.actions.read_history(world.ben, system.conv_id, after=0, most=1)
    assert (["to ben"], True) == ([found.text for found in after.messages], after.more)
    before = await world.actions.read_history(world.ben, system.conv_id, before=3)
    assert (["to ben"], False) == ([found.text for found in before.messages], before.more)
    newest = await world.actions.read_history(world.ben, system.conv_id)
    assert [2, 3] == [found.seq for found in newest.messages]
    assert [] == (await world.actions.read_history(world.cy, system.conv_id)).messages
    whole = await world.actions.list_messages(world.backend, system.conv_id, PageAsked(1, 10))
    assert (3, 3) == (whole.total, len(whole.rows))
    assert [1, 2, 3] == [
        found.seq for found in (await world.actions.read_history(world.backend, system.conv_id, after=0)).messages
    ]


async def test_reading_is_marked(world: World) -> None:
    """And told to nobody but the reader's other devices."""
    system = await say(world, "one", "ada", "ben")
    await say(world, "two", "ada")
    world.told.events.clear()
    await world.actions.mark_read(world.ada, system.conv_id, 1)
    (event,) = world.told.of(MessagesRead)
    assert (["ada"], 1) == (list(event.audience), event.seq)
    assert [1, 1] == [
        (await world.actions.sync(caller, 0, 10)).rows[-1].inbox.unread for caller in (world.ada, world.ben)
    ]


async def test_nobody_says_anything_in_it(world: World) -> None:
    """Not its readers, not the backend; nobody comes or goes, and it stays."""
    system = await say(world, "one", "ada")
    conv_id, actions = system.conv_id, world.actions
    for caller in (world.ada, world.backend):
        draft = Draft(ClientId("ada"), -1, conv_id, text="x")
        assert FaultCode.NOT_A_MEMBER is await refusal(actions.send(caller, draft))
    assert FaultCode.NOT_A_MEMBER is await refusal(actions.invite(world.ada, conv_id, clients(["ben"])))
    for action in (actions.invite, actions.remove_members):
        assert FaultCode.WRONG_KIND is await refusal(action(world.backend, conv_id, clients(["ben"])))
    for caller in (world.ada, world.backend, world.client("system")):
        assert FaultCode.NOT_PERMITTED is await refusal(actions.delete_conversation(caller, conv_id))
    assert FaultCode.NOT_A_MEMBER is await refusal(actions.list_members(world.ada, conv_id))
    assert FaultCode.WRONG_KIND is await refusal(actions.enter_room(world.ada, conv_id))


async def test_it_is_a_text_with_fields(world: World) -> None:
    """As any message of its type."""
    system = await say(world, "hello", "ada")
    (found,) = (await world.actions.read_history(world.ada, system.conv_id)).messages
    assert (-1, "hello", {"a": 1}, "system", world.clock.now()) == (
        found.type,
        found.text,
        msgspec.json.decode(found.attr or ""),
        found.sender,
        found.created_at,
    )
