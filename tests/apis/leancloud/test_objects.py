"""Conversations of version 1.1: objects of a class."""

from typing import Any

import pytest

from apis.leancloud.office import NOBODY, OBJECTS, RTM, Office, refusal
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def _made(office: Office, **columns: Any) -> str:
    made = await office.post(OBJECTS, columns, 201)
    assert {"objectId", "createdAt"} == made.keys()
    object_id: str = made["objectId"]
    return object_id


async def test_they_are_made(office: Office) -> None:
    """Of any kind: with `tr` a chat room, with `sys` a service conversation."""
    plain = await _made(office, name="My Private Room", m=["BillGates", "SteveJobs"])
    room, service = await _made(office, name="OpenConf", tr=True), await _made(office, name="News", sys=True)
    shown = await office.get(f"{OBJECTS}/{plain}")
    assert ("My Private Room", ["BillGates", "SteveJobs"]) == (shown["name"], sorted(shown["m"]))
    assert (await office.get(f"{OBJECTS}/{room}"))["tr"]
    assert (await office.get(f"{OBJECTS}/{service}"))["sys"]
    assert [service, room, plain] == [
        row["objectId"] for row in (await office.get(OBJECTS, order="-createdAt"))["results"]
    ]
    assert {"name", "objectId", "createdAt", "updatedAt"} == (
        await office.get(f"{OBJECTS}/{plain}", keys="name")
    ).keys()


async def test_people_come_and_go(office: Office, tom: Client) -> None:
    """By operations on `m`, as the document has them."""
    cid = await _made(office, m=["tom", "SteveJobs"])
    await tom.settled()
    await office.put(f"{OBJECTS}/{cid}", {"m": {"__op": "AddUnique", "objects": ["LarryPage"]}})
    assert ["LarryPage"] == list((await tom.pushed(pb.conv, pb.members_joined)).convMessage.m)
    changed = await office.put(f"{OBJECTS}/{cid}", {"m": {"__op": "Remove", "objects": ["SteveJobs"]}})
    assert {"updatedAt", "objectId"} == changed.keys()
    assert ["SteveJobs"] == list((await tom.pushed(pb.conv, pb.members_left)).convMessage.m)
    assert ["LarryPage", "tom"] == sorted((await office.get(f"{OBJECTS}/{cid}"))["m"])


async def test_a_list_of_members_is_who_is_in(office: Office) -> None:
    """The others go."""
    cid = await _made(office, m=["tom", "jerry", "spike"])
    await office.put(f"{OBJECTS}/{cid}", {"m": ["tom", "butch"]})
    assert {"tom", "butch"} == set((await office.get(f"{OBJECTS}/{cid}"))["m"])


async def test_who_is_told_nothing(office: Office) -> None:
    """By operations on `mu`, or as a list."""
    cid = await _made(office, m=["tom", "jerry", "spike"])
    for change, muted in (
        ({"__op": "AddUnique", "objects": ["tom", "jerry"]}, {"tom", "jerry"}),
        ({"__op": "Remove", "objects": ["tom"]}, {"jerry"}),
        (["spike"], {"spike"}),
    ):
        assert cid == (await office.put(f"{OBJECTS}/{cid}", {"mu": change}))["objectId"]
        assert muted == set((await office.get(f"{OBJECTS}/{cid}"))["mu"])


async def test_everything_at_once(office: Office) -> None:
    """Columns, members, and who is told nothing."""
    cid = await _made(office, m=["tom"], tags=["a"])
    await office.put(
        f"{OBJECTS}/{cid}",
        {
            "name": "All",
            "tags": {"__op": "Add", "objects": ["b"]},
            "m": {"__op": "Add", "objects": ["jerry"]},
            "mu": {"__op": "Add", "objects": ["jerry"]},
        },
    )
    shown = await office.get(f"{OBJECTS}/{cid}")
    assert ("All", ["a", "b"], {"tom", "jerry"}, ["jerry"]) == (
        shown["name"],
        shown["tags"],
        set(shown["m"]),
        shown["mu"],
    )
    assert cid == (await office.put(f"{OBJECTS}/{cid}", {}))["objectId"]


async def test_some_cannot_come(office: Office) -> None:
    """They are named; the others are in."""
    cid = await _made(office, m=["tom"])
    await office.post(f"{RTM}/conversations/{cid}/blacklists", {"client_ids": ["spike"]})
    changed = await office.put(f"{OBJECTS}/{cid}", {"m": ["tom", "spike", "jerry"]})
    assert [{"code": 4548, "reason": "BLOCKED_BY_CONV", "pids": ["spike"]}] == changed["failedPids"]
    assert {"tom", "jerry"} == set((await office.get(f"{OBJECTS}/{cid}"))["m"])


async def test_one_is_ended(office: Office) -> None:
    """And is not found any more."""
    cid = await _made(office, m=["tom"])
    assert {} == await office.delete(f"{OBJECTS}/{cid}")
    assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(await office.rest.get(f"{OBJECTS}/{cid}"))


@pytest.mark.parametrize(
    "members", [{"__op": "Increment"}, {"__op": "Add"}, {"__op": ["Add"], "objects": ["x"]}, "tom", 7, [], [7.5]]
)
async def test_what_is_no_change_of_members(office: Office, members: Any) -> None:
    """Nothing is changed, columns included."""
    cid = await _made(office, m=["tom"], name="Old")
    status, code, words = refusal(await office.rest.put(f"{OBJECTS}/{cid}", {"m": members, "name": "New"}))
    assert (400, 1) == (status, code)
    assert "m" in words
    assert "Old" == (await office.get(f"{OBJECTS}/{cid}"))["name"]


async def test_what_cannot_be_changed(office: Office) -> None:
    """What nobody knows; and in a chat room nobody comes who is not there."""
    assert 4303 == refusal(await office.rest.put(f"{OBJECTS}/{NOBODY}", {"name": "x"}))[1]
    assert 4303 == refusal(await office.rest.put(f"{OBJECTS}/{NOBODY}", {"m": ["tom"]}))[1]
    cid = await _made(office, m=["tom"])
    reply = await office.rest.put(f"{OBJECTS}/{cid}", {"mu": ["jerry"]})
    assert (403, 4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(reply)
