"""Two servers, and people on both: they notice nothing of that."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cast import Town
from cluster.nodes import cluster

pytestmark = [pytest.mark.needs("nats-server")]


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[list[Town]]:
    """Two servers."""
    async with cluster(tmp_path, 2) as towns:
        yield towns


async def test_a_message_comes_to_who_is_on_another_server(towns: list[Town]) -> None:
    """What Ada says on one server, Ben hears on the other."""
    here, there = towns
    ada = await here.log_in(here.ada)
    ben = await there.log_in(there.ben)
    sent = await ada.request("msg.send", {"conv_id": here.group, "type": -1, "text": "hello"})
    heard = await ben.next("msg.new")
    assert (sent["data"]["msg_id"], "hello") == (heard["data"]["msg_id"], heard["data"]["text"])
