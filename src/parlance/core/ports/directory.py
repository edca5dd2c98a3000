"""Where organisations, their classes and their people are kept."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.organisation import Organisation, Person, PersonRole
from parlance.core.model.school_class import SchoolClass
from parlance.kernel.ids import AppId, ClientId


class Directory(Protocol):
    """An app's organisations. Classes are numbered by the app, too, not by their organisation."""

    async def organisation(self, app_id: AppId, organization_id: int) -> Organisation | None:
        """The organisation of that number."""

    async def put_organisation(self, organisation: Organisation) -> None:
        """Keep it; what was kept of it before is replaced."""

    async def delete_organisation(self, app_id: AppId, organization_id: int) -> bool:
        """Forget it with its classes and people; False if there was none."""

    async def school_class(self, app_id: AppId, class_id: int) -> SchoolClass | None:
        """The class of that number."""

    async def classes(self, app_id: AppId, organization_id: int, class_ids: Collection[int]) -> set[int]:
        """Those of them that are classes of this organisation."""

    async def put_class(self, school_class: SchoolClass) -> None:
        """Keep it; what was kept of it before is replaced."""

    async def delete_class(self, app_id: AppId, organization_id: int, class_id: int) -> bool:
        """Forget it with its notices; who was in it stays in the organisation. False if there was none."""

    async def put_person(self, person: Person) -> None:
        """Keep what somebody is in an organisation; what was kept before is replaced."""

    async def delete_person(self, app_id: AppId, organization_id: int, client_id: ClientId) -> bool:
        """Take somebody out of an organisation and its classes; False if they were not in it."""

    async def people(self, app_id: AppId, organization_id: int) -> dict[ClientId, PersonRole]:
        """Everybody of an organisation, each once, by client id."""

    async def members_of_class(self, app_id: AppId, class_id: int) -> dict[ClientId, PersonRole]:
        """Everybody who is in a class, by client id."""

    async def note(self, app_id: AppId, class_id: int, day: str, at: int) -> int | None:
        """Note that a class was notified on a day (`YYYY-MM-DD`); the note's number, None if it was already."""
