"""Taking messages back."""

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessageRecalled
from parlance.core.model.member import Role, Standing
from parlance.core.model.message import Message, MessageStatus
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked


async def _rows(world: World) -> list[Message]:
    return (await world.actions.list_messages(world.backend, world.group, PageAsked(1, 10))).rows


async def test_the_sender_takes_it_back(world: World) -> None:
    """Its content is gone, its place in the sequence stays."""
    said = await world.say("oops", attr="{}", url="https://x", mentions=(ClientId("ben"),))
    world.clock.advance(5)
    recalled = await world.actions.recall(world.ada, world.group, said.msg_id)
    assert [recalled] == await _rows(world)
    assert (said.seq, MessageStatus.RECALLED, said.created_at + 5) == (
        recalled.seq,
        recalled.status,
        recalled.patched_at,
    )
    assert (None, None, None, (), False) == (
        recalled.text,
        recalled.attr,
        recalled.url,
        recalled.mentions,
        recalled.mention_all,
    )


async def test_unread_counts_do_not_jump(world: World) -> None:
    """A message that was taken back is still one that came."""
    said = await world.say("oops")
    await world.actions.recall(world.ada, world.group, said.msg_id)
    inbox = await world.store.read.conversations.inbox(world.hall.app_id, ClientId("ben"), 0, world.clock.now(), 10)
    assert [1] == [row.unread for row in inbox]


async def test_everybody_is_told(world: World) -> None:
    """All connections of all members, the sender's others too, save the one that asked."""
    phones = [world.phone(world.ada, "phone"), world.phone(world.ada, "tablet"), world.phone(world.ben)]
    said = await world.say("oops")
    for phone in phones:
        phone.heard()
    await world.actions.recall(world.ada, world.group, said.msg_id, phones[0].number)
    assert [[], ["recalled 1"], ["recalled 1"]] == [phone.heard() for phone in phones]
    (told,) = world.told.of(MessageRecalled)
    assert ("ada", ("ada", "ben")) == (told.by, told.audience)


async def test_twice_is_the_same(world: World) -> None:
    """The second time answers the same and tells nobody."""
    said = await world.say("oops")
    first = await world.actions.recall(world.ada, world.group, said.msg_id)
    world.clock.advance(5)
    assert first == await world.actions.recall(world.ada, world.group, said.msg_id)
    assert 1 == len(world.told.of(MessageRecalled))


async def test_the_owner_takes_back_what_others_said(world: World) -> None:
    """And so does the backend, at any time."""
    windowed = with_settings(world.hall, recall_window=1)
    for caller in (Caller(windowed, ClientId("ada")), Caller(windowed)):
        said = await world.say("rude", sender="ben")
        world.clock.advance(1_000)
        recalled = await world.actions.recall(caller, world.group, said.msg_id)
        assert MessageStatus.RECALLED is recalled.status


async def test_an_admin_takes_back_what_others_said(world: World) -> None:
    """The owner's words included."""
    said = await world.say("rude")
    async with world.store.begin() as tx:
        await tx.members.set_standing(said.conversation, ClientId("ben"), Standing(Role.ADMIN), world.clock.now())
    await world.actions.recall(world.ben, world.group, said.msg_id)
    assert [None] == [message.text for message in await _rows(world)]


async def test_within_the_window(world: World) -> None:
    """At 120 s it works, a millisecond later it is too late, and nothing has changed."""
    ben = Caller(with_settings(world.hall, recall_window=120_000), ClientId("ben"))
    first, second = await world.say("one", sender="ben"), await world.say("two", sender="ben")
    world.clock.advance(120_000)
    await world.actions.recall(ben, world.group, first.msg_id)
    # The second was said in the next millisecond: no two have the same time.
    world.clock.advance(2)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.recall(ben, world.group, second.msg_id))
    assert ["two", None] == [message.text for message in await _rows(world)]


async def test_a_member_takes_back_only_its_own(world: World) -> None:
    """Others' words stay."""
    said = await world.say("mine")
    assert FaultCode.NOT_THE_SENDER is await refusal(world.actions.recall(world.ben, world.group, said.msg_id))
    assert ["mine"] == [message.text for message in await _rows(world)]


async def test_who_has_left_takes_nothing_back(world: World) -> None:
    """One's own words of before included."""
    said = await world.say("goodbye", sender="ben")
    await world.actions.remove_members(world.ben, world.group, (ClientId("ben"),))
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.recall(world.ben, world.group, said.msg_id))


async def test_strangers_and_other_apps(world: World) -> None:
    """A stranger may not, and another app does not know the conversation."""
    said = await world.say("mine")
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.recall(world.cy, world.group, said.msg_id))
    for caller in (world.dora, Caller(world.annex)):
        asked = world.actions.recall(caller, world.group, said.msg_id)
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(world.actions.recall(world.ada, world.group, "nothing"))
    nowhere = world.actions.recall(world.ada, ConvId("nothing"), said.msg_id)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nowhere)


async def test_a_client_has_a_pace(world: World) -> None:
    """Each recall costs a transaction and is told to everybody, so they are counted like messages."""
    said = await world.say("oops")
    for _ in range(20):
        await world.actions.recall(world.ada, world.group, said.msg_id)
    assert FaultCode.RATE_LIMITED is await refusal(world.actions.recall(world.ada, world.group, said.msg_id))


async def test_of_two_who_talk_neither_stands_above_the_other(world: World) -> None:
    """Who began a direct conversation cannot take back what the other said; the backend can."""
    talk = await world.open(Kind.DIRECT, "ada", "ben")
    said = await world.say("mine", sender="ben", conv_id=talk.conv_id)
    assert FaultCode.NOT_THE_SENDER is await refusal(world.actions.recall(world.ada, talk.conv_id, said.msg_id))
    recalled = await world.actions.recall(world.backend, talk.conv_id, said.msg_id)
    assert MessageStatus.RECALLED is recalled.status
