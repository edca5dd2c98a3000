"""Whom the people of an organisation can write to."""

from parlance.core.model.caller import Caller
from parlance.core.model.contact import Contact, group_contact, person_contact
from parlance.core.model.conversation import Conversation
from parlance.core.model.organisation import PersonRole
from parlance.core.ports.store import Store
from parlance.kernel.ids import AppId
from parlance.kernel.pages import LARGEST_PAGE, PageAsked

_LISTED = frozenset({PersonRole.TEACHER, PersonRole.STUDENT})


class Contacts:
    """Lists an organisation's groups, then its teachers and students, to anybody of the app."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, organization_id: int) -> list[Contact]:
        """Each once; none for an organisation nobody has heard of."""
        app_id = caller.app.app_id
        groups = await self._groups(app_id, organization_id)
        people = await self._store.read.directory.people(app_id, organization_id)
        listed = [client for client, role in people.items() if role in _LISTED]
        users = await self._store.read.users.find_many(app_id, listed)
        return [*map(group_contact, groups), *map(person_contact, users.values())]

    async def _groups(self, app_id: AppId, organization_id: int) -> list[Conversation]:
        groups: list[Conversation] = []
        number = 1
        while True:
            asked = PageAsked(number, LARGEST_PAGE)
            page = await self._store.read.conversations.groups(app_id, organization_id, asked)
            groups += page.rows
            if number >= page.last_number:
                return groups
            number += 1
