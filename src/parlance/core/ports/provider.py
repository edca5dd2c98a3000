"""The real-time service that stands behind an app: this server itself, or one that somebody else runs.

What is said to it are statements, not steps: "these are in" may be said again and does no harm, so a call
whose answer was lost is simply repeated. People and groups go by their numbers, in decimal: a user's `uid`,
a conversation's `group_id`.

Every call raises PROVIDER_FAILED (it answered, and said no, or nonsense) or UNAVAILABLE (it did not answer in
time, or had too much to do): after the latter it may have done what it was asked.
"""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.app import App
from parlance.core.model.rong_objects import Written
from parlance.core.model.user import User


class Provider(Protocol):
    """One app's real-time service."""

    @property
    def is_remote(self) -> bool:
        """Whether it keeps a state of its own, which must be kept in step with ours."""

    async def token(self, user: User) -> str:
        """A new key with which `user` connects to it."""

    async def refresh_user(self, user: User) -> None:
        """`user` looks like this now."""

    async def set_blocked(self, uid: str, blocked: bool, minutes: int) -> None:
        """The user may not connect for so long, or may again."""

    async def create_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """There is such a group, and these are in it."""

    async def join_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """These are in it. Raises FULL."""

    async def quit_group(self, group: str, uids: Collection[str]) -> None:
        """These are not in it."""

    async def dismiss_group(self, group: str, by: str) -> None:
        """There is no such group; `by` any user's number."""

    async def refresh_group(self, group: str, name: str) -> None:
        """The group is called so now."""

    async def group_members(self, group: str) -> frozenset[str]:
        """Who is in it, as the service has it; nobody if it knows no such group."""

    async def say_to_people(self, sender: str, uids: Collection[str], what: Written) -> None:
        """Say something to each of them. This and the next two raise UNAVAILABLE only if it certainly was not said."""

    async def say_in_group(self, sender: str, group: str, what: Written) -> None:
        """Say something in a group."""

    async def say_as_system(self, sender: str, uids: Collection[str], what: Written) -> None:
        """Have the app itself, under a name that is nobody's number, say something to each of them."""


class Providers(Protocol):
    """Which service stands behind which app."""

    def of(self, app: App) -> Provider:
        """The app's service, by the app's settings."""
