"""The other servers of an installation, and whom they have with them."""

from collections.abc import Iterable
from typing import Protocol

from parlance.kernel.ids import AppId, ClientId


class Peers(Protocol):
    """Known as of the last word from each of them; one that falls silent is forgotten, with all its clients."""

    def have(self, app_id: AppId, client_id: ClientId) -> bool:
        """Whether one of them has the client, or is about to."""

    def clients(self, app_id: AppId) -> Iterable[ClientId]:
        """Everybody of an app whom they have."""

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """A client is about to be let in here: on return, whatever they have for it from now on comes here.

        One of them that does not answer is not waited for long.
        """

    async def taken_note(self) -> None:
        """On return they have heard what this server has said so far; who does not answer is not waited for long."""

    def arrived(self, app_id: AppId, client_id: ClientId) -> None:
        """The client's first connection to this server is open."""

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """The client's last connection to this server is closed."""


class NoPeers:
    """There is this server, and no other."""

    def have(self, app_id: AppId, client_id: ClientId) -> bool:
        """See `Peers.have`."""
        return False

    def clients(self, app_id: AppId) -> Iterable[ClientId]:
        """See `Peers.clients`."""
        return ()

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.expect`."""

    async def taken_note(self) -> None:
        """See `Peers.taken_note`."""

    def arrived(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.arrived`."""

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.departed`."""
