"""Where users are kept."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.user import Profile, User
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.pages import Page, PageAsked


class Users(Protocol):
    """An app's people."""

    async def find(self, app_id: AppId, client_id: ClientId) -> User | None:
        """The user of that client id."""

    async def find_by_uid(self, app_id: AppId, uid: int) -> User | None:
        """The user of that number."""

    async def find_many(self, app_id: AppId, client_ids: Collection[ClientId]) -> dict[ClientId, User]:
        """Those of them that are known."""

    async def page(self, app_id: AppId, asked: PageAsked) -> Page[User]:
        """The app's users, newest first (by uid)."""

    async def search(self, app_id: AppId, pattern: str, asked: PageAsked) -> Page[User]:
        """Those whose id or one of whose names is like a pattern (SQL's LIKE), newest first."""

    async def add_missing(self, app_id: AppId, client_ids: Collection[ClientId], at: int) -> list[ClientId]:
        """Create those nobody has heard of, each with the next uid; answer which they were."""

    async def put(self, app_id: AppId, client_id: ClientId, profile: Profile, at: int) -> User:
        """Create the user if need be, then set what `profile` sets."""

    async def set_banned(self, app_id: AppId, client_id: ClientId, banned: bool) -> User | None:
        """Ban or let back in; None if nobody has that client id."""

    async def banned(self) -> set[tuple[AppId, ClientId]]:
        """Everybody who is banned, in every app."""

    async def set_kicked(self, app_id: AppId, client_id: ClientId, at: int) -> None:
        """What it logged in with before `at` (ms) is void; nobody by that id: nothing is done."""

    async def kicked_since(self, app_id: AppId, clients: Collection[ClientId], at: int) -> dict[ClientId, int]:
        """Who of some was thrown out at that time or after, and when."""

    async def kicked_at(self, app_id: AppId, client_id: ClientId) -> int:
        """When (ms) that was last; 0: never."""
