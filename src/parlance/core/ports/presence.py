"""Who is connected, and which rooms they are in."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Standing
from parlance.kernel.ids import AppId, ClientId


class Presence(Protocol):
    """Lives as long as the connections do; nothing of it is stored."""

    def online(self, app_id: AppId, client_ids: Iterable[ClientId]) -> dict[ClientId, bool]:
        """For each of them, whether it is connected anywhere."""

    def everybody(self, app_id: AppId) -> Collection[ClientId]:
        """All of an app's clients that are connected anywhere."""

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """A client is about to be let in: on return, whatever any server has for it from now on comes here."""

    def arrived(self, app_id: AppId, client_id: ClientId) -> bool:
        """Its first connection to this server is open; answer whether it is nowhere else."""

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """Its last connection to this server is closed."""

    async def taken_note(self) -> None:
        """Wait until every server knows who is in which room; for one that does not answer, not long."""

    def enter(self, room: Conversation, standings: Mapping[ClientId, Standing]) -> list[ClientId]:
        """Bring clients into a room; answer who was not in it yet."""

    def leave(self, room: int, client_ids: Collection[ClientId]) -> list[ClientId]:
        """Take clients out of a room (by its internal id); answer who was in it."""

    def occupants(self, room: int) -> Mapping[ClientId, Standing]:
        """Everybody who is in a room, as it is now and stays true for as long as it is held."""

    def rooms_of(self, app_id: AppId, client_id: ClientId) -> list[Conversation]:
        """The rooms a client is in."""
