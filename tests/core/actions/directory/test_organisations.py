"""Organisations in the directory."""

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.organisation import Organisation
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def test_an_organisation_is_written_down_and_anew(world: World) -> None:
    """What is left out stays as it was."""
    actions, app_id = world.actions, world.hall.app_id
    assert Organisation(app_id, 3) == await actions.put_organisation(world.backend, 3)
    assert Organisation(app_id, 3, "One", "a.png") == await actions.put_organisation(world.backend, 3, "One", "a.png")
    assert Organisation(app_id, 3, "Two", "a.png") == await actions.put_organisation(world.backend, 3, name="Two")
    assert Organisation(app_id, 3, "Two", "") == await actions.put_organisation(world.backend, 3, avatar="")
    assert Organisation(app_id, 3, "Two", "") == await world.store.read.directory.organisation(app_id, 3)
    assert await world.store.read.directory.organisation(world.annex.app_id, 3) is None


async def test_only_the_backend_writes(world: World) -> None:
    """A client is told that it takes the server key."""
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.put_organisation(world.ada, 3))
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.delete_organisation(world.ada, 3))


async def test_what_is_no_organisation(world: World) -> None:
    """Numbers below 1, or beyond what clients count to; words that cannot be kept."""
    put = world.actions.put_organisation
    for number in (0, -1, 1 << 53):
        assert FaultCode.BAD_FORMAT is await refusal(put(world.backend, number))
    for words in ({"name": "\x00"}, {"avatar": "\ud800"}, {"name": "x" * 65_537}):
        assert FaultCode.BAD_FORMAT is await refusal(put(world.backend, 3, **words))
    assert await world.store.read.directory.organisation(world.hall.app_id, 3) is None


async def test_an_organisation_is_forgotten_with_all_of_it(world: World) -> None:
    """Its classes, their people and their notices; another one's stay, and so do the users."""
    actions, backend, directory = world.actions, world.backend, world.store.read.directory
    app_id = world.hall.app_id
    for organisation, school_class in ((3, 30), (4, 40)):
        await actions.put_organisation(backend, organisation)
        await actions.put_class(backend, organisation, school_class)
        await actions.put_person(backend, organisation, ClientId("eve"), "student", (school_class,))
        await actions.notify_class(backend, school_class)
    await actions.delete_organisation(backend, 3)
    assert await directory.organisation(app_id, 3) is None
    assert await directory.school_class(app_id, 30) is None
    assert ({}, {}) == (await directory.people(app_id, 3), await directory.members_of_class(app_id, 30))
    assert [ClientId("eve")] == list(await directory.members_of_class(app_id, 40))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(actions.delete_organisation(backend, 3))
    assert FaultCode.ALREADY_NOTIFIED is await refusal(actions.notify_class(backend, 40))
    await actions.put_organisation(backend, 3)
    await actions.put_class(backend, 3, 30)
    assert await actions.notify_class(backend, 30) > 0


async def test_another_apps_organisation_is_unknown(world: World) -> None:
    """Numbers belong to their app."""
    await world.actions.put_organisation(world.backend, 3)
    annex = Caller(world.annex)
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(world.actions.delete_organisation(annex, 3))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(world.actions.put_class(annex, 3, 1))
