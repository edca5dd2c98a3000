"""Any dialect can be switched off: then nobody is at its addresses, and the others are served as before."""

import re
from pathlib import Path

import pytest

from cast import running
from parlance.app.config import DIALECTS
from parlance.app.front import _DIALECTS

ALIVE = {
    "platform": ("GET", "/im/users", None),
    "campus": ("GET", "/im/groups", None),
    "clinic": ("POST", "/im/conv/list", {"from_id": "ada"}),
    "rong": ("GET", "/api/im/group/", None),
    "leancloud": ("GET", "/1.2/rtm/stats", None),
}
"""A call of each that works for everybody who may be here."""


@pytest.mark.parametrize("absent", DIALECTS)
async def test_a_dialect_is_switched_off(tmp_path: Path, absent: str) -> None:
    """404 at every address of its own, in no page of the API, and no socket if it was the platform's."""
    present = tuple(name for name in DIALECTS if name != absent)
    async with running(tmp_path / "data", dialects=present) as town:
        for route in _DIALECTS[absent](town.application).routes:
            path = re.sub(r"\{[^}]*\}", "7", route.path)
            assert 404 == (await town.backend.call(route.method, path)).status, (route.method, path)
        described = (await town.bare.get("/openapi.json")).body
        assert {*present, "server", "admin"} >= {one["name"] for one in described["x-apis"]}
        for name in present:
            method, path, body = ALIVE[name]
            rest = town.ada.rest if name == "rong" else town.backend
            assert 200 == (await rest.call(method, path, body)).status, name
        socket = await town.bare.get("/im/socket")
        assert (absent == "platform") == (socket.status == 404)


@pytest.mark.parametrize("alone", DIALECTS)
async def test_a_dialect_stands_alone(tmp_path: Path, alone: str) -> None:
    """It needs none of the others."""
    async with running(tmp_path / "data", dialects=(alone,)) as town:
        method, path, body = ALIVE[alone]
        rest = town.ada.rest if alone == "rong" else town.backend
        assert 200 == (await rest.call(method, path, body)).status
        for name, (their_method, their_path, their_body) in ALIVE.items():
            if name != alone:
                assert 404 == (await town.backend.call(their_method, their_path, their_body)).status, name
