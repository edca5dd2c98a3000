"""Finding groups: by number, in an organisation, by who is in them."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Roster
from parlance.core.ports.store import Store
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked


class FindGroup:
    """Shows a group, with who is in it, to anybody of the same app."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, caller: Caller, group_id: int) -> Roster:
        """Raises UNKNOWN_CONVERSATION."""
        return await self._doors.any_group(caller, group_id)


class ListGroups:
    """Shows an app's groups, or an organisation's, to anybody of the same app; by their numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, organization_id: int | None, asked: PageAsked) -> Page[Conversation]:
        """`organization_id` None: of all organisations and of none."""
        return await self._store.read.conversations.groups(caller.app.app_id, organization_id, asked)


class GroupsOf:
    """Shows the groups that a client is in, by their numbers: to the backend and to that client."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, client: ClientId) -> list[Conversation]:
        """All of them; none for who is not known. Raises FOREIGN_CLIENT."""
        caller.speak_as(client, "client_id")
        return await self._store.read.conversations.groups_of(caller.app.app_id, client)

    async def page(self, caller: Caller, client: ClientId, asked: PageAsked) -> Page[Conversation]:
        """A page of them. Raises FOREIGN_CLIENT."""
        caller.speak_as(client, "client_id")
        return await self._store.read.conversations.page_of_groups(caller.app.app_id, client, asked)
