"""Whole classes, row by row."""

import json
from typing import Any

import pytest

from apis.leancloud.office import RTM, Office, refusal

SCAN = "/1.1/scan/classes"


async def _all(office: Office, name: str, limit: int) -> list[dict[str, Any]]:
    rows, asked = [], {"limit": str(limit)}
    while True:
        page = await office.get(f"{SCAN}/{name}", **asked)
        rows += page["results"]
        if "cursor" not in page:
            return rows
        asked["cursor"] = page["cursor"]


async def test_conversations_by_their_ids(office: Office) -> None:
    """All kinds that stay, some at a time, each once; from an id on if that is asked."""
    made = [await office.start("tom", "jerry", f"client-{n}", attr={"n": n}) for n in range(3)]
    made.append(await office.start(kind="chatrooms", name="OpenConf"))
    rows = await _all(office, "_Conversation", 2)
    ids = [row["objectId"] for row in rows]
    assert (sorted(ids), True) == (ids, set(made) <= set(ids))
    [row] = [row for row in rows if row["objectId"] == made[1]]
    assert ({"n": 1}, 3) == (row["attr"], len(row["m"]))
    where = json.dumps({"objectId": {"$gt": ids[-2]}})
    assert ids[-1:] == [row["objectId"] for row in (await office.get(f"{SCAN}/_Conversation", where=where))["results"]]


async def test_roles_and_users(office: Office) -> None:
    """Who is more than a member anywhere; everybody who is known, without what is secret."""
    cid = await office.start("tom", "jerry")
    await office.post(f"{RTM}/conversations/{cid}/member-infos", {"clientId": "jerry", "role": "Manager"})
    roles = [row for row in await _all(office, "_ConversationMemberInfo", 1) if row["cid"] == cid]
    assert [("jerry", "Manager")] == [(row["clientId"], row["role"]) for row in roles]
    listed = await office.get("/1.1/classes/_ConversationMemberInfo", cid=cid)
    assert roles == listed["results"]
    users = await _all(office, "_User", 1)
    assert {"tom", "jerry"} <= {row["objectId"] for row in users}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Poem", (404, 101)),
        ("_Conversation?where={}", (400, 4310)),
        ("_Conversation?where=nonsense", (400, 4310)),
        ("_Conversation?limit=0", (400, 1)),
    ],
)
async def test_what_makes_no_sense(office: Office, asked: str, expected: tuple[int, int]) -> None:
    """A class that is not here, other conditions, no rows."""
    assert expected == refusal(await office.rest.get(f"{SCAN}/{asked}"))[:2]


@pytest.mark.parametrize("cursor", ["9" * 5_000, "-1", "nowhere"])
async def test_a_cursor_that_nobody_gave(office: Office, cursor: str) -> None:
    """Begins at the beginning."""
    await office.start("tom", "jerry")
    begun = await office.get(f"{SCAN}/_User", limit="1")
    assert begun == await office.get(f"{SCAN}/_User", limit="1", cursor=cursor)
