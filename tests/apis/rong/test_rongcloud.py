"""The same calls with RongCloud behind the app: what is done here is done there, or nothing is done at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from apis.rong.parts import DONE, GROUP, NOT_FOUND, answer, form, made, newcomers, picture, shown, uid
from cast import Town, running
from parlance.core.model.app import AppSettings
from parlance.core.model.provider import ProviderName
from parlance.kernel.clock import HOUR, MINUTE, SECOND
from rongcloud.fake import FakeRongCloud, Trouble, rongcloud

SAID_NO = (502, {"detail": "融云服务请求失败。"})
SILENT = (503, {"detail": "服务暂时不可用，请稍后再试。"})
REFUSING = [
    *(Trouble.REFUSED, Trouble.ERROR_500, Trouble.HTML_502, Trouble.WRONG_HOST),
    *(Trouble.BAD_JSON, Trouble.NO_CODE, Trouble.NO_OBJECT),
]
FAILING = [Trouble.HANG, Trouble.RESET, Trouble.TOO_MANY]


@pytest.fixture
async def cloud() -> AsyncIterator[FakeRongCloud]:
    """A RongCloud that takes only what its documents say."""
    async with rongcloud(strict=True) as fake:
        yield fake


@pytest.fixture
async def fronted(tmp_path: Path, cloud: FakeRongCloud, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A town whose app `hall` has that RongCloud behind it, and who asks it nothing but what it is asked itself."""
    monkeypatch.setattr("parlance.app.server._ERRANDS_EVERY", HOUR // SECOND)
    async with running(tmp_path) as town:
        settings = AppSettings(
            provider=ProviderName.RONGCLOUD,
            rongcloud_key=cloud.key,
            rongcloud_secret=cloud.secret,
            rongcloud_host=cloud.base,
            rongcloud_backup="",
        )
        await town.application.actions.change_app("hall", settings=settings)
        await town.application.directory.refresh()
        await town.application.actions.keep_in_step()
        cloud.asked.clear()
        yield town


async def key(town: Town, query: str = "") -> str:
    """Ada's key."""
    status, body = answer(await shown(town, town.ada).get(f"/api/im/token/{query}"))
    assert 200 == status, body
    kept: str = body["key"]
    return kept


async def test_the_key_is_rongcloud_s(fronted: Town, cloud: FakeRongCloud) -> None:
    """The same each time, and a new one when the client says that it was refused."""
    first = await key(fronted)
    assert [first] == cloud.state.tokens[str(await uid(fronted, "ada"))]
    assert first == await key(fronted)
    fronted.clock.advance(2 * MINUTE)
    second = await key(fronted, "?refresh=true")
    assert first != second == await key(fronted)


async def test_a_loop_of_refreshing_clients(fronted: Town, cloud: FakeRongCloud) -> None:
    """Does not use up what may be asked of RongCloud: a key is new for a minute."""
    first = await key(fronted)
    assert {first} == {await key(fronted, "?refresh=1") for _ in range(5)}
    assert 1 == len(cloud.calls("/user/getToken"))


async def test_the_life_of_a_group(fronted: Town, cloud: FakeRongCloud) -> None:
    """Everybody comes and goes on both sides."""
    ada, ben, cy = [str(await uid(fronted, name)) for name in ("ada", "ben", "cy")]
    group = await made(shown(fronted, fronted.ada), name="张三&群=1", code="1234")
    address, number = f"{GROUP}{group['id']}/", str(group["id"])
    assert ("张三&群=1", {ada}) == (cloud.state.groups[number].name, cloud.state.members(number))
    await shown(fronted, fronted.ada).post(f"{address}join/", {"userid": ben})
    assert {ada, ben} == cloud.state.members(number)
    assert (200, group) == answer(await shown(fronted, fronted.cy).post(f"{address}invite/", {"code": "1234"}))
    assert {ada, ben, cy} == cloud.state.members(number)
    assert (200, DONE) == answer(await shown(fronted, fronted.ben).get(f"{address}quit/"))
    assert {ada, cy} == cloud.state.members(number)
    assert (200, DONE) == answer(await shown(fronted, fronted.ada).get(f"{address}dismiss/"))
    assert number in cloud.state.dismissed


async def test_what_is_refused_here_is_not_asked_there(fronted: Town, cloud: FakeRongCloud) -> None:
    """A stranger, a wrong code, an owner who quits: RongCloud, which checks none of it, hears nothing of it."""
    group = await made(shown(fronted, fronted.ada), code="1234")
    address, ben = f"{GROUP}{group['id']}/", await uid(fronted, "ben")
    cloud.asked.clear()
    cy = shown(fronted, fronted.cy)
    assert 403 == (await cy.post(f"{address}join/", {"userid": ben})).status
    assert 403 == (await cy.get(f"{address}dismiss/")).status
    assert 400 == (await shown(fronted, fronted.ada).get(f"{address}quit/")).status
    for _ in range(10):
        assert 400 == (await cy.post(f"{address}invite/", {"code": "9999"})).status
    assert 429 == (await cy.post(f"{address}invite/", {"code": "1234"})).status
    assert [] == cloud.asked


@pytest.mark.parametrize("trouble", [*REFUSING, *FAILING])
async def test_rongcloud_fails_while_a_group_is_made(fronted: Town, cloud: FakeRongCloud, trouble: Trouble) -> None:
    """502 or 503; there is no group, and its cover is gone."""
    ada = shown(fronted, fronted.ada)
    knob = cloud.trouble(trouble)
    reply = await ada.post(GROUP, data=form(picture(), name="zhang111"))
    assert answer(reply) == (SAID_NO if trouble in REFUSING else SILENT)
    if trouble in FAILING:
        assert int(reply.headers["Retry-After"]) > 0
    knob.times = 0
    assert 1 == (await ada.get(GROUP)).body["count"]
    assert [] == [*(fronted.application.config.files_path / "uploads").glob("*")]


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.HANG, Trouble.ERROR_AFTER])
async def test_rongcloud_fails_while_people_come_and_go(fronted: Town, cloud: FakeRongCloud, trouble: Trouble) -> None:
    """Nothing is changed here; once RongCloud answers again, the same call works."""
    ada = shown(fronted, fronted.ada)
    group = await made(ada, code="1234")
    address, ben = f"{GROUP}{group['id']}/", await uid(fronted, "ben")
    await ada.post(f"{address}join/", {"userid": ben})
    (dan,) = await newcomers(fronted, "dan")
    calls = [
        (ada, f"{address}join/", {"userid": await uid(fronted, "cy")}),
        (dan.rest, f"{address}invite/", {"code": "1234"}),
        (shown(fronted, fronted.ben), f"{address}quit/", None),
        (ada, f"{address}dismiss/", None),
    ]
    for rest, path, body in calls:
        before = (await ada.get(f"{address}users/")).raw
        knob = cloud.trouble(trouble)
        assert answer(await rest.post(path, body)) in (SAID_NO, SILENT), path
        knob.times = 0
        assert before == (await ada.get(f"{address}users/")).raw, path
        assert 200 == (await rest.post(path, body)).status, path
    assert (404, NOT_FOUND) == answer(await ada.get(f"{address}users/"))


async def test_no_key_to_be_had(fronted: Town, cloud: FakeRongCloud) -> None:
    """502 or 503, without a word of what RongCloud said about our secret."""
    cloud.trouble(Trouble.REFUSED, times=1)
    assert SAID_NO == answer(await shown(fronted, fronted.ada).get("/api/im/token/"))
    cloud.trouble(Trouble.HANG)
    assert SILENT == answer(await shown(fronted, fronted.ada).get("/api/im/token/"))
