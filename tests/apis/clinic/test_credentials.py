"""Who may call: the app, its keys, client tokens, and the three policies."""

from typing import Any

import pytest

from apis.clinic.ward import DOCTOR, PATIENT, Ward, answer, refusal
from cast import Reply, Rest, running
from parlance.core.model.app import Policy

LIST = "/im/conv/list"
MINE = {"from_id": PATIENT}


def refused(reply: Reply) -> None:
    """401 in this dialect's shape, with the scheme that would be taken."""
    assert (401, 40100) == refusal(reply)
    assert reply.body["message"].startswith("鉴权失败")
    assert "Bearer" == reply.headers["WWW-Authenticate"]


async def test_nothing_need_be_shown_to_an_open_app(ward: Ward) -> None:
    """The default app is meant where none is named, as the document takes for granted."""
    assert [] == answer(await ward.bare.post(LIST, MINE))
    assert {PATIENT} == await ward.known()


@pytest.mark.parametrize("header", ["app-id", "IM-APP-ID", "X-LC-Id"])
async def test_another_app_may_be_named(ward: Ward, header: str) -> None:
    """In any of three spellings; it must exist."""
    yard = await ward.town.app("yard", Policy.OPEN)
    shown = Rest(ward.town.session, ward.town.base, {header: yard.app_id})
    await ward.send(PATIENT, "here", to_id=DOCTOR)
    assert 1 == len(await ward.conversations(PATIENT))
    assert [] == answer(await shown.post(LIST, MINE))
    refused(await Rest(ward.town.session, ward.town.base, {header: "nobody"}).post(LIST, MINE))


@pytest.mark.parametrize("policy", [Policy.KEY, Policy.TOKEN])
async def test_an_app_that_is_not_open(ward: Ward, policy: Policy) -> None:
    """Without a credential 401; with the server key or a token all is well."""
    yard = await ward.town.app("yard", policy)
    refused(await ward.bare.showing(app_id="yard").post(LIST, MINE))
    keyed = ward.bare.showing(app_id="yard", app_key=yard.master_key)
    assert [] == answer(await keyed.post(LIST, MINE))
    token = (await keyed.post("/im/tokens", {"client_id": PATIENT})).data["token"]
    for scheme in ("Bearer", "Token", "JWT"):
        assert [] == answer(await ward.bare.showing(Authorization=f"{scheme} {token}").post(LIST, MINE))


@pytest.mark.parametrize(
    "headers",
    [
        {"app-key": "wrong"},
        {"X-LC-Key": "wrong,master"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
        {"app-id": "ward", "Authorization": "Bearer wrong"},
    ],
)
async def test_what_is_presented_must_be_right(ward: Ward, headers: dict[str, str]) -> None:
    """Even where nothing need be presented; and a refused call changes nothing."""
    shown = Rest(ward.town.session, ward.town.base, headers)
    refused(await shown.post(LIST, MINE))
    refused(await shown.post(LIST, data=b"{"))
    assert set() == await ward.known()


async def test_the_server_key_names_nobody(ward: Ward) -> None:
    """It acts for anybody, of the default app where it names none."""
    keyed = ward.bare.showing(app_key=ward.app.master_key)
    assert {} == answer(await keyed.post("/im/send/msg", {"from_id": PATIENT, "to_id": DOCTOR, "msg": "hello"}))
    assert ["hello"] == [row["last_msg"] for row in answer(await keyed.post(LIST, {"from_id": DOCTOR}))]


async def test_a_token_speaks_for_its_client(ward: Ward) -> None:
    """It names its app as well; and it is the one who reads."""
    conv_id = (await ward.send(DOCTOR, "hello", to_id=PATIENT))["conv_id"]
    patient = await ward.token(PATIENT)
    assert [1] == [row["unread_count"] for row in answer(await patient.post(LIST, MINE))]
    assert ["hello"] == [row["msg"] for row in answer(await patient.post(f"/im/conv/{conv_id}", {}))]
    assert [0] == [row["unread_count"] for row in answer(await patient.post(LIST, MINE))]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (LIST, {"from_id": DOCTOR}, "from_id"),
        ("/im/from/to", {"from_id": DOCTOR, "to_id": PATIENT}, "from_id"),
        ("/im/conv/{conv_id}", {"from_id": DOCTOR}, "from_id"),
        ("/im/send/msg", {"from_id": DOCTOR, "to_id": PATIENT, "msg": "x"}, "from_id"),
        ("/im/send/msg", {"from_id": DOCTOR, "conv_id": "{conv_id}", "msg": "x"}, "from_id"),
        ("/im/creat/group", {"owner_id": DOCTOR, "name": "x"}, "owner_id"),
        ("/im/create/group", {"owner_id": DOCTOR, "name": "x", "member": [PATIENT]}, "owner_id"),
    ],
)
async def test_a_token_speaks_for_nobody_else(ward: Ward, path: str, body: dict[str, Any], field: str) -> None:
    """403 naming the field, and nothing happens."""
    conv_id = (await ward.send(DOCTOR, "hello", to_id=PATIENT))["conv_id"]
    patient = await ward.token(PATIENT)
    filled = {name: conv_id if value == "{conv_id}" else value for name, value in body.items()}
    reply = await patient.post(path.replace("{conv_id}", conv_id), filled)
    assert (403, 40301) == refusal(reply)
    assert f"无权代表该用户：{field}" == reply.body["message"]
    assert ["hello"] == [row["last_msg"] for row in await ward.conversations(DOCTOR)]


async def test_who_is_banned(ward: Ward) -> None:
    """403 naming the client: with a token, through the backend, and as somebody to be written to."""
    patient = await ward.token(PATIENT)
    conv_id = (await ward.send(DOCTOR, "hello", to_id=PATIENT))["conv_id"]
    await ward.backend.post(f"/im/users/{PATIENT}/ban")
    for reply in (
        await patient.post(LIST, MINE),
        await ward.bare.post(LIST, MINE),
        await ward.bare.post("/im/from/to", {"from_id": PATIENT, "to_id": DOCTOR}),
        await ward.bare.post(f"/im/conv/{conv_id}", MINE),
        await ward.bare.post("/im/send/msg", {"from_id": PATIENT, "to_id": DOCTOR, "msg": "x"}),
        await ward.bare.post("/im/send/msg", {"from_id": PATIENT, "conv_id": conv_id, "msg": "x"}),
        await ward.bare.post("/im/send/msg", {"from_id": "new", "to_id": PATIENT, "msg": "x"}),
        await ward.bare.post("/im/creat/group", {"owner_id": PATIENT, "name": "x"}),
        await ward.bare.post("/im/creat/group", {"owner_id": DOCTOR, "name": "x", "member": ["new", PATIENT]}),
    ):
        assert (403, 40302) == refusal(reply)
        assert PATIENT in reply.body["message"]
    assert "new" not in await ward.known()


async def test_a_server_without_a_default_app(ward: Ward) -> None:
    """A request that names no app is nobody's: 401."""
    async with running(ward.town.application.config.data_dir / "other") as town:
        reply = await town.bare.post(LIST, MINE)
        refused(reply)
        assert [] == answer(await town.backend.post(LIST, MINE))


async def test_an_app_that_makes_no_users(ward: Ward) -> None:
    """Only who was registered acts, is written to, or is brought in; 404 for everybody else."""
    settings = ward.app.settings
    actions = ward.town.application.actions
    await ward.send(PATIENT, "hello", to_id=DOCTOR)
    await actions.change_app(ward.app.app_id, settings=type(settings)(create_users=False))
    await ward.town.application.directory.refresh()
    conv_id = await ward.group(DOCTOR, PATIENT)
    for path, body in (
        (LIST, {"from_id": "new"}),
        ("/im/from/to", {"from_id": "new", "to_id": PATIENT}),
        ("/im/send/msg", {"from_id": PATIENT, "to_id": "new", "msg": "x"}),
        ("/im/send/msg", {"from_id": "new", "to_id": PATIENT, "msg": "x"}),
        ("/im/creat/group", {"owner_id": "new", "name": "x"}),
        ("/im/add/group/merber", {"conv_id": conv_id, "member": ["new"]}),
    ):
        reply = await ward.bare.post(path, body)
        assert (404, 40402) == refusal(reply)
        assert "new" in reply.body["message"]
    assert {PATIENT, DOCTOR} == await ward.known()
