"""What may happen once happens once, whichever servers are asked for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from apis.campus.school import School
from cast import Town
from cluster.nodes import cluster
from parlance.core.model.app import Policy

pytestmark = [pytest.mark.needs("nats-server")]

APP = "2"


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[list[Town]]:
    """Two servers, whose default app lies open."""
    async with cluster(tmp_path, 2, default_app=APP) as towns:
        yield towns


async def test_a_class_is_notified_once_a_day(towns: list[Town]) -> None:
    """Ten times at once, at both servers: one does it, and everybody hears it once."""
    app = await towns[0].app(APP, Policy.OPEN)
    schools = [School(town, app, town.bare, town.bare.showing(app_id=APP, app_key=app.master_key)) for town in towns]
    await schools[0].directory()
    students = [await schools[0].log_in("c565"), await schools[1].log_in("c7")]
    for town in towns:
        # Midnight may come.
        town.clock.stop()
    answers = await asyncio.gather(
        *(school.bare.post("/im/org/2/message", {"message": "明天停课"}) for school in schools * 5)
    )
    assert [201] + [409] * 9 == sorted(each.status for each in answers)
    for student in students:
        assert "明天停课" == (await student.next("msg.new"))["data"]["text"]
        assert await student.nothing("msg.new")
