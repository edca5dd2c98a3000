"""Conversations of version 1.2: made, found, changed and ended by the backend."""

from typing import Any

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client, seen
from parlance.protocols.leancloud.generated import messages_pb2 as pb

ALL = f"{RTM}/conversations"


async def test_the_documents_example(office: Office) -> None:
    """Row and unique id are LeanCloud's own; asked for again, it is the same one."""
    asked = {"name": "My First Conversation", "m": ["BillGates", "SteveJobs"], "unique": True}
    made = await office.post(ALL, asked)
    assert {"unique", "updatedAt", "name", "objectId", "m", "createdAt", "uniqueId"} <= made.keys()
    assert (["BillGates", "SteveJobs"], "6c7b0e5afcae9aa1139a0afa25833dec") == (sorted(made["m"]), made["uniqueId"])
    assert 24 == len(made["objectId"])
    again = await office.post(ALL, asked | {"name": "Another"})
    assert (made["objectId"], "My First Conversation") == (again["objectId"], again["name"])
    other = await office.start("BillGates", "SteveJobs")
    assert made["objectId"] != other


async def test_members_are_told(office: Office, tom: Client) -> None:
    """As if it had been started by one of them."""
    cid = await office.start("tom", "jerry")
    come = await tom.line.quiet()
    assert ["conv joined", "conv members_joined"] == seen(come)
    assert (cid, {"tom", "jerry"}) == (come[0].convMessage.cid, set(come[1].convMessage.m))


async def test_columns_are_kept(office: Office) -> None:
    """The app's own too; reserved ones say what is so."""
    dog = {"__type": "Pointer", "className": "Dog", "objectId": "d1"}
    asked = {
        "name": "N",
        "attr": {"a": [1]},
        "dog": dog,
        "m": ["tom", 7],
        "c": "spike",
        "createdAt": "never",
        "nil": None,
    }
    row = await office.post(ALL, asked)
    assert ("N", {"a": [1]}, dog, "spike") == (row["name"], row["attr"], row["dog"], row["c"])
    assert {"tom", "7", "spike"} == set(row["m"])
    assert "never" != row["createdAt"]
    assert "nil" not in row
    assert "c" not in await office.post(ALL, {"attr": "no object"})


@pytest.mark.parametrize(("kind", "flag"), [("chatrooms", "tr"), ("service-conversations", "sys")])
async def test_other_kinds(office: Office, kind: str, flag: str) -> None:
    """Made at their own addresses, found there, and among all."""
    made = await office.post(f"{RTM}/{kind}", {"name": "X"})
    assert made[flag]
    assert "m" not in made
    plain = await office.start("tom")
    assert [made["objectId"]] == [row["objectId"] for row in (await office.get(f"{RTM}/{kind}"))["results"]]
    assert [plain] == [row["objectId"] for row in (await office.get(ALL))["results"]]
    everything = (await office.get(f"{RTM}/all-conversations"))["results"]
    assert {made["objectId"], plain} == {row["objectId"] for row in everything}


async def test_they_are_found(office: Office) -> None:
    """By what is asked, in the order that is asked for, page by page, and counted."""
    ids = [await office.start("tom", name=f"n{number}", rank=number % 2) for number in range(5)]

    async def found(**query: Any) -> Any:
        answer = await office.get(ALL, **query)
        return [row["objectId"] for row in answer["results"]]

    assert [ids[1], ids[3]] == await found(where={"rank": 1}, order="name")
    assert [ids[4], ids[3]] == await found(order="-name", limit=2)
    assert [ids[2]] == await found(order="-name", skip=2, limit=1)
    assert [ids[2]] == await found(where={"name": {"$regex": r"\Qn2\E"}})
    assert [] == await found(limit=0)
    assert [] == await found(where={"m": "spike"})
    counted = await office.get(ALL, where={"rank": 1}, limit=0, count=1)
    assert {"results": [], "count": 2} == counted
    assert "count" not in await office.get(ALL)


async def test_rows_have_the_columns_that_are_wanted(office: Office) -> None:
    """And always those by which one is known; others can be left out."""
    cid = await office.start("tom", name="n", rank=1, attr={"x": 1})
    await office.send(cid)
    (row,) = (await office.get(ALL, keys="name,rank"))["results"]
    assert {"name", "rank", "objectId", "createdAt", "updatedAt"} == row.keys()
    (row,) = (await office.get(ALL, keys="-attr,-m"))["results"]
    assert {"name", "rank", "lm"} <= row.keys()
    assert not {"attr", "m"} & row.keys()
    assert "Date" == row["lm"]["__type"]


async def test_one_is_changed(office: Office, tom: Client) -> None:
    """Columns and operations; members are told of what has come of it."""
    cid = await office.start("tom", "jerry", name="Old", rank=1)
    await tom.settled()
    changed = await office.put(f"{ALL}/{cid}", {"name": "New", "rank": {"__op": "Increment", "amount": 2}, "c": "x"})
    assert ({"updatedAt", "objectId"}, cid) == (changed.keys(), changed["objectId"])
    (row,) = (await office.get(ALL))["results"]
    assert ("New", 3, "tom", changed["updatedAt"]) == (row["name"], row["rank"], row["c"], row["updatedAt"])
    assert cid == (await tom.pushed(pb.conv, pb.updated)).convMessage.cid


async def test_one_is_ended(office: Office, tom: Client) -> None:
    """For everybody."""
    cid = await office.start("tom", "jerry")
    await tom.settled()
    assert {} == await office.delete(f"{ALL}/{cid}")
    assert cid == (await tom.pushed(pb.conv, pb.left)).convMessage.cid
    assert [] == (await office.get(ALL))["results"]
    assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(await office.rest.delete(f"{ALL}/{cid}"))


async def test_members_have_an_address_of_their_own(office: Office) -> None:
    """They are not changed like a column."""
    cid = await office.start("tom")
    assert (400, 1, "members have an address of their own") == refusal(
        await office.rest.put(f"{ALL}/{cid}", {"m": ["jerry"]})
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"m": "tom"}, "m"),
        ({"m": ["x" * 65]}, "m"),
        ({"m": [""]}, "m"),
        ({"name": 7}, "name"),
        ({"unique": "yes"}, "unique"),
        ({"c": {}}, "c"),
        ({"note": "x" * 70_000}, "columns"),
    ],
)
async def test_what_makes_no_conversation(office: Office, body: dict[str, Any], field: str) -> None:
    """The field is named, and nothing is made."""
    status, code, words = refusal(await office.rest.post(ALL, body))
    assert (400, 1) == (status, code)
    assert field in words
    assert [] == (await office.get(ALL))["results"]


@pytest.mark.parametrize("where", ['{"name": {"$regex": "("}}', '{"name": {"$what": 1}}', '{"$or": 3}'])
async def test_questions_that_make_no_sense(office: Office, where: str) -> None:
    """Have LeanCloud's word for it."""
    assert (400, 4310) == refusal(await office.rest.get(ALL, params={"where": where}))[:2]


@pytest.mark.parametrize("where", ["[]", "3", "{"])
async def test_questions_that_are_none(office: Office, where: str) -> None:
    """No object, or no JSON."""
    assert 400 == refusal(await office.rest.get(ALL, params={"where": where}))[0]


async def test_what_nobody_knows(office: Office) -> None:
    """Is not changed; another app's conversation neither."""
    for unknown in (NOBODY, office.town.group):
        reply = await office.rest.put(f"{ALL}/{unknown}", {"name": "x"})
        assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(reply)


async def test_many_are_named_in_one_question(office: Office) -> None:
    """Hundreds of ids stand in an address, which is long then."""
    cid = await office.start("tom", "jerry")
    others = [f"{number:024x}" for number in range(800)]
    where = {"objectId": {"$in": [*others, cid]}}
    rows = (await office.get(ALL, where=where, limit=1000))["results"]
    assert [cid] == [row["objectId"] for row in rows]
