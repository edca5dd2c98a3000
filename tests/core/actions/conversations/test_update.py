"""Changing what is said about conversations."""

import pytest

from core.world import World, refusal
from parlance.core.actions.conversations import update
from parlance.core.model.conversation import LARGEST_EXT, Kind
from parlance.core.model.events import ConversationUpdated
from parlance.core.model.member import Role, Standing
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

NEW = '{"name":"new"}'


def _the(conv_id: str) -> list[Condition]:
    return [Condition(Field.CONV_ID, Op.EQUAL, (conv_id,))]


async def _ext(world: World, conv_id: str) -> tuple[str | None, int | None]:
    page = await world.actions.search_conversations(world.backend, _the(conv_id), PageAsked(1, 1))
    found = page.rows[0].conversation
    return found.ext, found.updated_at


async def test_the_owner_updates(world: World) -> None:
    """The owner replaces the extension whole, and the time of the change moves."""
    assert (None, None) == await _ext(world, world.group)
    world.clock.advance(1_000)
    await world.actions.update_conversations(world.ada, _the(world.group), NEW)
    assert (NEW, world.clock.now()) == await _ext(world, world.group)
    await world.actions.update_conversations(world.ada, _the(world.group), None)
    assert None is (await _ext(world, world.group))[0]


async def test_the_backend_updates_all_that_match(world: World) -> None:
    """Every conversation that matches is changed, and its members are told."""
    other = await world.open(Kind.GROUP, "cy")
    world.told.events.clear()
    groups = [Condition(Field.CONV_TYPE, Op.EQUAL, (3,))]
    changed = await world.actions.update_conversations(world.backend, groups, NEW)
    assert {world.group, other.conv_id} == {conversation.conv_id for conversation in changed}
    told = world.told.of(ConversationUpdated)
    assert {("ada", "ben"), ("cy",)} == {tuple(event.audience) for event in told}
    assert {(None, NEW)} == {(event.by, event.conversation.ext) for event in told}


async def test_an_admin_updates(world: World) -> None:
    """Admins may what the owner may."""
    group = (await world.actions.search_conversations(world.backend, _the(world.group), PageAsked(1, 1))).rows[0]
    async with world.store.begin() as tx:
        await tx.members.set_standing(group.conversation.id, ClientId("ben"), Standing(Role.ADMIN), world.clock.now())
    await world.actions.update_conversations(world.ben, _the(world.group), NEW)
    assert NEW == (await _ext(world, world.group))[0]


async def test_what_is_at_hand_follows(world: World) -> None:
    """Messages go on after an update: what is kept at hand has heard of it."""
    await world.say("before")
    await world.actions.update_conversations(world.ada, _the(world.group), NEW)
    assert 2 == (await world.say("after")).seq


async def test_a_member_may_not(world: World) -> None:
    """A plain member changes nothing."""
    asked = world.actions.update_conversations(world.ben, _the(world.group), NEW)
    assert FaultCode.NOT_PERMITTED is await refusal(asked)
    assert (None, None) == await _ext(world, world.group)


async def test_all_or_none(world: World) -> None:
    """One conversation among them that the caller may not change keeps all as they were."""
    own = await world.open(Kind.GROUP, "ben", "ada")
    groups = [Condition(Field.CONV_TYPE, Op.EQUAL, (3,))]
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.update_conversations(world.ben, groups, NEW))
    assert (None, None) == await _ext(world, own.conv_id)
    assert [] == world.told.of(ConversationUpdated)


async def test_a_stranger_finds_nothing_to_update(world: World) -> None:
    """What one is not in, and what is of another app, cannot be told from what is not there."""
    for caller in (world.cy, world.dora):
        asked = world.actions.update_conversations(caller, _the(world.group), NEW)
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
    nothing = world.actions.update_conversations(world.backend, _the("nothing"), NEW)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nothing)


async def test_an_extension_has_a_bound(world: World) -> None:
    """More than 64 KiB is refused."""
    asked = world.actions.update_conversations(world.ada, _the(world.group), "x" * (LARGEST_EXT + 1))
    assert FaultCode.BAD_FORMAT is await refusal(asked)


async def test_more_than_can_be_changed_at_once_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition that half an app matches must not stop everybody else's writing; nothing is changed."""
    monkeypatch.setattr(update, "MOST_AT_ONCE", 1)
    await world.open(Kind.GROUP, "cy")
    groups = [Condition(Field.CONV_TYPE, Op.EQUAL, (3,))]
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.update_conversations(world.backend, groups, NEW))
    assert (None, None) == await _ext(world, world.group)
