"""An operator at several servers: what is in the store holds everywhere, what servers know they are asked for."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from apis.admin.office import HALL, Operator, arrived, logged_in, refusal
from cast import Rest, Town
from cluster.nodes import cluster
from parlance.apis.admin.auth import CSRF_HEADER
from parlance.buses.nats import inquiries

pytestmark = [pytest.mark.needs("nats-server")]


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[list[Town]]:
    """Two servers."""
    async with cluster(tmp_path, 2) as towns:
        yield towns


def at(town: Town, operator: Operator) -> Operator:
    """The same session, shown to another server, under the name by which it is known there."""
    value = operator.cookie.partition("=")[2]
    port = town.base.rpartition(":")[2]
    cookie = f"parlance-console-{port}={value}"
    return Operator(
        Rest(town.session, town.base, {"Cookie": cookie, CSRF_HEADER: operator.csrf}), cookie, operator.csrf
    )


async def readers(operator: Operator, msg_id: str) -> dict[str, Any]:
    """Each reader's fate, and the devices it was written to."""
    found = await operator.ask("GET", f"/admin/messages/{msg_id}")
    assert 0 == found["silent"]
    return {
        each["client_id"]: (each["fate"], [device["device_id"] for device in each["devices"] if device["written"]])
        for each in found["readers"]
    }


async def test_one_session_at_every_server(towns: list[Town]) -> None:
    """And what is held against an address is held against it everywhere."""
    here, there = towns
    ann = await logged_in(here)
    assert "ann" == (await at(there, ann).ask("GET", "/admin/session"))["operator"]
    for town in towns:
        # It is held against it for a second only, and looking at a password takes a while.
        town.clock.stop()
    wrong = {"name": "ann", "password": "wrong horse"}
    for town in (here, there, here, there):
        assert (401, "bad_credential") == refusal(await town.bare.post("/admin/login", wrong))
    for town in towns:
        assert (429, "rate_limited") == refusal(await town.bare.post("/admin/login", wrong))


async def test_devices_at_every_server(towns: list[Town]) -> None:
    """Are found, thrown out, and known to have been written to, whichever server is asked."""
    here, there = towns
    ann = await arrived(here)
    phone, desk = await here.log_in(here.ben, "phone"), await there.log_in(there.ben, "desk")
    said = await here.say("hello")
    for socket in (phone, desk):
        await socket.next("msg.new")
    for operator in (ann, at(there, ann)):
        fate, written = (await readers(operator, said))["ben"]
        assert ("written", {"phone", "desk"}) == (fate, set(written))
    devices = (await ann.ask("GET", f"{HALL}/users/ben"))["devices"]
    assert {"phone", "desk"} == {each["device_id"] for each in devices}
    await ann.ask("POST", f"{HALL}/users/ben/kick", {"device_id": "desk"})
    await desk.closed()
    assert ["phone"] == [each["device_id"] for each in (await ann.ask("GET", f"{HALL}/users/ben"))["devices"]]


async def test_figures_of_every_server(towns: list[Town]) -> None:
    """Each by itself, the one that was asked first."""
    here, there = towns
    ann = await arrived(here)
    await there.log_in(there.ben)
    for town in towns:
        await town.application.figures.take()
    found = await ann.ask("GET", "/admin/servers")
    assert ([0, 1], 0) == ([server["samples"][-1]["clients"] for server in found["servers"]], found["silent"])


async def test_a_server_that_says_nothing(towns: list[Town], monkeypatch: pytest.MonkeyPatch) -> None:
    """Is counted, and not waited for."""
    here, there = towns
    ann = await arrived(here)
    monkeypatch.setattr(inquiries, "ANSWERED_WITHIN", 0.1)
    monkeypatch.setattr(there.application.bus.inquiries, "answering", None)  # type: ignore[union-attr]
    found = await ann.ask("GET", "/admin/servers")
    assert (1, 1) == (len(found["servers"]), found["silent"])
