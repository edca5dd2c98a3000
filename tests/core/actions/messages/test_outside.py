"""Speaking where one is not in, or is kept from it, and saying what only LeanCloud's clients say."""

import asyncio
from typing import Any

import pytest

from core.actions.messages.test_send import Settled
from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import MessageSent
from parlance.core.model.message import Draft, Message
from parlance.core.model.restriction import FOREVER, Restriction
from parlance.core.model.starting import Starting
from parlance.core.model.typed_message import read
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId, message_hex

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


def _draft(world: World, sender: ClientId = CY, **more: Any) -> Draft:
    return Draft(sender, -1, **{"conv_id": world.group, "text": "hello", **more})


async def _restrict(world: World, client: ClientId, how: Restriction) -> None:
    conversation = (await world.say("warm up")).conversation
    async with world.store.begin() as tx:
        await tx.restrictions.put(conversation, {client: how}, world.clock.now(), None)
    world.application.rosters._young.clear()


async def _service(world: World) -> Conversation:
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    return started.roster.conversation


async def _seen(world: World, conversation: Conversation, client: str) -> list[str | None]:
    found = await world.store.read.addressed.after(conversation.id, ClientId(client), 0, 100)
    return [message.text for message in found]


async def test_the_backend_speaks_for_whom_it_likes(world: World) -> None:
    """Its sender need be neither a member nor known, if it says so."""
    ben = world.phone(world.ben)
    for sender in (CY, ClientId("nobody")):
        sent = await world.actions.send(world.backend, _draft(world, sender, from_outside=True))
        assert sent.seq
    assert ["message cy hello", "message nobody hello"] == ben.heard()
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.send(world.backend, _draft(world)))


async def test_a_client_does_not_speak_where_it_is_not(world: World) -> None:
    """Whatever it says."""
    draft = _draft(world, from_outside=True)
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.send(world.cy, draft))


async def test_in_a_room_everybody_speaks_who_means_to(world: World) -> None:
    """Through the faces that know such a thing; who is in it hears."""
    ada = world.phone(world.ada)
    room = await world.open(Kind.ROOM, "ada")
    for outside, code in ((True, None), (False, FaultCode.NOT_A_MEMBER)):
        asked = world.actions.send(world.cy, _draft(world, conv_id=room.conv_id, from_outside=outside))
        if code is None:
            await asked
        else:
            assert code is await refusal(asked)
    assert ["message cy hello"] == [told for told in ada.heard() if told.startswith("message")]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (Restriction(silenced_until=FOREVER), FaultCode.SILENCED),
        (Restriction(silenced_until=1 << 50), FaultCode.SILENCED_FOR_NOW),
        (Restriction(blocked=True), FaultCode.BLOCKED),
        (Restriction(silenced_until=FOREVER, blocked=True), FaultCode.BLOCKED),
    ],
    ids=str,
)
async def test_who_is_restricted_is_told_how(world: World, how: Restriction, code: FaultCode) -> None:
    """For good, for a while, or kept out; in or not, by whatever way it sends."""
    for client, sender in ((BEN, world.ben), (CY, world.cy)):
        await _restrict(world, client, how)
        assert code is await refusal(world.actions.send(sender, _draft(world, client)))
        assert code is await refusal(world.actions.send(world.backend, _draft(world, client, from_outside=True)))
    assert 3 == (await world.say("the others speak on")).seq


async def test_a_message_keeps_what_its_client_wrote(world: World) -> None:
    """Letter for letter, bytes and receipts included, whatever its type."""
    for payload in ('{"_lctype": 7, "x": [1]}', "plain", b"\x00\xff"):
        draft = read(payload).draft(ADA, world.group)
        draft.receipt = True
        sent = await world.actions.send(world.ada, draft)
        stored = await world.store.read.messages.find(sent.conversation, sent.id)
        assert (draft.type, draft.raw, isinstance(payload, bytes), True) == (
            sent.type,
            sent.raw,
            sent.is_binary,
            sent.receipt,
        )
        assert sent == stored


async def test_a_number_that_was_drawn_before_is_kept(world: World) -> None:
    """A will has its id long before it is sent."""
    number = world.application.ids.message()
    sent = await world.actions.send(world.ada, _draft(world, ADA, number=number, transient=True))
    assert message_hex(number) == sent.msg_id


async def test_what_is_said_in_a_service_conversation_is_for_the_app(world: World) -> None:
    """It is in the sender's own history and has been read; neither subscribers nor strangers hear of it."""
    service = await _service(world)
    await world.actions.bring_in(world.ben, service.conv_id, (BEN,))
    phones = [world.phone(caller) for caller in (world.ada, world.ben)]
    sent = await world.actions.send(world.cy, _draft(world, conv_id=service.conv_id, from_outside=True))
    answer = await world.actions.send(world.ben, _draft(world, BEN, conv_id=service.conv_id, from_outside=True))
    assert [1, 2] == [sent.seq, answer.seq]
    assert [["hello"], ["hello"], []] == [await _seen(world, service, name) for name in ("cy", "ben", "ada")]
    assert [[], []] == [[told for told in phone.heard() if told.startswith("message")] for phone in phones]
    (told, *_) = world.told.of(MessageSent)
    assert (CY,) == tuple(told.audience)
    for caller in (world.ben, world.cy):
        assert [] == await world.actions.unread_inbox(caller, 0)


async def test_what_is_said_to_the_app_goes_by_its_ref(world: World) -> None:
    """Sent again it is the same message; whoever waits for none of it is answered as well."""
    service, settled = await _service(world), Settled()
    draft = _draft(world, conv_id=service.conv_id, from_outside=True, ref="r1")
    first = await world.actions.send(world.cy, draft)
    waiting = world.actions.send.submit(world.cy, draft, 1, settled)
    assert waiting is not None
    await waiting
    assert [(first, None)] == settled.answers
    assert ["hello"] == await _seen(world, service, "cy")
    passing = await world.actions.send(
        world.cy, _draft(world, conv_id=service.conv_id, from_outside=True, transient=True)
    )
    assert passing.transient


async def test_many_speak_to_the_app_at_once(world: World) -> None:
    """Its messages stand in one sequence without gaps, as everybody's."""
    service = await _service(world)
    drafts = [_draft(world, ADA, conv_id=service.conv_id, from_outside=True, text=str(n)) for n in range(20)]
    sent: list[Message] = await asyncio.gather(*(world.actions.send(world.backend, draft) for draft in drafts))
    assert list(range(1, 21)) == sorted(message.seq or 0 for message in sent)


async def test_where_the_app_itself_speaks_nobody_else_does(world: World) -> None:
    """Not by the backend either: there is one voice."""
    async with world.store.begin() as tx:
        system = await world.application.actions.notify_class._voice._conversation(tx, world.hall.app_id, 1)
    draft = _draft(world, ADA, conv_id=ConvId(system.conv_id), from_outside=True)
    for caller in (world.backend, Caller(world.hall, ADA)):
        assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.send(caller, draft))
