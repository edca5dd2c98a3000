"""Organisations, their classes and their people."""

from collections.abc import Collection

from parlance.core.model.organisation import Organisation, Person, PersonRole
from parlance.core.model.school_class import SchoolClass
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.engine import Executor, Statement
from parlance.stores.sql.schema import WHOLE_ORGANISATION

_ORGANISATION = "SELECT name, avatar FROM organisations WHERE app_id = $1 AND organization_id = $2"
_PUT_ORGANISATION = (
    "INSERT INTO organisations (app_id, organization_id, name, avatar) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (app_id, organization_id) DO UPDATE SET name = excluded.name, avatar = excluded.avatar"
)
_DELETE_ORGANISATION = "DELETE FROM organisations WHERE app_id = $1 AND organization_id = $2 RETURNING 1"
_DELETE_NOTICES = (
    "DELETE FROM class_notices WHERE app_id = $1 AND class_id IN"
    " (SELECT class_id FROM classes WHERE app_id = $1 AND organization_id = $2)"
)
_DELETE_CLASSES = "DELETE FROM classes WHERE app_id = $1 AND organization_id = $2"
_DELETE_PEOPLE = "DELETE FROM enrolments WHERE app_id = $1 AND organization_id = $2"

_CLASS = "SELECT organization_id, name FROM classes WHERE app_id = $1 AND class_id = $2"
_CLASSES = (
    "SELECT class_id FROM classes WHERE app_id = $1 AND organization_id = $2"
    " AND class_id IN (SELECT value FROM EACH_NUMBER($3) AS each)"
)
_PUT_CLASS = (
    "INSERT INTO classes (app_id, class_id, organization_id, name) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (app_id, class_id) DO UPDATE SET organization_id = excluded.organization_id, name = excluded.name"
)
_DELETE_CLASS = "DELETE FROM classes WHERE app_id = $1 AND class_id = $2 AND organization_id = $3 RETURNING 1"
_EMPTY_CLASS = "DELETE FROM enrolments WHERE app_id = $1 AND class_id = $2"
_DELETE_CLASS_NOTICES = "DELETE FROM class_notices WHERE app_id = $1 AND class_id = $2"

_ENROL = (
    "INSERT INTO enrolments (app_id, organization_id, client_id, class_id, role)"
    " SELECT $1, $2, $3, each.value, $4 FROM EACH_NUMBER($5) AS each"
)
_DELETE_PERSON = (
    "DELETE FROM enrolments WHERE app_id = $1 AND organization_id = $2 AND client_id = $3 RETURNING class_id"
)
_PEOPLE = (
    "SELECT client_id, role FROM enrolments WHERE app_id = $1 AND organization_id = $2"
    f" AND class_id = {WHOLE_ORGANISATION} ORDER BY client_id"
)
_IN_CLASS = "SELECT client_id, role FROM enrolments WHERE app_id = $1 AND class_id = $2 ORDER BY client_id"
_NOTE = (
    "INSERT INTO class_notices (app_id, class_id, day, created_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (app_id, class_id, day) DO NOTHING RETURNING id"
)


class SqlDirectory:
    """See `core/ports/directory.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def organisation(self, app_id: AppId, organization_id: int) -> Organisation | None:
        """See `Directory.organisation`."""
        rows = await self._executor.rows(_ORGANISATION, app_id, organization_id)
        return Organisation(app_id, organization_id, *rows[0]) if rows else None

    async def put_organisation(self, organisation: Organisation) -> None:
        """See `Directory.put_organisation`."""
        values = (organisation.app_id, organisation.organization_id, organisation.name, organisation.avatar)
        await self._executor.change(_PUT_ORGANISATION, *values)

    async def delete_organisation(self, app_id: AppId, organization_id: int) -> bool:
        """See `Directory.delete_organisation`."""
        which = (app_id, organization_id)
        steps = (_DELETE_ORGANISATION, _DELETE_NOTICES, _DELETE_CLASSES, _DELETE_PEOPLE)
        gone = await self._executor.change_together([(step, which) for step in steps])
        return bool(gone[0])

    async def school_class(self, app_id: AppId, class_id: int) -> SchoolClass | None:
        """See `Directory.school_class`."""
        rows = await self._executor.rows(_CLASS, app_id, class_id)
        return SchoolClass(app_id, class_id, *rows[0]) if rows else None

    async def classes(self, app_id: AppId, organization_id: int, class_ids: Collection[int]) -> set[int]:
        """See `Directory.classes`."""
        rows = await self._executor.rows(_CLASSES, app_id, organization_id, list(class_ids))
        return {class_id for (class_id,) in rows}

    async def put_class(self, school_class: SchoolClass) -> None:
        """See `Directory.put_class`."""
        values = (school_class.app_id, school_class.class_id, school_class.organization_id, school_class.name)
        await self._executor.change(_PUT_CLASS, *values)

    async def delete_class(self, app_id: AppId, organization_id: int, class_id: int) -> bool:
        """See `Directory.delete_class`."""
        if not await self._executor.change(_DELETE_CLASS, app_id, class_id, organization_id):
            return False
        which = (app_id, class_id)
        await self._executor.change_together([(_EMPTY_CLASS, which), (_DELETE_CLASS_NOTICES, which)])
        return True

    async def put_person(self, person: Person) -> None:
        """See `Directory.put_person`."""
        who = (person.app_id, person.organization_id, person.client_id)
        steps: list[Statement] = [
            (_DELETE_PERSON, who),
            (_ENROL, (*who, person.role, [WHOLE_ORGANISATION, *person.class_ids])),
        ]
        await self._executor.change_together(steps)

    async def delete_person(self, app_id: AppId, organization_id: int, client_id: ClientId) -> bool:
        """See `Directory.delete_person`."""
        return bool(await self._executor.change(_DELETE_PERSON, app_id, organization_id, client_id))

    async def people(self, app_id: AppId, organization_id: int) -> dict[ClientId, PersonRole]:
        """See `Directory.people`."""
        rows = await self._executor.rows(_PEOPLE, app_id, organization_id)
        return {client_id: PersonRole(role) for client_id, role in rows}

    async def members_of_class(self, app_id: AppId, class_id: int) -> dict[ClientId, PersonRole]:
        """See `Directory.members_of_class`."""
        rows = await self._executor.rows(_IN_CLASS, app_id, class_id)
        return {client_id: PersonRole(role) for client_id, role in rows}

    async def note(self, app_id: AppId, class_id: int, day: str, at: int) -> int | None:
        """See `Directory.note`."""
        rows = await self._executor.change(_NOTE, app_id, class_id, day, at)
        return int(rows[0][0]) if rows else None
