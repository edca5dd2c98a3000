"""The app's backend speaks in a service conversation."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Draft, Message
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
NEWS = ClientId("newsdesk")


async def _service(world: World, *subscribers: str) -> ConvId:
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    conv_id = started.roster.conversation.conv_id
    for name in subscribers:
        await world.actions.bring_in(world.client(name), conv_id, (ClientId(name),))
    world.told.events.clear()
    return conv_id


def _draft(**more: Any) -> Draft:
    return Draft(NEWS, -1, **{"text": "news", **more})


async def _seen(world: World, message: Message) -> list[ClientId]:
    return await world.store.read.addressed.readers(message.conversation, message.seq or 0)


async def test_subscribers_hear_what_is_said_to_all(world: World) -> None:
    """Those who are in, and nobody else; each has it to read."""
    conv_id = await _service(world, "ada", "ben")
    phones = [world.phone(caller) for caller in (world.ada, world.ben, world.cy)]
    sent = await world.actions.say_to_subscribers(world.backend, conv_id, _draft())
    assert (1, [ADA, BEN]) == (sent.seq, await _seen(world, sent))
    assert [["message newsdesk news"]] * 2 + [[]] == [phone.heard() for phone in phones]
    (unread,) = await world.actions.unread_inbox(world.ben, 0)
    assert (conv_id, 1, "news") == (unread.conversation.conv_id, unread.unread, unread.last_message.text)


async def test_some_hear_what_is_said_to_them(world: World) -> None:
    """Subscribers or not, each once; the others hear nothing."""
    conv_id = await _service(world, "ada")
    phones = [world.phone(caller) for caller in (world.ada, world.ben, world.cy)]
    sent = await world.actions.say_to_clients(world.backend, conv_id, _draft(), (BEN, CY, BEN))
    assert [BEN, CY] == await _seen(world, sent)
    assert [[], ["message newsdesk news"], ["message newsdesk news"]] == [phone.heard() for phone in phones]


async def test_what_is_transient_passes_by(world: World) -> None:
    """Who is there hears it, nothing is kept."""
    conv_id = await _service(world, "ada")
    phones = [world.phone(caller) for caller in (world.ada, world.ben)]
    for sent in (
        await world.actions.say_to_subscribers(world.backend, conv_id, _draft(transient=True)),
        await world.actions.say_to_clients(world.backend, conv_id, _draft(transient=True), (BEN,)),
    ):
        assert sent.transient
    assert [["message newsdesk news"]] * 2 == [phone.heard() for phone in phones]
    assert [] == await world.actions.unread_inbox(world.ada, 0)


async def test_said_again_it_is_the_same(world: World) -> None:
    """By its `ref`."""
    conv_id = await _service(world, "ada")
    sent = [await world.actions.say_to_subscribers(world.backend, conv_id, _draft(ref="r")) for _ in range(2)]
    assert sent[0].msg_id == sent[1].msg_id


@pytest.mark.parametrize("everybody", [True, False])
async def test_only_the_backend_speaks_so(world: World, everybody: bool) -> None:
    """And only in a service conversation of its own app, and only what could be said."""
    conv_id = await _service(world, "ada")

    def say(caller: Any, where: ConvId, draft: Draft) -> Any:
        if everybody:
            return world.actions.say_to_subscribers(caller, where, draft)
        return world.actions.say_to_clients(caller, where, draft, (ADA,))

    refused = [
        (world.ada, conv_id, _draft(), FaultCode.NOT_PERMITTED),
        (world.backend, world.group, _draft(), FaultCode.WRONG_KIND),
        (world.backend, ConvId("nothing"), _draft(), FaultCode.UNKNOWN_CONVERSATION),
        (world.backend, conv_id, _draft(text=""), FaultCode.MISSING_FIELD),
    ]
    for caller, where, draft, code in refused:
        assert code is await refusal(say(caller, where, draft))


async def test_somebody_must_be_named(world: World) -> None:
    """Else nobody would ever see it."""
    conv_id = await _service(world)
    asked = world.actions.say_to_clients(world.backend, conv_id, _draft(), ())
    assert FaultCode.MISSING_FIELD is await refusal(asked)
