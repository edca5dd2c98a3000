"""Groups and their members."""

from typing import Any

import pytest

from apis.clinic.ward import DOCTOR, OTHER, PATIENT, REPRESENTED, Ward, answer, refusal
from parlance.core.model.app import AppSettings

CREATE, ADD = "/im/creat/group", "/im/add/group/merber"


async def _members(ward: Ward, conv_id: str) -> list[str]:
    return [member["id"] for member in answer(await ward.bare.post(f"/im/group/{conv_id}/list", {}))]


async def test_a_group_is_made(ward: Ward) -> None:
    """With its owner, who need not be named among the members; answered if that is preferred."""
    asked = {
        "owner_id": DOCTOR,
        "name": "群1",
        "member": [PATIENT, DOCTOR, PATIENT],
        "img": "http://xxx.png",
        "description": "群1xxx",
    }
    made = answer(await ward.bare.post(CREATE, asked, headers=REPRESENTED))
    assert {
        "conv_id": made["conv_id"],
        "group_id": 1,
        "owner_id": DOCTOR,
        "name": "群1",
        "member": [DOCTOR, PATIENT],
        "img": "http://xxx.png",
        "description": "群1xxx",
    } == made
    assert [DOCTOR, PATIENT] == await _members(ward, made["conv_id"])
    assert {PATIENT, DOCTOR} == await ward.known()


@pytest.mark.parametrize("more", [{}, {"member": None}, {"member": [], "img": "", "description": ""}])
async def test_little_need_be_said(ward: Ward, more: dict[str, Any]) -> None:
    """An owner and a name; every group is a new one."""
    for number in (1, 2):
        made = answer(await ward.bare.post(CREATE, {"owner_id": 7, "name": "群", **more}, headers=REPRESENTED))
        assert (number, "7", ["7"], "", "") == tuple(
            made[name] for name in ("group_id", "owner_id", "member", "img", "description")
        )


async def test_a_client_makes_its_own(ward: Ward) -> None:
    """With its token, for itself."""
    await ward.send(PATIENT, "makes them known", to_id=DOCTOR)
    assert {} == answer(await (await ward.token(PATIENT)).post(CREATE, {"owner_id": PATIENT, "name": "群"}))
    assert 2 == len(await ward.conversations(PATIENT))


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": "群"}, 40001, "owner_id"),
        ({"owner_id": DOCTOR}, 40001, "name"),
        ({"owner_id": DOCTOR, "name": ""}, 40001, "name"),
        ({"owner_id": DOCTOR, "name": "  "}, 40001, "name"),
        ({"owner_id": DOCTOR, "name": 7}, 40002, "name"),
        ({"owner_id": "a b", "name": "群"}, 40002, "owner_id"),
        ({"owner_id": DOCTOR, "name": "群", "member": PATIENT}, 40002, "member"),
        ({"owner_id": DOCTOR, "name": "群", "member": [PATIENT, ""]}, 40002, "member"),
        ({"owner_id": DOCTOR, "name": "群", "member": [[PATIENT]]}, 40002, "member"),
        ({"owner_id": DOCTOR, "name": "群", "img": 7}, 40002, "img"),
        ({"owner_id": DOCTOR, "name": "群", "img": "x" * 70_000}, 40002, "img"),
        ({"owner_id": DOCTOR, "name": "群", "description": ["x"]}, 40002, "description"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_groups_that_cannot_be(ward: Ward, body: dict[str, Any], code: int, field: str) -> None:
    """400 naming the field, and nobody becomes known by it."""
    reply = await ward.bare.post(CREATE, body)
    assert (400, code) == refusal(reply)
    assert field in reply.body["message"]
    assert set() == await ward.known()


async def test_members_are_added(ward: Ward) -> None:
    """Who is in already stays in; everybody who is in now is answered if that is preferred."""
    conv_id = await ward.group(DOCTOR, PATIENT)
    ward.town.clock.advance(1)
    asked = {"conv_id": conv_id, "member": [PATIENT, OTHER, 7]}
    assert {} == answer(await ward.bare.post(ADD, asked))
    made = answer(await ward.bare.post(ADD, asked, headers=REPRESENTED))
    assert {"conv_id": conv_id, "member": [DOCTOR, PATIENT, "7", OTHER]} == {**made, "member": made["member"]}
    assert {DOCTOR, PATIENT, OTHER, "7"} == await ward.known()


async def test_who_adds_members(ward: Ward) -> None:
    """The backend, the owner and admins; plain members not, and strangers find nothing."""
    conv_id = await ward.group(DOCTOR, PATIENT)
    await ward.send(OTHER, "makes it known", to_id=DOCTOR)
    asked = {"conv_id": conv_id, "member": ["new"]}
    doctor, patient, other = [await ward.token(client) for client in (DOCTOR, PATIENT, OTHER)]
    assert (403, 40300) == refusal(await patient.post(ADD, asked))
    assert (404, 40401) == refusal(await other.post(ADD, asked))
    assert [DOCTOR, PATIENT] == await _members(ward, conv_id)
    assert {} == answer(await doctor.post(ADD, asked))
    assert [DOCTOR, PATIENT, "new"] == await _members(ward, conv_id)


async def test_two_people_stay_two(ward: Ward) -> None:
    """A direct conversation takes no more members, not even one of the two."""
    conv_id = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    for member in ([OTHER], [PATIENT], []):
        assert (400, 40004) == refusal(await ward.bare.post(ADD, {"conv_id": conv_id, "member": member}))
    assert {PATIENT, DOCTOR} == {*await _members(ward, conv_id)} == await ward.known()


async def test_a_full_group(ward: Ward) -> None:
    """Takes nobody, and is not made too large."""
    await ward.town.application.actions.change_app(ward.app.app_id, settings=AppSettings(group_capacity=2))
    await ward.town.application.directory.refresh()
    conv_id = await ward.group(DOCTOR)
    asked = {"conv_id": conv_id, "member": [PATIENT, OTHER]}
    for reply in (
        await ward.bare.post(ADD, asked),
        await ward.bare.post(CREATE, {"owner_id": DOCTOR, "name": "群", "member": [PATIENT, OTHER]}),
    ):
        assert (400, 40005) == refusal(reply)
    assert [DOCTOR] == await _members(ward, conv_id)
    assert {DOCTOR} == await ward.known()


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"member": [PATIENT]}, 40001, "conv_id"),
        ({"conv_id": "x"}, 40001, "member"),
        ({"conv_id": "x", "member": PATIENT}, 40002, "member"),
        ({"conv_id": "x", "member": ["a b"]}, 40002, "member"),
        ({"conv_id": ["x"], "member": [PATIENT]}, 40002, "conv_id"),
    ],
)
async def test_members_that_cannot_be_added(ward: Ward, body: dict[str, Any], code: int, field: str) -> None:
    """400 naming the field."""
    reply = await ward.bare.post(ADD, body)
    assert (400, code) == refusal(reply)
    assert field in reply.body["message"]


async def test_groups_there_are_not(ward: Ward) -> None:
    """404: unknown, another app's, and what is no conversation's id at all."""
    conv_id = await ward.group(DOCTOR)
    yard = await ward.town.app("yard", ward.app.policy)
    elsewhere = ward.bare.showing(app_id=yard.app_id)
    for rest, name in ((elsewhere, conv_id), (ward.bare, "nothing"), (ward.bare, ""), (ward.bare, PATIENT)):
        assert (404, 40401) == refusal(await rest.post(ADD, {"conv_id": name, "member": [PATIENT]}))
    for rest, name in ((elsewhere, conv_id), (ward.bare, "nothing"), (ward.bare, "x" * 300)):
        assert (404, 40401) == refusal(await rest.post(f"/im/group/{name}/list", {}))
        assert (404, 40401) == refusal(await rest.post(f"/im/group/{name}/alias", {"id": DOCTOR, "alias": "x"}))
    assert {DOCTOR} == await ward.known()


async def test_members_are_listed(ward: Ward) -> None:
    """With the names of their profiles, and what they are called here; without a body as well."""
    conv_id = await ward.group(DOCTOR, PATIENT)
    await ward.profile(PATIENT, nickname="安利英")
    await ward.bare.post(f"/im/group/{conv_id}/alias", {"id": DOCTOR, "alias": "主任"})
    expected = [{"id": DOCTOR, "name": "", "alias": "主任"}, {"id": PATIENT, "name": "安利英", "alias": ""}]
    for reply in (
        await ward.bare.post(f"/im/group/{conv_id}/list"),
        await (await ward.token(PATIENT)).post(f"/im/group/{conv_id}/list", {}),
    ):
        assert expected == answer(reply)


async def test_who_sees_the_members(ward: Ward) -> None:
    """Those who are in."""
    conv_id = await ward.group(DOCTOR)
    assert (404, 40401) == refusal(await (await ward.token(PATIENT)).post(f"/im/group/{conv_id}/list", {}))


async def test_two_people_are_listed_too(ward: Ward) -> None:
    """Though they are no group."""
    conv_id = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    assert [PATIENT, DOCTOR] == await _members(ward, conv_id)


async def test_aliases(ward: Ward) -> None:
    """A client gives itself one, the owner anybody; it is answered if that is preferred, and "" takes it back."""
    conv_id = await ward.group(DOCTOR, PATIENT)
    doctor, patient = [await ward.token(client) for client in (DOCTOR, PATIENT)]
    path = f"/im/group/{conv_id}/alias"
    assert {} == answer(await patient.post(path, {"id": PATIENT, "alias": "老安"}))
    made = answer(await doctor.post(path, {"id": PATIENT, "alias": "9 床"}, headers=REPRESENTED))
    assert {"id": PATIENT, "name": "", "alias": "9 床"} == made
    assert (403, 40300) == refusal(await patient.post(path, {"id": DOCTOR, "alias": "x"}))
    reply = await doctor.post(path, {"id": OTHER, "alias": "x"})
    assert (404, 40402) == refusal(reply)
    assert OTHER in reply.body["message"]
    for body, code in (({"id": PATIENT}, 40001), ({"alias": "x"}, 40001), ({"id": PATIENT, "alias": "x" * 65}, 40002)):
        assert (400, code) == refusal(await doctor.post(path, body))
    assert {} == answer(await patient.post(path, {"id": PATIENT, "alias": ""}))
    listed = answer(await ward.bare.post(f"/im/group/{conv_id}/list", {}))
    assert [""] * 2 == [member["alias"] for member in listed]
