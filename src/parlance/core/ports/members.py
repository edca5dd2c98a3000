"""Where membership is kept."""

from collections.abc import Collection, Mapping
from typing import Protocol

from parlance.core.model.member import Arrival, MemberMark, Standing, Unread
from parlance.core.model.restriction import Restriction
from parlance.kernel.ids import AppId, ClientId


class Members(Protocol):
    """Who is in which conversation (by its internal id)."""

    async def of(self, conversation: int) -> dict[ClientId, Standing]:
        """Everybody who is in, by the time they joined."""

    async def with_restrictions(
        self, conversation: int
    ) -> tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]:
        """Everybody who is in, as `of` has them, and everybody who is restricted, in the same moment."""

    async def names(self, conversations: Collection[int]) -> dict[int, list[ClientId]]:
        """Who is in each of several, in the same order; those without members are left out."""

    async def among(self, conversations: Collection[int], client_id: ClientId) -> set[int]:
        """Those of the conversations that a client is in."""

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> dict[ClientId, int]:
        """Those of some clients who are in, and the number of the last message before each came."""

    async def aliases(self, conversation: int) -> dict[ClientId, str]:
        """What some of its members are called in it."""

    async def join(
        self, conversation: int, standings: Mapping[ClientId, Standing], at: int, by: ClientId | None = None
    ) -> list[ClientId]:
        """Let in who is not in yet, with everything so far counted as read; answer who they were."""

    async def leave(
        self, conversation: int, client_ids: Collection[ClientId], at: int, by: ClientId | None = None
    ) -> list[ClientId]:
        """Take out who is in; answer who they were."""

    async def set_alias(self, conversation: int, client_id: ClientId, alias: str) -> bool:
        """Call a member something of its own there ("": no more); False if it is not in."""

    async def set_standing(self, conversation: int, client_id: ClientId, standing: Standing, at: int) -> bool:
        """Change how a member stands; False if it is not in."""

    async def set_muted(self, conversation: int, client_id: ClientId, *, muted: bool) -> bool:
        """A member is not told of messages while away, or is again; False if it is not in."""

    async def muted(self, conversations: Collection[int]) -> dict[int, list[ClientId]]:
        """Who of the members of each is not told; those where everybody is are left out."""

    async def marks(self, conversation: int) -> list[MemberMark]:
        """How far each member has come, by client id."""

    async def arrivals(self, conversation: int, seq: int, most: int) -> list[Arrival]:
        """How its people stand to the message of that place: who is in, and who went that was in before it."""

    async def subscribers(self, conversation: int, after: ClientId | None, most: int) -> list[tuple[ClientId, int]]:
        """Who is in, by client id, after `after`, and when (ms) they came."""

    async def unread(self, app_id: AppId, client_id: ClientId, since: int, at: int, most: int) -> list[Unread]:
        """Where a member has something to read that came after `since` (ms), the newest first.

        Where messages name their readers, only those for this one count.
        """
