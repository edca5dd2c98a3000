"""Where it is kept who may not speak, or not come in."""

from collections.abc import Mapping
from typing import Protocol

from parlance.core.model.restriction import Listed, Restraint, Restriction
from parlance.kernel.ids import AppId, ClientId, ConvId


class Restrictions(Protocol):
    """What conversations (by their internal ids) do not allow to whom, members or not."""

    async def of(self, conversation: int) -> dict[ClientId, Restriction]:
        """Everybody who is restricted."""

    async def put(
        self, conversation: int, restrictions: Mapping[ClientId, Restriction], at: int, by: ClientId | None
    ) -> None:
        """Replace what is kept of these clients; when and by whom stays known when nothing is restricted any more."""

    async def page(self, conversation: int, restraint: Restraint, after: ClientId | None, most: int) -> Listed:
        """Whom a restraint concerns, by client id, after `after`; of the silences only the lasting ones."""

    async def blocking(self, app_id: AppId, client_id: ClientId, after: ConvId | None, most: int) -> list[ConvId]:
        """The conversations that keep a client out, by their public ids, after `after`."""
