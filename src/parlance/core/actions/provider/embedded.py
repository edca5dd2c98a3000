"""This server as the real-time service of an app: whoever asks gets a client token for our sockets."""

from collections.abc import Collection

from parlance.core.actions.tenancy import tokens
from parlance.core.model.app import App
from parlance.core.model.rong_objects import Written
from parlance.core.model.user import User
from parlance.kernel.clock import Clock


class EmbeddedProvider:
    """See `core/ports/provider.py`. Keeps nothing of its own, so it needs to be told nothing."""

    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    @property
    def is_remote(self) -> bool:
        """See `Provider.is_remote`."""
        return False

    async def token(self, user: User) -> str:
        """See `Provider.token`."""
        now = self._clock.now()
        return tokens.sign(self._app, user.client_id, now, now + tokens.LIFETIME)

    async def refresh_user(self, user: User) -> None:
        """See `Provider.refresh_user`."""

    async def set_blocked(self, uid: str, blocked: bool, minutes: int) -> None:
        """See `Provider.set_blocked`. Bans hold here by themselves."""

    async def create_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """See `Provider.create_group`."""

    async def join_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """See `Provider.join_group`."""

    async def quit_group(self, group: str, uids: Collection[str]) -> None:
        """See `Provider.quit_group`."""

    async def dismiss_group(self, group: str, by: str) -> None:
        """See `Provider.dismiss_group`."""

    async def refresh_group(self, group: str, name: str) -> None:
        """See `Provider.refresh_group`."""

    async def group_members(self, group: str) -> frozenset[str]:
        """See `Provider.group_members`. Nobody asks: there is nothing to compare with."""
        return frozenset()

    async def say_to_people(self, sender: str, uids: Collection[str], what: Written) -> None:
        """See `Provider.say_to_people`. What is said here is heard here."""

    async def say_in_group(self, sender: str, group: str, what: Written) -> None:
        """See `Provider.say_in_group`."""

    async def say_as_system(self, sender: str, uids: Collection[str], what: Written) -> None:
        """See `Provider.say_as_system`."""
