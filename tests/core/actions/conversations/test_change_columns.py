"""Changing what is said about a conversation, by columns."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import LARGEST_EXT, Conversation, Kind
from parlance.core.model.events import ConversationUpdated
from parlance.core.model.group import GroupChange
from parlance.core.model.member import Role
from parlance.core.model.membership import ColumnsChanged
from parlance.core.model.starting import Starting
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    conversation = (await world.actions.start_conversation(caller, starting)).roster.conversation
    world.told.events.clear()
    world.clock.advance(SECOND)
    return conversation


async def _change(world: World, caller: Caller, made: Conversation, **changes: Any) -> ColumnsChanged:
    return await world.actions.change_columns(caller, made.conv_id, changes, 7)


async def test_a_member_changes_what_is_said(world: World) -> None:
    """The name, the attributes and columns of the app's own; what has come of them is answered and told."""
    made = await _start(world, "ada", "ben", "cy", ext='{"color":{"text":"#000","back":"#fff"}}', columns='{"n":1}')
    changes = {"name": "tea", "attr.color.text": "#333", "n": {"__op": "Increment", "amount": 2}}
    modified = {"name": "tea", "attr.color.text": "#333", "n": 3}
    changed = await world.actions.change_columns(world.ben, made.conv_id, changes, 7)
    now = changed.conversation
    assert modified == changed.modified
    assert ("tea", '{"color":{"text":"#333","back":"#fff"}}', '{"n":3}') == (now.name, now.ext, now.columns)
    assert world.clock.now() == now.updated_at
    (told,) = world.told.of(ConversationUpdated)
    assert (now, changes, modified) == (told.conversation, told.asked, told.modified)
    assert ("ben", 7, ("ada", "ben", "cy")) == (told.by, told.origin, told.audience)
    assert now == await world.store.read.conversations.find(world.hall.app_id, made.conv_id, world.clock.now())


async def test_what_is_reserved_is_passed_over(world: World) -> None:
    """Where nothing else is asked, nothing changes and nothing is told."""
    made = await _start(world, "ada", "ben", "cy")
    changed = await _change(world, world.ada, made, m=["eve"], objectId="x", c="eve", createdAt="", lm=None)
    assert ColumnsChanged(made, {}) == changed
    assert [] == world.told.events
    changed = await _change(world, world.ada, made, m=["eve"], mood="good")
    assert {"mood": "good"} == changed.modified
    (told,) = world.told.of(ConversationUpdated)
    assert {"mood": "good"} == told.asked


async def test_the_backend_changes_anything(world: World) -> None:
    """Without being in, and in service conversations too, whose subscribers are told nothing."""
    made = await _start(world, "ada", "ben", "cy")
    assert "tea" == (await _change(world, world.backend, made, name="tea")).conversation.name
    service = await _start(world, "", "ada", kind=Kind.SERVICE)
    assert "news" == (await _change(world, world.backend, service, name="news")).conversation.name
    (told,) = world.told.of(ConversationUpdated)
    assert () == told.audience


async def test_in_a_room_who_is_in_it(world: World) -> None:
    """An occupant changes what is said about it."""
    world.phone(world.ada)
    room = await _start(world, "ada", kind=Kind.ROOM)
    assert "hall" == (await _change(world, world.ada, room, name="hall")).conversation.name
    assert FaultCode.NOT_A_MEMBER is await refusal(_change(world, world.cy, room, name="mine"))


async def test_groups_of_other_dialects_keep_their_rule(world: World) -> None:
    """There only the owner and admins change what is said; what is no object stays what it is."""
    asked = world.actions.change_columns(world.ben, world.group, {"name": "tea"})
    assert FaultCode.NOT_PERMITTED is await refusal(asked)
    changed = await world.actions.change_columns(world.ada, world.group, {"name": "tea"})
    await world.actions.set_role(world.ada, world.group, ClientId("ben"), Role.ADMIN)
    changed = await world.actions.change_columns(world.ben, world.group, {"attr": {"a": 1}})
    assert ("tea", '{"a":1}') == (changed.conversation.name, changed.conversation.ext)


async def test_what_others_change_is_told_by_columns(world: World) -> None:
    """Whatever dialect they speak, as if they had asked for what comes out."""
    group = await world.store.read.conversations.find(world.hall.app_id, world.group, world.clock.now())
    assert group is not None
    assert group.group_id is not None
    await world.actions.update_group(world.ada, group.group_id, GroupChange(name="tea", avatar="cup"))
    (told,) = world.told.of(ConversationUpdated)
    assert ({"name": "tea"}, {"name": "tea"}) == (told.asked, told.modified)


async def test_two_who_talk_are_equals(world: World) -> None:
    """Either changes what is said about their direct conversation, whoever opened it."""
    direct = await world.open(Kind.DIRECT, "ada", "cy")
    assert "us" == (await _change(world, world.cy, direct, name="us")).conversation.name


async def test_who_is_not_in_changes_nothing(world: World) -> None:
    """For another app there is no such conversation."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(_change(world, world.cy, made, name="tea"))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(_change(world, world.dora, made, name="tea"))


async def test_some_kinds_stay_as_they_are(world: World) -> None:
    """A temporary one for everybody, a service conversation for clients."""
    temporary = await _start(world, "ada", "ben", kind=Kind.TEMPORARY)
    for caller in (world.ada, world.backend):
        assert FaultCode.WRONG_KIND is await refusal(_change(world, caller, temporary, name="tea"))
    service = await _start(world, "", "ada", kind=Kind.SERVICE)
    assert FaultCode.NOT_PERMITTED is await refusal(_change(world, world.ada, service, name="tea"))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": 1},
        {"a..b": 1},
        {"name.first": 1},
        {"a": {"__op": "Destroy"}},
        {"attr": {"a": "x" * LARGEST_EXT}},
        {"a": "x" * LARGEST_EXT},
    ],
)
async def test_what_cannot_be_done_changes_nothing(world: World, changes: dict[str, Any]) -> None:
    """None of it, if some cannot."""
    made = await _start(world, "ada", "ben", "cy", name="tea")
    asked = world.actions.change_columns(world.ada, made.conv_id, {"mood": "good", **changes})
    assert FaultCode.BAD_FORMAT is await refusal(asked)
    assert [] == world.told.events
    assert made == await world.store.read.conversations.find(world.hall.app_id, made.conv_id, world.clock.now())
