"""What has to be shown, by policy; which app is meant; what is presented must be right."""

from pathlib import Path

import pytest

from apis.campus.school import School, answer, refusal
from cast import Town, running
from parlance.core.model.app import Policy


async def test_nothing_need_be_shown_to_an_open_app(school: School) -> None:
    """Which is the default app, as the documents name none."""
    answer(await school.bare.get("/im/groups"))


@pytest.mark.parametrize("header", ["app_id", "IM-APP-ID", "X-LC-Id"])
async def test_another_app_may_be_named(school: School, header: str) -> None:
    """By header; an unknown one is 401."""
    await school.group()
    assert 0 == answer(await school.bare.showing(**{header: "1"}).get("/im/groups"))["total_count"]
    assert (401, 401) == refusal(await school.bare.showing(**{header: "nowhere"}).get("/im/groups"))


async def test_a_token_names_its_app(town: Town) -> None:
    """Where no header does."""
    own = town.bare.showing(Authorization=town.ada.rest.headers["Authorization"])
    assert 1 == answer(await own.get("/im/groups"))["total_count"]


@pytest.mark.parametrize("policy", [Policy.KEY, Policy.TOKEN])
async def test_an_app_that_is_not_open(school: School, policy: Policy) -> None:
    """Takes the server key or a client token; every call asks for one."""
    app = await school.town.app("closed", policy)
    bare = school.bare.showing(app_id="closed")
    for method, path in (
        ("GET", "/im/groups"),
        ("GET", "/im/org/1/groups"),
        ("GET", "/im/org/1/contacts"),
        ("GET", "/im/group/1"),
        ("GET", "/im/user/c1/groups"),
        ("GET", "/im/signature/login/closed/c1"),
        ("GET", "/signature/kick/closed/c1/x/y"),
        ("POST", "/im/group"),
        ("POST", "/im/group/1/member"),
        ("POST", "/im/org/1/message"),
        ("PUT", "/im/org/1"),
        ("DELETE", "/im/group/1"),
    ):
        reply = await bare.call(method, path)
        assert (401, 401) == refusal(reply)
        assert "Bearer" == reply.headers["WWW-Authenticate"]
    for key in ({"app_key": app.master_key}, {"X-LC-Key": f"{app.master_key},master"}):
        answer(await school.bare.showing(app_id="closed", **key).get("/im/groups"))
    # The public key only names the app.
    assert (401, 401) == refusal(await school.bare.showing(app_id="closed", app_key=app.app_key).get("/im/groups"))


@pytest.mark.parametrize(
    "headers",
    [
        {"app-key": "wrong"},
        {"X-LC-Key": "wrong,master"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic b3Blbg=="},
        {"Authorization": "Bearer"},
    ],
)
async def test_what_is_presented_must_be_right(school: School, headers: dict[str, str]) -> None:
    """Even to an open app."""
    assert (401, 401) == refusal(await school.bare.get("/im/groups", headers=headers))


async def test_a_token_of_another_app(school: School) -> None:
    """Is refused where a header names this one."""
    headers = {"Authorization": school.town.dora.rest.headers["Authorization"], "app-id": school.app.app_id}
    assert (401, 401) == refusal(await school.bare.get("/im/groups", headers=headers))


async def test_the_banned(school: School) -> None:
    """403 to whatever they ask."""
    own = await school.token("c4")
    await school.ban("c4")
    assert (403, 403) == refusal(await own.get("/im/groups"))


async def test_a_server_without_a_default_app(tmp_path: Path) -> None:
    """1001 to who names none; an address that names one is enough."""
    async with running(tmp_path / "data") as town:
        await town.app("2", Policy.OPEN)
        reply = await town.bare.get("/im/groups")
        assert (400, 1001) == refusal(reply)
        assert "缺少应用标识" == reply.body["message"]
        answer(await town.bare.get("/im/signature/login/2/3"))


async def test_the_dialect_can_be_switched_off(tmp_path: Path) -> None:
    """Then nobody has heard of its addresses."""
    async with running(tmp_path / "data", default_app="hall", dialects=("platform",)) as town:
        for path in ("/im/groups", "/im/signature/login/hall/ada", "/signature/login/hall/ada", "/im/org/1/groups"):
            assert 404 == (await town.backend.get(path)).status
        assert not [path for path in (await town.bare.get("/openapi.json")).body["paths"] if "signature" in path]
