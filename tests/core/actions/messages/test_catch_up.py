"""What is told on coming back."""

import pytest

from core.world import World, refusal
from parlance.core.actions.messages.catch_up import MOST_CONVERSATIONS
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Draft, NewContent
from parlance.core.model.places import Place
from parlance.core.model.restriction import FOREVER, Restriction
from parlance.core.model.system_message import SystemMessage
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def test_there_is_something_to_read(world: World) -> None:
    """How much, its last message, and whether one of them mentions the client."""
    said = await world.say("one", mentions=(BEN,))
    last = await world.say("two")
    (unread,) = await world.actions.unread_inbox(world.ben, 0)
    assert (world.group, 2, last, True) == (
        unread.conversation.conv_id,
        unread.unread,
        unread.last_message,
        unread.mentioned,
    )
    await world.actions.mark_read_at(world.ben, world.group, Place(msg_id=said.msg_id))
    (unread,) = await world.actions.unread_inbox(world.ben, 0)
    assert (1, False) == (unread.unread, unread.mentioned)
    await world.actions.mark_read_at(world.ben, world.group, Place())
    assert [] == await world.actions.unread_inbox(world.ben, 0)


async def test_only_what_came_since(world: World) -> None:
    """Of conversations in which something came since; the newest of them first."""
    await world.say("old")
    since = world.clock.now()
    world.clock.advance(10)
    talk = await world.open(Kind.DIRECT, "ada", "ben")
    await world.say("new", conv_id=talk.conv_id)
    found = await world.actions.unread_inbox(world.ben, since)
    assert [talk.conv_id] == [each.conversation.conv_id for each in found]
    found = await world.actions.unread_inbox(world.ben, -1)
    assert [talk.conv_id, world.group] == [each.conversation.conv_id for each in found]


async def test_fifty_conversations_at_most(world: World) -> None:
    """The newest of them."""
    for _ in range(MOST_CONVERSATIONS + 1):
        group = await world.open(Kind.GROUP, "ada", "ben")
        await world.say("x", conv_id=group.conv_id)
        world.clock.advance(1)
    found = await world.actions.unread_inbox(world.ben, 0)
    assert (MOST_CONVERSATIONS, group.conv_id) == (len(found), found[0].conversation.conv_id)


async def test_the_apps_notices_are_to_be_read(world: World) -> None:
    """Each sees its own as the last one."""
    notices = await world.open(Kind.GROUP, "ada", "cy")
    async with world.store.begin() as tx:
        voice = world.application.actions.notify_class._voice
        for client in (BEN, CY):
            await voice.say(tx, world.hall.app_id, (client,), SystemMessage(f"dear {client}"), world.clock.now())
    (unread,) = await world.actions.unread_inbox(world.ben, 0)
    assert (1, "dear ben") == (unread.unread, unread.last_message.text)
    assert notices.conv_id != unread.conversation.conv_id


async def test_what_was_changed_since(world: World) -> None:
    """Edited and recalled messages of one's conversations, by when they were changed."""
    first, second = await world.say("one"), await world.say("two")
    world.clock.advance(10)
    await world.actions.edit(world.ada, world.group, second.msg_id, NewContent("better", None))
    edited = world.clock.now()
    world.clock.advance(10)
    await world.actions.recall(world.ada, world.group, first.msg_id)
    found = await world.actions.patched_since(world.ben, 1)
    assert [(second.id, edited, "better"), (first.id, edited + 10, None)] == [
        (each.id, each.patched_at, each.text) for each in found
    ]
    assert [first.id] == [each.id for each in await world.actions.patched_since(world.ben, edited)]
    for caller, since in ((world.ben, 0), (world.ben, edited + 10), (world.cy, 1)):
        assert [] == await world.actions.patched_since(caller, since)


async def test_what_lastingly_happened(world: World) -> None:
    """Somebody came in, is silenced, and was read: the earliest first."""
    start = world.clock.now()
    world.clock.advance(10)
    group = await world.open(Kind.GROUP, "ada", "cy")
    sent = await world.actions.send(world.cy, Draft(CY, -1, group.conv_id, text="x", receipt=True))
    world.clock.advance(10)
    async with world.store.begin() as tx:
        silence = {CY: Restriction(silenced_until=FOREVER)}
        await tx.restrictions.put(sent.conversation, silence, world.clock.now(), ADA)
    world.clock.advance(10)
    await world.actions.mark_read_at(world.ada, group.conv_id, Place())
    found = await world.actions.notifications_since(world.cy, start, 100)
    assert [("joined", 10), ("silenced", 20), ("read", 30)] == [(row.what, row.time - start) for row in found.rows]
    assert (ADA, sent.msg_id, False) == (list(found.rows)[-1].by, list(found.rows)[-1].msg_id, found.more)


async def test_page_after_page(world: World) -> None:
    """The next begins behind the last one's time, so what happened at once is not torn apart."""
    start = world.clock.now()
    world.clock.advance(10)
    for apart in (0, 0, 10, 0, 0):
        world.clock.advance(apart)
        await world.open(Kind.GROUP, "ada", "cy")
    first = await world.actions.notifications_since(world.cy, start, 3)
    assert ([10, 10], True) == ([row.time - start for row in first.rows], first.more)
    rest = await world.actions.notifications_since(world.cy, start + 10, 3)
    assert ([20, 20, 20], False) == ([row.time - start for row in rest.rows], rest.more)
    # More at once than fit a page: then it must be torn, or nobody would come past it.
    torn = await world.actions.notifications_since(world.cy, start + 10, 2)
    assert (2, True) == (len(torn.rows), torn.more)


@pytest.mark.parametrize("most", [0, -5])
async def test_a_page_has_something(world: World, most: int) -> None:
    """Else a client would ask for ever."""
    await world.open(Kind.GROUP, "ada", "cy")
    assert 1 == len((await world.actions.notifications_since(world.cy, 0, most)).rows)


@pytest.mark.parametrize("time", [-(1 << 63), (1 << 63) - 1, 1 << 70])
async def test_times_of_any_age(world: World, time: int) -> None:
    """Nobody falls over what a client says of its past."""
    await world.say("x")
    actions = world.actions
    early = time < 0
    assert early == bool(await actions.unread_inbox(world.ben, time))
    assert [] == await actions.patched_since(world.ben, time)
    assert early == bool((await actions.notifications_since(world.ben, time, 1)).rows)


async def test_a_backend_was_never_away(world: World) -> None:
    """These are a client's questions."""
    actions = world.actions
    for asked in (
        actions.unread_inbox(world.backend, 0),
        actions.patched_since(world.backend, 1),
        actions.notifications_since(world.backend, 0, 1),
    ):
        assert FaultCode.NOT_PERMITTED is await refusal(asked)
