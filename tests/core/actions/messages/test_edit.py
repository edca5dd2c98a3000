"""Putting other words in messages."""

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessageEdited
from parlance.core.model.message import LARGEST_CONTENT, Draft, Message, MessageStatus, NewContent
from parlance.core.model.starting import Starting
from parlance.core.model.typed_message import read
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked

ADA, BEN = ClientId("ada"), ClientId("ben")
BETTER = NewContent("better", '{"mood":1}')


async def _rows(world: World) -> list[Message]:
    return (await world.actions.list_messages(world.backend, world.group, PageAsked(1, 10))).rows


async def test_the_sender_edits(world: World) -> None:
    """Text and attributes are replaced whole; place, time and status stay."""
    said = await world.say("good", attr='{"old":1}')
    world.clock.advance(5)
    edited = await world.actions.edit(world.ada, world.group, said.msg_id, BETTER)
    assert [edited] == await _rows(world)
    assert ("better", '{"mood":1}', said.created_at + 5) == (edited.text, edited.attr, edited.patched_at)
    assert (said.seq, said.created_at, MessageStatus.STORED) == (edited.seq, edited.created_at, edited.status)


async def test_everybody_is_told(world: World) -> None:
    """All connections of all members, the sender's others too, save the one that asked."""
    phones = [world.phone(world.ada, "phone"), world.phone(world.ada, "tablet"), world.phone(world.ben)]
    said = await world.say("good")
    for phone in phones:
        phone.heard()
    await world.actions.edit(world.ada, world.group, said.msg_id, BETTER, phones[0].number)
    assert [[], ["edited better"], ["edited better"]] == [phone.heard() for phone in phones]
    assert 1 == len(world.told.of(MessageEdited))


async def test_the_backend_edits(world: World) -> None:
    """At any time."""
    said = await world.say("good")
    world.clock.advance(1_000)
    caller = Caller(with_settings(world.hall, recall_window=1))
    assert "better" == (await world.actions.edit(caller, world.group, said.msg_id, BETTER)).text


async def test_within_the_window(world: World) -> None:
    """Up to the last millisecond of the window, and no later."""
    ada = Caller(with_settings(world.hall, recall_window=1_000), ClientId("ada"))
    said = await world.say("good")
    world.clock.advance(1_000)
    await world.actions.edit(ada, world.group, said.msg_id, BETTER)
    world.clock.advance(1)
    late = world.actions.edit(ada, world.group, said.msg_id, NewContent("best", None))
    assert FaultCode.NOT_PERMITTED is await refusal(late)
    assert ["better"] == [message.text for message in await _rows(world)]


async def test_nobody_edits_what_others_said(world: World) -> None:
    """The owner of the group neither."""
    said = await world.say("mine", sender="ben")
    asked = world.actions.edit(world.ada, world.group, said.msg_id, BETTER)
    assert FaultCode.NOT_THE_SENDER is await refusal(asked)
    assert ["mine"] == [message.text for message in await _rows(world)]


async def test_what_was_recalled_stays_empty(world: World) -> None:
    """There is nothing to edit any more, for the backend neither."""
    said = await world.say("oops")
    await world.actions.recall(world.ada, world.group, said.msg_id)
    for caller in (world.ada, world.backend):
        asked = world.actions.edit(caller, world.group, said.msg_id, BETTER)
        assert FaultCode.NOT_PERMITTED is await refusal(asked)
    assert [None] == [message.text for message in await _rows(world)]


async def test_it_becomes_nothing_that_could_not_be_sent(world: World) -> None:
    """A text stays a text, and no larger than any."""
    said = await world.say("good")
    edit = world.actions.edit
    empty = edit(world.ada, world.group, said.msg_id, NewContent("", None))
    assert FaultCode.MISSING_FIELD is await refusal(empty)
    large = edit(world.ada, world.group, said.msg_id, NewContent("x" * (LARGEST_CONTENT + 1), None))
    assert FaultCode.BAD_FORMAT is await refusal(large)
    assert ["good"] == [message.text for message in await _rows(world)]


async def test_strangers_and_other_apps(world: World) -> None:
    """A stranger may not, and another app does not know the conversation."""
    said = await world.say("mine")
    edit = world.actions.edit
    assert FaultCode.NOT_A_MEMBER is await refusal(edit(world.cy, world.group, said.msg_id, BETTER))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(edit(world.dora, world.group, said.msg_id, BETTER))
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(edit(world.ada, world.group, "nothing", BETTER))
    nowhere = edit(world.ada, ConvId("nothing"), said.msg_id, BETTER)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nowhere)


async def test_a_client_has_a_pace(world: World) -> None:
    """Each edit costs a transaction and is told to everybody, so they are counted like messages."""
    said = await world.say("good")
    for _ in range(20):
        await world.actions.edit(world.ada, world.group, said.msg_id, BETTER)
    asked = world.actions.edit(world.ada, world.group, said.msg_id, BETTER)
    assert FaultCode.RATE_LIMITED is await refusal(asked)


async def test_another_type_of_message_may_come_of_it(world: World) -> None:
    """With all that belongs to it, its mentions too; without a type, type, address and mentions stay."""
    said = await world.actions.send(world.ada, Draft(ADA, -2, world.group, url="https://x/a.png", mentions=(BEN,)))
    edited = await world.actions.edit(world.ada, world.group, said.msg_id, NewContent("a cat", None))
    assert (-2, "https://x/a.png", (BEN,)) == (edited.type, edited.url, edited.mentions)
    content = read('{"_lctype":7, "poll":[1]}').new_content(mention_all=True, mentions=())
    edited = await world.actions.edit(world.ada, world.group, said.msg_id, content)
    assert (7, None, '{"_lctype":7, "poll":[1]}', True, ()) == (
        edited.type,
        edited.url,
        edited.raw,
        edited.mention_all,
        edited.mentions,
    )
    edited = await world.actions.edit(world.ada, world.group, said.msg_id, NewContent("a poll", None))
    assert (7, "a poll", None) == (edited.type, edited.text, edited.raw)


async def test_a_change_is_later_than_the_message(world: World) -> None:
    """Even if both are of the same millisecond."""
    said = await world.say("good")
    edited = await world.actions.edit(world.ada, world.group, said.msg_id, BETTER)
    assert said.created_at < (edited.patched_at or 0)


async def test_those_are_told_who_have_seen_it(world: World) -> None:
    """Where messages name their readers these are its readers, whoever is in; strangers change nothing."""
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    where = started.roster.conversation.conv_id
    said = await world.actions.say_to_clients(world.backend, where, Draft(ADA, -1, text="news"), (BEN,))
    phones = [world.phone(world.ben), world.phone(world.cy)]
    await world.actions.edit(world.backend, where, said.msg_id, BETTER)
    await world.actions.recall(world.backend, where, said.msg_id)
    assert [["edited better", "recalled 1"], []] == [phone.heard() for phone in phones]
    for change in (
        world.actions.edit(world.cy, where, said.msg_id, BETTER),
        world.actions.recall(world.cy, where, said.msg_id),
    ):
        assert FaultCode.NOT_THE_SENDER is await refusal(change)
