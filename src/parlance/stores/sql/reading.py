"""Reading what is committed. What everybody's first message after a start has to look up is looked up together."""

from collections.abc import Sequence

from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Standing
from parlance.core.model.restriction import Restriction
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.stores.sql.conversations import SqlConversations
from parlance.stores.sql.engine import Executor
from parlance.stores.sql.members import SqlMembers
from parlance.stores.sql.together import Together

_Asked = tuple[AppId, ConvId, int]


class ReadConversations(SqlConversations):
    """Finds many at once by their public ids."""

    def __init__(self, executor: Executor) -> None:
        super().__init__(executor)
        self._found: Together[_Asked, Conversation] = Together(self._find)

    async def find(self, app_id: AppId, conv_id: ConvId, at: int) -> Conversation | None:
        """See `Conversations.find`."""
        return await self._found.find((app_id, conv_id, at))

    async def _find(self, asked: Sequence[_Asked]) -> dict[_Asked, Conversation]:
        found: dict[_Asked, Conversation] = {}
        for app_id in dict.fromkeys(app_id for app_id, *_ in asked):
            names = {conv_id for app, conv_id, _ in asked if app == app_id}
            # One moment does for all: they asked within milliseconds of each other.
            latest = max(at for app, _, at in asked if app == app_id)
            known = {one.conv_id: one for one in await self.find_many(app_id, names, latest)}
            found |= {one: known[one[1]] for one in asked if one[0] == app_id and one[1] in known}
        return found


class ReadMembers(SqlMembers):
    """Finds the members of many at once."""

    def __init__(self, executor: Executor) -> None:
        super().__init__(executor)
        self._found: Together[int, tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]]
        self._found = Together(self.each_with_restrictions)

    async def with_restrictions(
        self, conversation: int
    ) -> tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]:
        """See `Members.with_restrictions`."""
        return await self._found.find(conversation) or ({}, {})
