"""Short words for what tests of groups say often."""

from typing import Any

import msgspec

from core.world import World
from parlance.core.model.caller import Caller
from parlance.core.model.events import MessageSent
from parlance.core.model.group import NewGroup
from parlance.core.model.member import Roster
from parlance.kernel.ids import ClientId
from realtime.parts import clients

ADA, BEN, CY = clients(["ada", "ben", "cy"])


async def made(world: World, *members: str, caller: Caller | None = None, **more: Any) -> Roster:
    """A group of Ada's that is told by system messages, made by the backend."""
    asked: dict[str, Any] = {"owner": ADA, "members": clients(members), "name": "666", "notices": True, **more}
    new = NewGroup(**asked)
    return await world.actions.create_group(caller or world.backend, new)


def number(roster: Roster) -> int:
    """The group's number."""
    assert roster.conversation.group_id is not None
    return roster.conversation.group_id


def notices(world: World) -> list[tuple[str, list[str]]]:
    """What the app itself has said since last asked, and to whom."""
    return [
        (msgspec.json.decode(event.message.attr or "{}")["sys_message_type"], sorted(event.audience))
        for event in world.told.of(MessageSent)
        if event.message.sender == "system"
    ]


async def said_to(world: World, client: str) -> list[dict[str, Any]]:
    """The fields of everything that the app itself has said to a client, the latest first, with its text."""
    system = await world.store.read.conversations.find_system(world.hall.app_id)
    if system is None:
        return []
    found = await world.store.read.addressed.before(system.id, ClientId(client), 1 << 60, 100)
    return [{**msgspec.json.decode(message.attr or "{}"), "text": message.text} for message in reversed(found)]
