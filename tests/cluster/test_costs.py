"""What things cost, counted and not timed: statements to the database, parcels to other servers."""

from pathlib import Path

import pytest

from cast import Town
from cluster.nodes import bus_of, cluster
from cluster.test_two_servers import say
from parlance.core.model.conversation import Kind
from parlance.core.model.events import AppChanged
from parlance.stores.sql.engines.postgres import connections
from parlance.stores.sql.engines.postgres.statements import APPEND

pytestmark = [pytest.mark.needs("nats-server")]

MANY = 10
OPENING = 9
"""Statements that open a conversation of two, from BEGIN to COMMIT."""


class Said:
    """Every statement said to the database, with the session it was said in."""

    def __init__(self) -> None:
        self.statements: list[tuple[connections.Connection, str]] = []

    def count(self, statement: str) -> int:
        """How often that was said."""
        return sum(each == statement for _, each in self.statements)

    def transaction(self, part: str) -> list[str]:
        """The transaction in which something with `part` in it was said last."""
        place = max(place for place, (_, said) in enumerate(self.statements) if part in said)
        session = self.statements[place][0]
        own = [(number, each[1]) for number, each in enumerate(self.statements) if each[0] is session]
        begun = max(number for number, said in own if number < place and said.startswith("BEGIN"))
        ended = min(number for number, said in own if number > place and said == "COMMIT")
        return [said for number, said in own if begun <= number <= ended]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """What servers say that are started from now on."""
    said, dialled = Said(), connections._dialled

    async def overheard(*arguments: object) -> connections.Connection:
        connection = await dialled(*arguments)  # type: ignore[arg-type]
        connection.add_query_logger(lambda record: said.statements.append((connection, record.query)))
        return connection

    monkeypatch.setattr(connections, "_dialled", overheard)
    return said


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_a_message_between_two(tmp_path: Path, said: Said, size: int) -> None:
    """One statement, and one parcel if the two are on different servers, however many servers there are."""
    async with cluster(tmp_path, size) as towns:
        ada, ben = await towns[0].log_in(towns[0].ada), await towns[-1].log_in(towns[-1].ben)
        conv_id = await towns[0].open(Kind.DIRECT, "ada", "ben")
        assert OPENING >= len(said.transaction("INSERT INTO conversations"))
        await say(ada, conv_id, "so that they are known")
        await ben.next("msg.new")
        for town in towns:
            # What another answers comes after all that it had to say before.
            await bus_of(town).taken_note([AppChanged(town.hall.app_id)])
        statements, parcels = said.count(APPEND), _parcels(towns)
        for number in range(MANY):
            await say(ada, conv_id, f"{number}")
            await ben.next("msg.new")
        assert MANY == said.count(APPEND) - statements
        assert (MANY if size > 1 else 0) == _parcels(towns) - parcels


def _parcels(towns: list[Town]) -> int:
    return sum(town.application.tallies.bus.parcels_out for town in towns)
