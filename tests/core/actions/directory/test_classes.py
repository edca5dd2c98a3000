"""Classes in the directory."""

import pytest

from core.world import World, refusal
from parlance.core.model.school_class import SchoolClass
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


@pytest.fixture
async def school(world: World) -> World:
    """Organisations 1 and 2, and class 10 of the first."""
    await world.actions.put_organisation(world.backend, 1)
    await world.actions.put_organisation(world.backend, 2)
    await world.actions.put_class(world.backend, 1, 10, "Ten")
    return world


async def test_a_class_is_written_down_and_anew(school: World) -> None:
    """What is left out stays as it was."""
    put, app_id = school.actions.put_class, school.hall.app_id
    assert SchoolClass(app_id, 10, 1, "Ten") == await school.store.read.directory.school_class(app_id, 10)
    assert SchoolClass(app_id, 10, 1, "Ten") == await put(school.backend, 1, 10)
    assert SchoolClass(app_id, 10, 1, "11") == await put(school.backend, 1, 10, "11")
    assert SchoolClass(app_id, 11, 2) == await put(school.backend, 2, 11)


async def test_a_class_has_one_organisation(school: World) -> None:
    """Its number is its own in the whole app."""
    assert FaultCode.BAD_FORMAT is await refusal(school.actions.put_class(school.backend, 2, 10, "Mine"))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(school.actions.delete_class(school.backend, 2, 10))
    found = await school.store.read.directory.school_class(school.hall.app_id, 10)
    assert found is not None
    assert (1, "Ten") == (found.organization_id, found.name)


async def test_who_may_not_and_what_is_none(school: World) -> None:
    """A client; a class of nobody's; numbers that are none."""
    actions = school.actions
    assert FaultCode.KEY_REQUIRED is await refusal(actions.put_class(school.ada, 1, 10))
    assert FaultCode.KEY_REQUIRED is await refusal(actions.delete_class(school.ada, 1, 10))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(actions.put_class(school.backend, 9, 10))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(actions.delete_class(school.backend, 1, 99))
    assert FaultCode.BAD_FORMAT is await refusal(actions.put_class(school.backend, 1, 0))
    assert FaultCode.BAD_FORMAT is await refusal(actions.put_class(school.backend, 1, 12, "\x00"))


async def test_who_was_in_a_class_stays_in_the_organisation(school: World) -> None:
    """When the class is forgotten."""
    eve, app_id = ClientId("eve"), school.hall.app_id
    await school.actions.put_person(school.backend, 1, eve, "student", (10,))
    await school.actions.delete_class(school.backend, 1, 10)
    directory = school.store.read.directory
    assert await directory.school_class(app_id, 10) is None
    assert {} == await directory.members_of_class(app_id, 10)
    assert [eve] == list(await directory.people(app_id, 1))
