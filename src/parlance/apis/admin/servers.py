"""How the servers are."""

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.core.actions.catalogue import Actions
from parlance.core.model.figures import ServerFigures
from parlance.web.routes import Nothing, Operation

TAG = "Admin: servers"


class ServersFound(msgspec.Struct):
    """Each server's figures by itself, the one that was asked first; `silent` others did not answer."""

    servers: list[ServerFigures]
    silent: int


class Servers:
    """The call about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[Nothing]) -> ServersFound:
        """GET /admin/servers."""
        found = await self._actions.look_at_servers()
        return ServersFound(found.servers, found.silent)


LIST = Operation(
    answer_example=examples.SERVERS,
    summary="How the servers are",
    tag=TAG,
    description="Figures of the last ten minutes, one sample every two seconds, of each server.",
)
