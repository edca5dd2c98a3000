"""Who is more than a member."""

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def test_a_manager_is_made_and_unmade(office: Office, tom: Client) -> None:
    """Everybody is told; the record has the same name in every answer."""
    cid = await office.start("tom", "jerry", "spike")
    where = f"{RTM}/conversations/{cid}/member-infos"
    await tom.settled()
    made = await office.post(where, {"clientId": "jerry", "role": "Manager"})
    assert {"objectId", "updatedAt"} == made.keys()
    info = (await tom.pushed(pb.conv, pb.member_info_changed)).convMessage.info
    assert ("jerry", "Manager", made["objectId"]) == (info.pid, info.role, info.infoId)
    managers = (await office.get(where, role="Manager"))["results"]
    assert [{"objectId": made["objectId"], "clientId": "jerry", "role": "Manager", "cid": cid}] == managers
    changed = await office.put(f"{where}/{made['objectId']}", {"role": "Member"})
    assert made["objectId"] == changed["objectId"]
    assert [] == (await office.get(where, role="Manager"))["results"]
    await office.put(f"{where}/{made['objectId']}", {"role": "Manager"})
    assert made["objectId"] == (await office.put(f"{where}/{made['objectId']}", {"clientId": "jerry"}))["objectId"]
    assert managers == (await office.get(where, role="Manager"))["results"]
    assert {} == await office.delete(f"{where}/{made['objectId']}")
    assert [] == (await office.get(where, role="Manager"))["results"]


async def test_records_come_in_pages(office: Office) -> None:
    """Of one role, or of all."""
    cid = await office.start("tom", "jerry", "spike")
    where = f"{RTM}/conversations/{cid}/member-infos"
    for client in ("jerry", "spike"):
        await office.post(where, {"clientId": client, "role": "Manager"})
    pages = [(await office.get(where, role="Manager", skip=skip, limit=1))["results"] for skip in (0, 1, 2)]
    assert [["jerry"], ["spike"], []] == [[row["clientId"] for row in page] for page in pages]


@pytest.mark.parametrize("role", ["Owner", "manager", "x"])
async def test_roles_that_are_none(office: Office, role: str) -> None:
    """Nobody is made an owner."""
    cid = await office.start("tom", "jerry")
    where = f"{RTM}/conversations/{cid}/member-infos"
    for reply in (
        await office.rest.post(where, {"clientId": "jerry", "role": role}),
        await office.rest.get(f"{where}?role={role}"),
    ):
        assert (400, 4321, "UNKNOWN_CONVERSATION_ROLE") == refusal(reply)


async def test_who_has_none(office: Office) -> None:
    """A stranger, a record that nobody knows, a conversation that nobody knows."""
    cid = await office.start("tom", "jerry")
    where = f"{RTM}/conversations/{cid}/member-infos"
    stranger = await office.rest.post(where, {"clientId": "spike", "role": "Manager"})
    assert (404, 211) == refusal(stranger)[:2]
    for reply in (await office.rest.put(f"{where}/x", {"role": "Member"}), await office.rest.delete(f"{where}/x")):
        assert (404, 101) == refusal(reply)[:2]
    assert 4303 == refusal(await office.rest.get(f"{RTM}/conversations/{NOBODY}/member-infos"))[1]
