"""Sending."""

import asyncio
from typing import Any

import pytest

from core.world import World, refusal, refused
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessageSent
from parlance.core.model.message import LARGEST_CONTENT, Draft, Message
from parlance.core.model.restriction import Restriction
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


def _draft(world: World, sender: ClientId = ADA, text: str | None = "hello", **more: object) -> Draft:
    draft = Draft(sender, -1, world.group, text=text)
    for name, value in more.items():
        setattr(draft, name, value)
    return draft


async def _stored(world: World, conv_id: str | None = None) -> list[Message]:
    page = await world.actions.list_messages(world.backend, ConvId(conv_id or world.group), PageAsked(1, 100))
    return page.rows


class Settled:
    """What became of drafts that nobody waits for."""

    def __init__(self) -> None:
        self.answers: list[tuple[Message, Fault | None]] = []
        self._enough = asyncio.Event()
        self._expected = 0

    def __call__(self, message: Message, fault: Fault | None) -> None:
        """Write it down."""
        self.answers.append((message, fault))
        self._notice()

    async def wait(self, count: int) -> None:
        """Until so many are settled."""
        self._expected = count
        self._notice()
        async with asyncio.timeout(30):
            await self._enough.wait()

    def _notice(self) -> None:
        if self._expected and len(self.answers) >= self._expected:
            self._enough.set()


async def test_what_is_sent_is_stored(world: World) -> None:
    """The answer is the message as it is stored, with its place in the sequence."""
    draft = Draft(
        ADA,
        -2,
        world.group,
        text="a cat",
        attr='{"size":1}',
        url="https://x/cat.png",
        mentions=(BEN,),
        mention_all=True,
    )
    sent = await world.actions.send(world.ada, draft)
    assert (1, world.clock.now(), False) == (sent.seq, sent.created_at, sent.transient)
    assert [sent] == await _stored(world)


async def test_the_others_hear_of_it(world: World) -> None:
    """The members who are connected are told; strangers and the sender's own devices are not."""
    ben, cy, ada = world.phone(world.ben), world.phone(world.cy), world.phone(world.ada)
    await world.actions.send(world.ada, _draft(world))
    assert (["message ada hello"], [], []) == (ben.heard(), cy.heard(), ada.heard())


async def test_the_senders_other_devices_hear_if_asked(world: World) -> None:
    """With `sync` the sender's devices hear too, all but the one that sent."""
    phone, tablet = world.phone(world.ada, "phone"), world.phone(world.ada, "tablet")
    settled = Settled()
    await world.say("warm up")
    world.actions.send.submit(world.ada, _draft(world, sync=True), phone.number, settled)
    await settled.wait(1)
    await world.say("after")
    assert ([], ["message ada hello"]) == (phone.heard(), tablet.heard())


async def test_the_sequence_has_no_gaps(world: World) -> None:
    """Many at once get the numbers from 1 on, each once, and are told in that order."""
    ben = world.phone(world.ben)
    sent = await asyncio.gather(*(world.say(f"m{number}") for number in range(50)))
    assert list(range(1, 51)) == sorted(message.seq or 0 for message in sent)
    by_seq = sorted(sent, key=lambda message: message.seq or 0)
    assert [f"message ada {message.text}" for message in by_seq] == ben.heard()


async def test_every_conversation_has_its_own_sequence(world: World) -> None:
    """What is said elsewhere leaves no gap here."""
    direct = await world.open(Kind.DIRECT, "ada", "cy")
    seqs = [(await world.say("x", conv_id=where)).seq for where in (world.group, direct.conv_id, world.group)]
    assert [1, 1, 2] == seqs


async def test_the_sender_has_read_it(world: World) -> None:
    """Sending moves the sender's mark, so a client never finds its own messages unread."""
    await world.say("one", sender="ben")
    await world.say("two", sender="ada")
    inbox = await world.store.read.conversations.inbox(world.hall.app_id, BEN, 0, world.clock.now(), 10)
    assert [(1, 1)] == [(row.read_seq, row.unread) for row in inbox]


async def test_a_client_is_written_to_directly(world: World) -> None:
    """Addressed to a client, a message makes the direct conversation if there is none."""
    first = await world.actions.send(world.ada, Draft(ADA, -1, to=CY, text="hello"))
    answer = await world.actions.send(world.cy, Draft(CY, -1, to=ADA, text="hi"))
    assert (first.conv_id, 2) == (answer.conv_id, answer.seq)


async def test_the_same_ref_is_the_same_message(world: World) -> None:
    """A send that is repeated, at once or later, makes nothing and gets the same answer."""
    first, again = await asyncio.gather(
        world.actions.send(world.ada, _draft(world, ref="r1")), world.actions.send(world.ada, _draft(world, ref="r1"))
    )
    later = await world.actions.send(world.ada, _draft(world, text="other words", ref="r1"))
    assert {first.msg_id} == {first.msg_id, again.msg_id, later.msg_id}
    assert ["hello"] == [message.text for message in await _stored(world)]
    assert 1 == len(world.told.of(MessageSent))


async def test_a_ref_is_its_senders_in_its_conversation(world: World) -> None:
    """The same ref of somebody else, or elsewhere, is another message."""
    direct = await world.open(Kind.DIRECT, "ada", "ben")
    sent = [
        await world.actions.send(world.ada, _draft(world, ref="r1")),
        await world.actions.send(world.ben, _draft(world, sender=BEN, ref="r1")),
        await world.actions.send(world.ada, _draft(world, conv_id=direct.conv_id, ref="r1")),
    ]
    assert 3 == len({message.msg_id for message in sent})


async def test_what_is_transient_passes_by(world: World) -> None:
    """It reaches who is online, has no place in the sequence, and is not stored."""
    ben = world.phone(world.ben)
    sent = await world.actions.send(world.ada, _draft(world, transient=True))
    assert (None, True) == (sent.seq, sent.transient)
    assert ["message ada hello"] == ben.heard()
    assert [] == await _stored(world)
    assert 1 == (await world.say("kept")).seq


async def test_a_room_without_history_stores_nothing(world: World) -> None:
    """Everything said in it passes by."""
    ada, ben = world.phone(world.ada), world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada", "ben", keep_history=False)
    sent = await world.actions.send(world.ada, _draft(world, conv_id=room.conv_id))
    assert None is sent.seq
    assert "message ada hello" in ben.heard()
    assert [] == [line for line in ada.heard() if line.startswith("message")]
    assert [] == await _stored(world, room.conv_id)


async def test_the_backend_speaks_for_members(world: World) -> None:
    """The server key sends in any member's name, as fast as it likes."""
    for _ in range(100):
        await world.actions.send(world.backend, _draft(world, sender=BEN))
    assert {"ben"} == {message.sender for message in await _stored(world)}


async def test_submitting_keeps_the_order(world: World) -> None:
    """What a socket hands in one after another is settled and told in that order, before and after a miss."""
    ben = world.phone(world.ben)
    settled = Settled()
    waiting = world.actions.send.submit(world.ada, _draft(world, text="m0"), 99, settled)
    assert waiting is not None, "nothing is at hand yet"
    await waiting
    for number in range(1, 10):
        assert None is world.actions.send.submit(world.ada, _draft(world, text=f"m{number}"), 99, settled)
    await settled.wait(10)
    assert [(f"m{number}", number + 1, None) for number in range(10)] == [
        (message.text, message.seq, fault) for message, fault in settled.answers
    ]
    await world.say("the last")
    assert [f"message ada m{number}" for number in range(10)] == ben.heard()[:10]


async def test_a_submitted_transient_is_settled_at_once(world: World) -> None:
    """Nothing is waited for where nothing is stored."""
    await world.say("warm up")
    settled = Settled()
    assert None is world.actions.send.submit(world.ada, _draft(world, transient=True), 1, settled)
    assert [(None, None)] == [(message.seq, fault) for message, fault in settled.answers]


async def test_what_the_store_finds_wrong_is_settled(world: World) -> None:
    """A conversation that ends while its message waits gets the sender a refusal, not silence."""
    conversation = (await world.say("warm up")).conversation
    async with world.store.begin() as tx:
        # Deleted without a word, as if the word were still on its way.
        await tx.conversations.delete(conversation, world.clock.now())
    settled = Settled()
    world.actions.send.submit(world.ada, _draft(world), 1, settled)
    await settled.wait(1)
    assert [FaultCode.UNKNOWN_CONVERSATION] == [fault and fault.code for _, fault in settled.answers]
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.say("nor like this"))


async def test_its_content_is_judged(world: World) -> None:
    """What no conversation would take is refused in both ways in, and makes nothing."""
    await world.say("warm up")
    too_large = _draft(world, text="x" * (LARGEST_CONTENT + 1))
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.send(world.ada, too_large))
    assert FaultCode.MISSING_FIELD is await refusal(world.actions.send(world.ada, _draft(world, text="")))
    submit = world.actions.send.submit
    assert FaultCode.BAD_FORMAT is refused(lambda: submit(world.ada, too_large, 1, Settled()))
    assert 1 == len(await _stored(world))


async def test_it_has_an_address(world: World) -> None:
    """Neither a conversation nor a client: nowhere to go."""
    assert FaultCode.MISSING_FIELD is await refusal(world.actions.send(world.ada, Draft(ADA, -1, text="hello")))


async def test_nobody_speaks_for_another(world: World) -> None:
    """A client's words are its own, whether or not the conversation is at hand."""
    draft = _draft(world, sender=BEN)
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.send(world.ada, draft))
    await world.say("warm up")
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.send(world.ada, draft))
    assert FaultCode.FOREIGN_CLIENT is refused(lambda: world.actions.send.submit(world.ada, draft, 1, Settled()))


async def test_a_stranger_is_not_heard(world: World) -> None:
    """Who is not in does not speak, by itself or through the backend."""
    draft = _draft(world, sender=CY)
    for caller in (world.cy, world.backend):
        assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.send(caller, draft))
    assert [] == await _stored(world)


async def test_another_app_does_not_know_the_conversation(world: World) -> None:
    """Nor does anybody know one that is not there."""
    from_there = _draft(world, sender=ClientId("dora"))
    for caller in (world.dora, Caller(world.annex)):
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.send(caller, from_there))
    nowhere = _draft(world, conv_id=ConvId("nothing"))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.send(world.ada, nowhere))


async def test_who_was_removed_is_not_heard(world: World) -> None:
    """From the moment in which the removal is answered."""
    await world.say("warm up")
    await world.actions.remove_members(world.ada, world.group, (BEN,))
    draft = _draft(world, sender=BEN)
    assert FaultCode.NOT_A_MEMBER is refused(lambda: world.actions.send.submit(world.ben, draft, 1, Settled()))


async def test_the_silenced_wait(world: World) -> None:
    """Who is silenced speaks again when the time is over."""
    conversation = (await world.say("warm up")).conversation
    until = world.clock.now() + 1_000
    async with world.store.begin() as tx:
        await tx.restrictions.put(conversation, {BEN: Restriction(silenced_until=until)}, world.clock.now(), None)
    world.application.rosters._young.clear()
    assert FaultCode.SILENCED_FOR_NOW is await refusal(world.say("mmh", sender="ben"))
    world.clock.advance(1_000)
    assert 2 == (await world.say("ah", sender="ben")).seq


async def test_the_banned_are_not_heard(world: World) -> None:
    """A banned member stays in and says nothing, until it is let back."""
    await world.actions.ban(world.backend, BEN)
    assert FaultCode.BANNED is await refusal(world.say("hello", sender="ben"))
    await world.actions.unban(world.backend, BEN)
    assert 1 == (await world.say("hello", sender="ben")).seq


async def test_a_client_has_a_pace(world: World) -> None:
    """The twenty-first at once in one conversation is refused, with the time to wait; the backend never."""
    for _ in range(20):
        await world.actions.send(world.ada, _draft(world))
    with pytest.raises(Fault) as caught:
        await world.actions.send(world.ada, _draft(world))
    assert (FaultCode.RATE_LIMITED, 1) == (caught.value.code, caught.value.retry_after)
    world.clock.advance(1_000)
    assert 21 == (await world.actions.send(world.ada, _draft(world))).seq


async def test_more_than_may_wait_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that cannot keep up refuses instead of gathering without end."""
    await world.say("warm up")
    monkeypatch.setattr(world.application.store.appender, "_most", 2)
    settled = Settled()
    submit = world.actions.send.submit
    for _ in range(2):
        submit(world.backend, _draft(world), 1, settled)
    assert FaultCode.UNAVAILABLE is refused(lambda: submit(world.backend, _draft(world), 1, settled))
    await settled.wait(2)
    assert 3 == len(await _stored(world))


async def test_two_addresses_that_agree(world: World) -> None:
    """A direct conversation may be named together with who is in it."""
    first = await world.actions.send(world.ada, _draft(world, conv_id=None, to=BEN))
    second = await world.actions.send(world.ada, _draft(world, conv_id=first.conv_id, to=BEN))
    assert (first.conv_id, 2) == (second.conv_id, second.seq)


async def test_two_addresses_that_disagree(world: World) -> None:
    """The conversation of other two, one with oneself, or a group: nothing is sent anywhere."""
    with_cy = await world.open(Kind.DIRECT, "ada", "cy")
    with_ben = await world.open(Kind.DIRECT, "ada", "ben")
    pair_in_group = await world.open(Kind.GROUP, "ada", "ben")
    for conv_id, to in ((with_cy.conv_id, BEN), (with_ben.conv_id, ADA), (pair_in_group.conv_id, BEN)):
        assert FaultCode.BAD_FORMAT is await refusal(
            world.actions.send(world.ada, _draft(world, conv_id=conv_id, to=to))
        )
        assert [] == await _stored(world, conv_id)


async def test_writing_to_a_stranger(world: World) -> None:
    """Where that is wanted both become known; not by a message that is no good."""
    to_eve: dict[str, Any] = {"conv_id": None, "to": ClientId("eve"), "create_missing": True}
    assert FaultCode.MISSING_FIELD is await refusal(world.actions.send(world.backend, _draft(world, text="", **to_eve)))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user(world.backend, ClientId("eve")))
    sent = await world.actions.send(world.backend, _draft(world, ClientId("finn"), **to_eve))
    assert {"eve", "finn"} == {*await world.members(sent.conv_id)}
    assert "eve" == (await world.actions.find_user(world.backend, ClientId("eve"))).client_id
