"""LeanCloud's JavaScript SDKs, both versions in the field and unchanged, against a real server.

PARLANCE_SDK_ROUNDS plays everything so many times. PARLANCE_SCENES names the files in `js/scenes` to play.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet

from cast import Town, running
from leancloud.proxies import caddy, nginx
from leancloud.restarting import Restarting
from leancloud.sdk_js import Played, installed, play
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.limits import Limits
from ports import free_port

pytestmark = pytest.mark.needs("node", "npm")

ROUNDS = int(os.environ.get("PARLANCE_SDK_ROUNDS", "1"))
LIMITS = Limits(sends_per_second=0, burst=0)
PROXIES = {"nginx": nginx, "caddy": caddy}
ABSENCES = "sessions,messages,receipts,patches,reconnecting"


class Combination(NamedTuple):
    """A version, what its frames look like, and what stands between it and the server."""

    sdk: str
    frames: str
    proxy: str = ""
    pushes_offline: bool = False

    def __str__(self) -> str:
        words = [f"sdk {self.sdk}", self.frames, self.proxy or "plain", *(["offline"] if self.pushes_offline else [])]
        return ", ".join(words)

    def marked(self) -> ParameterSet:
        """As a parameter of a test, with what it needs."""
        programs = ("openssl", self.proxy) if self.proxy else ()
        return pytest.param(self, id=str(self), marks=pytest.mark.needs(*programs))


COMBINATIONS = [
    Combination("5", "binary"),
    Combination("5", "base64"),
    Combination("5", "binary", "nginx"),
    Combination("5", "base64", "caddy"),
    Combination("4", "binary"),
    Combination("4", "base64"),
    Combination("4", "binary", "caddy"),
    Combination("4", "base64", "nginx"),
    Combination("4", "binary", "nginx", pushes_offline=True),
]


@pytest.fixture(scope="session")
def _installed() -> None:
    installed()


@pytest.mark.parametrize("_round", range(ROUNDS), ids=lambda number: f"round {number + 1}")
@pytest.mark.parametrize("combination", [each.marked() for each in COMBINATIONS])
@pytest.mark.usefixtures("_installed")
async def test_every_scene_holds(
    tmp_path: Path, combination: Combination, _round: int, subtests: pytest.Subtests
) -> None:
    """The SDK sees what it saw at LeanCloud."""
    async with (
        running(tmp_path / "data", LIMITS, default_app="plain") as town,
        behind(tmp_path, town, combination) as more,
    ):
        hooks = free_port()
        settings = {
            "PARLANCE_SDK": combination.sdk,
            "PARLANCE_HOOKS": str(hooks),
            "PARLANCE_NO_BINARY": str(int(combination.frames == "base64")),
            "PARLANCE_PUSH_OFFLINE": str(int(combination.pushes_offline)),
            "PARLANCE_APPS": json.dumps(await apps(town, hooks)),
            "PARLANCE_SCENES": os.environ.get("PARLANCE_SCENES", ABSENCES if combination.pushes_offline else ""),
            **more,
        }
        played = await play("suite.js", settings)
    judge(played, subtests)


@pytest.mark.parametrize("_round", range(ROUNDS), ids=lambda number: f"round {number + 1}")
@pytest.mark.parametrize("sdk", ["5", "4"])
@pytest.mark.usefixtures("_installed")
async def test_a_restart_is_survived(tmp_path: Path, sdk: str, _round: int, subtests: pytest.Subtests) -> None:
    """The SDK comes back by itself, and finds everything as it was."""
    async with Restarting(tmp_path, limits=LIMITS) as server:
        app = await server.application.actions.register_app("plain", policy=Policy.KEY)
        settings = {
            "PARLANCE_SDK": sdk,
            "PARLANCE_BASE": server.base,
            "PARLANCE_DOOR": server.door,
            "PARLANCE_APPS": json.dumps({"plain": _keys(app)}),
            "PARLANCE_SCENES": "restart",
            "PARLANCE_AT_ONCE": "1",
        }
        played = await play("suite.js", settings)
    judge(played, subtests)


def judge(played: Played, subtests: pytest.Subtests) -> None:
    """Each scene under its own name."""
    assert played.scenes, played.words
    for scene in played.scenes:
        with subtests.test(msg=scene.name):
            if not scene.holds:
                pytest.fail(scene.error, pytrace=False)


@asynccontextmanager
async def behind(folder: Path, town: Town, combination: Combination) -> AsyncIterator[dict[str, str]]:
    """Where the SDK finds the server, and whom it has to believe for that."""
    if not combination.proxy:
        yield {"PARLANCE_BASE": town.base}
        return
    place = folder / combination.proxy
    place.mkdir()
    async with PROXIES[combination.proxy](place, int(town.base.rpartition(":")[2])) as proxy:
        yield {"PARLANCE_BASE": proxy.base, "NODE_EXTRA_CA_CERTS": str(proxy.authority)}


async def apps(town: Town, hooks: int) -> dict[str, dict[str, str]]:
    """An app as most are at LeanCloud, another, one that wants signatures for everything, and two with hooks."""
    words = ("plain", "other", "hooked", "hurried")
    plain, other, hooked, hurried = [await town.app(name, Policy.KEY) for name in words]
    signed = await town.app("signed", Policy.TOKEN)
    change = town.application.actions.change_app
    switches = AppSettings(signed_logins=True, signed_conversations=True, signed_blacklists=True)
    await change("signed", settings=switches)
    address = f"http://127.0.0.1:{hooks}/hooks"
    await change("hooked", settings=AppSettings(hook_url=address, hook_wait=10_000))
    await change("hurried", settings=AppSettings(hook_url=address, hook_wait=100, hook_names="_messageReceived"))
    return {app.app_id: _keys(app) for app in (plain, other, signed, hooked, hurried)}


def _keys(app: App) -> dict[str, str]:
    return {"id": app.app_id, "key": app.app_key, "master": app.master_key}
