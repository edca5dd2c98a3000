"""The app's backend speaks to everybody."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.broadcast import LONGEST_VALID
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Draft, Message
from parlance.core.model.starting import Starting
from parlance.kernel.clock import DAY
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
NEWS = ClientId("newsdesk")


@pytest.fixture
async def news(world: World) -> ConvId:
    """A service conversation to which nobody subscribed."""
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    return started.roster.conversation.conv_id


def _draft(**more: Any) -> Draft:
    return Draft(NEWS, -1, **{"text": "news", **more})


async def _say(world: World, news: ConvId, till: int | None = None, **more: Any) -> Message:
    return await world.actions.say_to_everybody(world.backend, news, _draft(**more), till)


async def _readers(world: World, message: Message) -> list[ClientId]:
    return await world.store.read.addressed.readers(message.conversation, message.seq or 0)


async def test_who_is_here_hears_it(world: World, news: ConvId) -> None:
    """At once, on every device, and in no other app."""
    phones = [world.phone(caller) for caller in (world.ada, world.ada, world.ben, world.dora)]
    sent = await _say(world, news)
    heard = [phone.heard() for phone in phones]
    assert [["message newsdesk news"]] * 3 + [[]] == heard
    assert [ADA, BEN] == await _readers(world, sent)
    assert (
        LONGEST_VALID == (await world.actions.list_broadcasts(world.backend, news, 10))[0].valid_till - sent.created_at
    )


async def test_who_comes_later_hears_it_then(world: World, news: ConvId) -> None:
    """Once, and has it to read; who has had it does not hear it again."""
    ada = world.phone(world.ada)
    sent = await _say(world, news)
    ada.heard()
    cy = world.phone(world.cy)
    for caller in (world.cy, world.cy, world.ada, world.backend):
        await world.actions.hear_broadcasts(caller)
    assert (["message newsdesk news"], []) == (cy.heard(), ada.heard())
    assert [ADA, CY] == await _readers(world, sent)
    (unread,) = await world.actions.unread_inbox(world.cy, 0)
    assert (news, 1) == (unread.conversation.conv_id, unread.unread)


async def test_who_comes_too_late_hears_nothing(world: World, news: ConvId) -> None:
    """It was valid until then."""
    sent = await _say(world, news, world.clock.now() + DAY)
    world.clock.advance(DAY)
    await world.actions.hear_broadcasts(world.cy)
    assert [] == await _readers(world, sent)
    assert [] == await world.actions.list_broadcasts(world.backend, news, 10)


async def test_who_comes_meanwhile_hears_it(world: World, news: ConvId, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for who is here and the commit; once, if it was told already."""
    phones = [world.phone(world.ada), world.phone(world.cy)]
    presence = world.actions.say_to_everybody._presence
    looks = [(ADA,), (ADA, CY)]
    monkeypatch.setattr(presence, "everybody", lambda _: looks.pop(0))
    sent = await _say(world, news)
    assert [["message newsdesk news"]] * 2 == [phone.heard() for phone in phones]
    assert [ADA, CY] == await _readers(world, sent)


async def test_what_is_transient_passes_by(world: World, news: ConvId) -> None:
    """Who is here hears it, nobody else ever."""
    ada = world.phone(world.ada)
    await _say(world, news, transient=True)
    await world.actions.hear_broadcasts(world.cy)
    assert (["message newsdesk news"], [], []) == (
        ada.heard(),
        await world.actions.unread_inbox(world.cy, 0),
        await world.actions.list_broadcasts(world.backend, news, 10),
    )


async def test_one_is_withdrawn(world: World, news: ConvId) -> None:
    """Nobody else hears it; who has had it keeps it."""
    world.phone(world.ada)
    sent = await _say(world, news)
    await world.actions.withdraw_broadcast(world.backend, sent.msg_id)
    await world.actions.hear_broadcasts(world.cy)
    assert [ADA] == await _readers(world, sent)
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(world.actions.withdraw_broadcast(world.backend, sent.msg_id))
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(world.actions.withdraw_broadcast(world.backend, "x"))


async def test_they_are_listed_page_by_page(world: World, news: ConvId) -> None:
    """The newest first; a page is at most a thousand."""
    for text in ("one", "two", "three"):
        await _say(world, news, text=text)
    listed = world.actions.list_broadcasts
    assert ["three", "two"] == [each.message.text for each in await listed(world.backend, news, 2)]
    assert ["one"] == [each.message.text for each in await listed(world.backend, news, 1 << 70, 2)]
    assert [] == await listed(world.backend, news, -1)
    assert [] == await listed(world.backend, news, 2, 1 << 70)


async def test_only_the_app_speaks_to_everybody(world: World, news: ConvId) -> None:
    """Not to begin with, nor afterwards."""
    actions, everybody = world.actions, world.actions.say_to_everybody
    assert FaultCode.NOT_PERMITTED is await refusal(everybody(world.ada, news, _draft()))
    assert FaultCode.NOT_PERMITTED is await refusal(actions.list_broadcasts(world.ada, news, 10))
    assert FaultCode.NOT_PERMITTED is await refusal(actions.withdraw_broadcast(world.ada, "x"))


async def test_only_in_a_service_conversation(world: World, news: ConvId) -> None:
    """Of its own app, with something to say, and an end within a month."""
    everybody, now = world.actions.say_to_everybody, world.clock.now()
    assert FaultCode.WRONG_KIND is await refusal(everybody(world.backend, world.group, _draft()))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(everybody(world.backend, ConvId("none"), _draft()))
    assert FaultCode.MISSING_FIELD is await refusal(everybody(world.backend, news, _draft(text=None)))
    for till in (now, now + LONGEST_VALID + 1):
        assert FaultCode.BAD_FORMAT is await refusal(everybody(world.backend, news, _draft(), till))
