"""The repository of organisations, classes and their people."""

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.organisation import Organisation, Person, PersonRole
from parlance.core.model.school_class import SchoolClass
from parlance.stores.sql.engine import NotInTransactionError

TEACHER, STUDENT = PersonRole.TEACHER, PersonRole.STUDENT


@pytest.fixture
async def school(stage: Stage) -> Stage:
    """Organisation 1 with class 10, in which Ada teaches Ben; organisation 2 with class 20; 1 of the annex, too."""
    async with stage.store.begin() as tx:
        for app_id, number in ((HALL, 1), (HALL, 2), (ANNEX, 1)):
            await tx.directory.put_organisation(Organisation(app_id, number, f"No. {number}"))
        await tx.directory.put_class(SchoolClass(HALL, 10, 1, "Ten"))
        await tx.directory.put_class(SchoolClass(HALL, 20, 2))
        await tx.directory.put_class(SchoolClass(ANNEX, 10, 1))
        await tx.directory.put_person(Person(HALL, 1, ADA, TEACHER, (10,)))
        await tx.directory.put_person(Person(HALL, 1, BEN, STUDENT, (10,)))
        await tx.directory.put_person(Person(ANNEX, 1, CY, STUDENT, (10,)))
    return stage


async def test_what_was_put_is_found(school: Stage) -> None:
    """In its app and nowhere else; putting again replaces."""
    directory = school.store.read.directory
    assert Organisation(HALL, 1, "No. 1") == await directory.organisation(HALL, 1)
    assert SchoolClass(HALL, 10, 1, "Ten") == await directory.school_class(HALL, 10)
    assert None is await directory.organisation(ANNEX, 2)
    assert None is await directory.school_class(ANNEX, 20)
    async with school.store.begin() as tx:
        await tx.directory.put_organisation(Organisation(HALL, 1, "One", "a.png"))
        await tx.directory.put_class(SchoolClass(HALL, 10, 1, "X"))
    assert Organisation(HALL, 1, "One", "a.png") == await directory.organisation(HALL, 1)
    assert SchoolClass(HALL, 10, 1, "X") == await directory.school_class(HALL, 10)


async def test_the_classes_of_an_organisation(school: Stage) -> None:
    """Those of the ones asked for that are its own."""
    directory = school.store.read.directory
    assert {10} == await directory.classes(HALL, 1, [10, 20, 30])
    assert set() == await directory.classes(HALL, 1, [])


async def test_people_once_and_by_class(school: Stage) -> None:
    """By client id."""
    directory = school.store.read.directory
    assert [(ADA, TEACHER), (BEN, STUDENT)] == [*(await directory.people(HALL, 1)).items()]
    assert {ADA: TEACHER, BEN: STUDENT} == await directory.members_of_class(HALL, 10)
    assert {CY: STUDENT} == await directory.members_of_class(ANNEX, 10)
    assert {} == await directory.people(HALL, 2)


async def test_somebody_put_again(school: Stage) -> None:
    """Is only what was said last."""
    async with school.store.begin() as tx:
        await tx.directory.put_person(Person(HALL, 1, BEN, TEACHER))
    assert {ADA: TEACHER} == await school.store.read.directory.members_of_class(HALL, 10)
    assert {ADA: TEACHER, BEN: TEACHER} == await school.store.read.directory.people(HALL, 1)


async def test_deleting(school: Stage) -> None:
    """Answers whether there was anything, and takes nothing of anybody else's."""
    async with school.store.begin() as tx:
        assert await tx.directory.delete_person(HALL, 1, BEN)
        assert not await tx.directory.delete_person(HALL, 1, BEN)
        assert not await tx.directory.delete_class(HALL, 2, 10)
        assert await tx.directory.delete_class(HALL, 1, 10)
        assert not await tx.directory.delete_class(HALL, 1, 10)
        assert await tx.directory.delete_organisation(HALL, 1)
        assert not await tx.directory.delete_organisation(HALL, 1)
    directory = school.store.read.directory
    assert {} == await directory.people(HALL, 1)
    assert {CY: STUDENT} == await directory.members_of_class(ANNEX, 10)
    assert Organisation(HALL, 2, "No. 2") == await directory.organisation(HALL, 2)
    assert SchoolClass(HALL, 20, 2) == await directory.school_class(HALL, 20)


async def test_one_note_a_day(school: Stage) -> None:
    """For each class of each app; numbers are not given twice."""
    async with school.store.begin() as tx:
        first = await tx.directory.note(HALL, 10, "2027-01-15", 5)
        assert await tx.directory.note(HALL, 10, "2027-01-15", 6) is None
        others = [
            await tx.directory.note(HALL, 10, "2027-01-16", 7),
            await tx.directory.note(HALL, 20, "2027-01-15", 7),
            await tx.directory.note(ANNEX, 10, "2027-01-15", 7),
        ]
    assert len({first, *others}) == 4
    async with school.store.begin() as tx:
        await tx.directory.delete_class(HALL, 10, 10)
        assert await tx.directory.note(HALL, 10, "2027-01-15", 8) is None
        await tx.directory.delete_class(HALL, 1, 10)
        again = await tx.directory.note(HALL, 10, "2027-01-15", 9)
    assert again not in {first, *others, None}


async def test_readers_change_nothing(school: Stage) -> None:
    """Outside a transaction."""
    with pytest.raises(NotInTransactionError):
        await school.store.read.directory.put_organisation(Organisation(HALL, 1))
