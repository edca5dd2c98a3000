"""How the servers are."""

import msgspec

from parlance.core.model.figures import ServerFigures
from parlance.core.model.inquiry import FiguresAsked, FiguresFound
from parlance.core.ports.colleagues import Colleagues


class Installation(msgspec.Struct, frozen=True):
    """All servers that answered, the one that was asked first; `silent` others did not."""

    servers: list[ServerFigures]
    silent: int


class LookAtServers:
    """Asks every server for its figures."""

    def __init__(self, colleagues: Colleagues) -> None:
        self._colleagues = colleagues

    async def __call__(self) -> Installation:
        """What they say."""
        said = await self._colleagues.ask(FiguresAsked())
        return Installation([each.figures for each in said.answers if isinstance(each, FiguresFound)], said.silent)
