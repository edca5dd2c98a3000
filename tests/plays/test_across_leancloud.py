"""LeanCloud's REST API and each of the other dialects, on one server: what the one does, the others see."""

import json
from typing import Any

import pytest

from cast import Reply, Rest, Town
from plays.faces import Campus, Clinic, Platform, Rong, done

RTM = "/1.2/rtm"


class LeanCloud:
    """As LeanCloud's REST API shows it, with the server key."""

    def __init__(self, town: Town) -> None:
        key = f"{town.hall.master_key},master"
        self.rest: Rest = town.bare.showing(X_LC_Id=town.hall.app_id, X_LC_Key=key)

    async def start(self, *people: str, **columns: Any) -> str:
        """A conversation."""
        made: str = done(await self.rest.post(f"{RTM}/conversations", {"m": people, **columns}))["objectId"]
        return made

    async def send(self, sender: str, conv_id: str, text: str) -> str:
        """A text; its id."""
        body = {"from_client": sender, "message": json.dumps({"_lctype": -1, "_lctext": text})}
        sent: str = done(await self.rest.post(f"{RTM}/conversations/{conv_id}/messages", body))["msg-id"]
        return sent

    async def texts(self, conv_id: str) -> list[tuple[str, str]]:
        """Ids and texts, newest first."""
        rows = done(await self.rest.get(f"{RTM}/conversations/{conv_id}/messages"))
        return [(row["msg-id"], json.loads(row["data"])["_lctext"]) for row in rows]

    async def shown(self, conv_id: str) -> dict[str, Any]:
        """A conversation."""
        row: dict[str, Any] = done(await self.rest.get(f"/1.1/classes/_Conversation/{conv_id}"))
        return row

    async def members(self, method: str, conv_id: str, *people: str) -> Reply:
        """Bring in, or take out."""
        return await self.rest.call(method, f"{RTM}/conversations/{conv_id}/members", {"client_ids": people})


@pytest.fixture
def leancloud(town: Town) -> LeanCloud:
    """The dialect."""
    return LeanCloud(town)


async def test_with_the_platform(town: Town, leancloud: LeanCloud) -> None:
    """Messages, members and names go both ways; two people have one direct conversation, whoever begins it."""
    platform = Platform(town)
    cid = await leancloud.start("ada", "ben", name="Two", attr={"x": 1})
    sent = [await leancloud.send("ada", cid, "one"), await platform.send(town.ben, cid, "two")]
    both = [(sent[1], "two"), (sent[0], "one")]
    assert (both, both) == (await leancloud.texts(cid), await platform.texts(cid))
    done(await leancloud.members("POST", cid, "cy"))
    assert ["ada", "ben", "cy"] == sorted(await platform.members(cid))
    (found,) = await platform.found(cid)
    assert {"x": 1} == found.extend
    direct = await platform.direct(town.ada, town.ben)
    assert direct == await leancloud.start("ben", "ada", unique=True)


async def test_with_the_clinic(town: Town, leancloud: LeanCloud) -> None:
    """A clinic's group is a conversation, and its people come and go."""
    clinic = Clinic(town)
    made = await clinic.group(town.ada, town.ben, name="内科")
    row = await leancloud.shown(made["conv_id"])
    assert ("内科", "ada", {"ada", "ben"}) == (row["name"], row["c"], set(row["m"]))
    sent = await leancloud.send("ben", made["conv_id"], "hello")
    assert (sent, "hello") == (await clinic.texts(made["conv_id"]))[0]
    done(await leancloud.members("DELETE", made["conv_id"], "ben"))
    assert ["ada"] == await clinic.members(made["conv_id"])
    assert made["conv_id"] not in await clinic.conversations(town.ben)


async def test_with_the_campus(town: Town, leancloud: LeanCloud) -> None:
    """A group of the campus is found by its people, and whoever is brought in is in the group."""
    campus = Campus(town)
    made = await campus.group(town.ada, town.ben)
    where = json.dumps({"m": {"$all": ["ada", "ben"]}, "name": "三班"})
    rows = done(await leancloud.rest.get(f"{RTM}/conversations", params={"where": where}))["results"]
    (conv_id,) = [row["objectId"] for row in rows]
    assert made["conversation_id"] == conv_id
    done(await leancloud.members("POST", conv_id, "cy"))
    assert {"ada", "ben", "cy"} == await campus.members(made["group_id"])
    done(await leancloud.rest.delete(f"{RTM}/conversations/{conv_id}"))
    assert made["group_id"] not in await campus.groups(town.ada)


async def test_with_the_mobile_app(town: Town, leancloud: LeanCloud) -> None:
    """Its groups are conversations; what it dismisses is gone."""
    rong = Rong()
    made = await rong.group(town.ada)
    rows = done(await leancloud.rest.get(f"{RTM}/conversations", params={"where": '{"name":"zhang111"}'}))["results"]
    (conv_id,) = [row["objectId"] for row in rows]
    done(await leancloud.members("POST", conv_id, "ben"))
    assert ["ada", "ben"] == sorted(await rong.members(town.ada, made["id"]))
    done(await rong.dismiss(town.ada, made["id"]))
    assert 404 == (await leancloud.rest.get(f"/1.1/classes/_Conversation/{conv_id}")).status
