"""People in the directory."""

import pytest

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.organisation import Person, PersonRole
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

EVE = ClientId("eve")


@pytest.fixture
async def school(world: World) -> World:
    """Organisation 1 with classes 10 and 11, organisation 2 with class 20."""
    for organisation, classes in ((1, (10, 11)), (2, (20,))):
        await world.actions.put_organisation(world.backend, organisation)
        for school_class in classes:
            await world.actions.put_class(world.backend, organisation, school_class)
    return world


async def in_class(school: World, number: int) -> dict[ClientId, PersonRole]:
    """Who is in a class."""
    return await school.store.read.directory.members_of_class(school.hall.app_id, number)


async def test_somebody_is_written_down(school: World) -> None:
    """With a role, in classes, each once; one nobody has heard of becomes known."""
    person = await school.actions.put_person(school.backend, 1, EVE, "student", (11, 10, 11))
    assert Person(school.hall.app_id, 1, EVE, PersonRole.STUDENT, (11, 10)) == person
    assert {EVE: PersonRole.STUDENT} == await in_class(school, 10) == await in_class(school, 11)
    assert {EVE: PersonRole.STUDENT} == await school.store.read.directory.people(school.hall.app_id, 1)
    assert EVE == (await school.actions.find_user(school.backend, EVE)).client_id


async def test_writing_anew_replaces(school: World) -> None:
    """Role and classes; what somebody is elsewhere stays."""
    await school.actions.put_person(school.backend, 1, EVE, "student", (10, 11))
    await school.actions.put_person(school.backend, 2, EVE, "teacher", (20,))
    await school.actions.put_person(school.backend, 1, EVE, "admin", (11,))
    assert {} == await in_class(school, 10)
    assert {EVE: PersonRole.ADMIN} == await in_class(school, 11)
    assert {EVE: PersonRole.TEACHER} == await in_class(school, 20)


async def test_somebody_is_taken_out(school: World) -> None:
    """Of the organisation and its classes; the user stays."""
    await school.actions.put_person(school.backend, 1, EVE, "student", (10,))
    await school.actions.delete_person(school.backend, 1, EVE)
    assert {} == await in_class(school, 10)
    assert {} == await school.store.read.directory.people(school.hall.app_id, 1)
    assert EVE == (await school.actions.find_user(school.backend, EVE)).client_id
    assert FaultCode.UNKNOWN_CLIENT is await refusal(school.actions.delete_person(school.backend, 1, EVE))


async def test_what_is_refused_changes_nothing(school: World) -> None:
    """A client who writes, a role or a class that is none, another organisation's class, the banned."""
    put = school.actions.put_person
    await school.actions.ban(school.backend, ClientId("cy"))
    assert FaultCode.KEY_REQUIRED is await refusal(put(school.ada, 1, EVE, "student"))
    assert FaultCode.BAD_FORMAT is await refusal(put(school.backend, 1, EVE, "janitor"))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(put(school.backend, 9, EVE, "student"))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(put(school.backend, 1, EVE, "student", (10, 99)))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(put(school.backend, 1, EVE, "student", (20,)))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(put(school.backend, 1, EVE, "student", (1 << 80,)))
    assert FaultCode.BANNED is await refusal(put(school.backend, 1, ClientId("cy"), "student"))
    strict = Caller(with_settings(school.hall, create_users=False))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(put(strict, 1, EVE, "student"))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(school.actions.find_user(school.backend, EVE))
    assert {} == await school.store.read.directory.people(school.hall.app_id, 1)


async def test_who_may_not_take_out(school: World) -> None:
    """A client; and nobody from what there is not."""
    assert FaultCode.KEY_REQUIRED is await refusal(school.actions.delete_person(school.ada, 1, EVE))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(school.actions.delete_person(school.backend, 9, EVE))
