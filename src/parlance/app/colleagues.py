"""What this server answers when operators ask, and asking the others."""

from collections.abc import Awaitable, Callable, Sequence

from parlance.app.figures import Figures
from parlance.core.model.inquiry import (
    Answer,
    DevicesAsked,
    DevicesFound,
    FiguresAsked,
    FiguresFound,
    Question,
    TraceAsked,
    TraceFound,
)
from parlance.core.ports.colleagues import Answers
from parlance.realtime.hub import Hub
from parlance.realtime.witness import Witness

AskOthers = Callable[[Question], Awaitable[tuple[Sequence[Answer], int]]]
"""What the others say, and how many of them said nothing."""


class Answering:
    """What this server knows."""

    def __init__(self, server: str, hub: Hub, witness: Witness, figures: Figures) -> None:
        self._server = server
        self._hub = hub
        self._witness = witness
        self._figures = figures

    def __call__(self, question: Question) -> Answer:
        """Never waits."""
        match question:
            case FiguresAsked():
                return FiguresFound(self._figures.shown())
            case DevicesAsked(app_id, client_ids):
                connected = self._hub.clients(app_id)
                found = [
                    device
                    for client in client_ids
                    for device in self._witness.connected(client, connected.get(client, ()))
                ]
                return DevicesFound(self._server, found)
            case TraceAsked():
                return self._traced(question)

    def _traced(self, asked: TraceAsked) -> TraceFound:
        witness, connected = self._witness, self._hub.clients(asked.app_id)
        place = witness.place(asked.message)
        here = [
            device
            for client in asked.client_ids
            for device in witness.connected(client, connected.get(client, ()), place)
        ]
        gone = witness.gone(asked.app_id, asked.client_ids, place)
        heard_at = None if place is None else witness.heard_at(place)
        return TraceFound(self._server, witness.since, heard_at, [*here, *gone])


class AllServers:
    """Implements `core.ports.colleagues.Colleagues`."""

    def __init__(self, answering: Answering, others: AskOthers) -> None:
        self._answering = answering
        self._others = others

    async def ask(self, question: Question) -> Answers:
        """See `Colleagues.ask`."""
        others, silent = await self._others(question)
        return Answers([self._answering(question), *others], silent)


async def nobody_else(_question: Question) -> tuple[Sequence[Answer], int]:
    """As `AskOthers`, where there is no other server."""
    return (), 0
