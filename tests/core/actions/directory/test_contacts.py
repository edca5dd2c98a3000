"""Whom the people of an organisation can write to."""

from core.world import World
from parlance.core.model.caller import Caller
from parlance.core.model.contact import ContactType
from parlance.core.model.group import NewGroup
from parlance.kernel.ids import ClientId


async def group(world: World, name: str, organization_id: int | None) -> int:
    """A group of an organisation."""
    new = NewGroup(ClientId("ada"), name=name, organization_id=organization_id)
    return (await world.actions.create_group(world.backend, new)).conversation.group_id or 0


async def test_groups_first_then_people(world: World) -> None:
    """Each once, however many classes somebody is in; admins are not among them."""
    actions = world.actions
    await actions.put_organisation(world.backend, 1)
    for number in (10, 11):
        await actions.put_class(world.backend, 1, number)
    for name, role in (("c7", "teacher"), ("c565", "student"), ("o1", "admin")):
        await actions.put_person(world.backend, 1, ClientId(name), role, (10, 11))
    first, _, third = await group(world, "A", 1), await group(world, "B", None), await group(world, "C", 1)
    found = await actions.contacts(world.ada, 1)
    assert [(first, "A"), (third, "C"), (565, "c565"), (7, "c7")] == [(each.id, each.name) for each in found]
    assert [ContactType.GROUP] * 2 + [ContactType.USER] * 2 == [each.type for each in found]


async def test_more_groups_than_a_page(world: World) -> None:
    """All of them are contacts."""
    numbers = [await group(world, f"g{number}", 5) for number in range(101)]
    assert numbers == [each.id for each in await world.actions.contacts(world.backend, 5)]


async def test_nobody_has_heard_of_it(world: World) -> None:
    """None; and none of another app's."""
    assert [] == await world.actions.contacts(world.backend, 99)
    await group(world, "A", 1)
    assert [] == await world.actions.contacts(Caller(world.annex), 1)
