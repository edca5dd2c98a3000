"""The app itself speaks (wire: platform#system)."""

from typing import Any

import msgspec

from cast import Socket, Town
from gateway.test_sync import synced
from parlance.core.model.caller import Caller
from parlance.core.model.group import NewGroup
from parlance.kernel.ids import ClientId


async def club(town: Town, *members: str) -> int:
    """A group of Ada's that is told by system messages; its number."""
    new = NewGroup(ClientId("ada"), tuple(map(ClientId, members)), name="666", notices=True)
    roster = await town.application.actions.create_group(Caller(town.hall), new)
    assert roster.conversation.group_id is not None
    return roster.conversation.group_id


async def heard(socket: Socket) -> dict[str, Any]:
    """The next system message, with its `attr` decoded."""
    data: dict[str, Any] = (await socket.next("msg.new"))["data"]
    return {**data, "attr": msgspec.json.decode(data["attr"])}


async def test_those_concerned_hear_it(town: Town) -> None:
    """As a message of the document's, whoever they are; a stranger hears nothing."""
    ada, ben, cy = [await town.log_in(person) for person in (town.ada, town.ben, town.cy)]
    group = await club(town, "ben")
    for socket in (ada, ben):
        assert "conv.joined" == (await socket.next("conv.joined"))["type"]
        told = await heard(socket)
        assert (-1, "system", "ada邀请ben加入了群聊「666」", 1) == (
            told["type"],
            told["from_client"],
            told["text"],
            told["seq"],
        )
        attr = told["attr"]
        assert ("added_to_group", group, "ada", "666", ["ada", "ben"]) == (
            attr["sys_message_type"],
            attr["gid"],
            attr["uid"],
            attr["group_name"],
            attr["member_client_ids"],
        )
        assert attr["conversation_id"] != told["conv_id"]
    assert await cy.nothing("msg.new")


async def test_platform_calls_tell_of_such_a_group_too(town: Town) -> None:
    """Over REST as anywhere else."""
    group = await club(town, "ben")
    conv_id = (await town.application.actions.find_group(Caller(town.hall), group)).conversation.conv_id
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    await town.ben.rest.post(f"/im/conversations/{conv_id}/members", {"client_ids": ["cy"]})
    assert ["added_to_group"] * 2 == [(await heard(socket))["attr"]["sys_message_type"] for socket in (ada, cy)]
    await town.ada.rest.delete(f"/im/conversations/{conv_id}/members", {"client_ids": ["cy"]})
    assert ["removed_from_group"] * 2 == [(await heard(socket))["attr"]["sys_message_type"] for socket in (ada, cy)]
    update = {"where": [["conv_id", "=", conv_id]], "update": {"conv_extend": {"a": 1}}}
    assert (await town.ada.rest.put("/im/conversations", update)).data
    assert "group_info_been_modified" == (await heard(ada))["attr"]["sys_message_type"]
    await town.ada.rest.delete(f"/im/conversations/{conv_id}")
    assert "group_been_dismissed" == (await heard(ada))["attr"]["sys_message_type"]
    assert await cy.nothing("msg.new")


async def test_who_was_away_finds_it(town: Town) -> None:
    """In `sync` with its own numbers, in `msg.list` its own messages; read, it is read."""
    group = await club(town)
    await town.application.actions.add_to_group(Caller(town.hall), group, (ClientId("ben"),))
    ben = await town.log_in(town.ben)
    row = next(row for row in (await synced(ben))["conversations"] if row["conv_type"] == 5)
    assert (2, 1, "ada邀请ben加入了群聊「666」", False) == (
        row["last_seq"],
        row["unread"],
        row["last_message"]["text"],
        row["left"],
    )
    found = (await ben.request("msg.list", {"conv_id": row["conv_id"], "after_seq": 0}))["data"]
    assert ([row["last_message"]], False) == (found["messages"], found["more"])
    tablet = await town.log_in(town.ben, "tablet")
    await ben.send("msg.read", {"conv_id": row["conv_id"], "seq": 2})
    assert 2 == (await tablet.next("msg.read"))["data"]["seq"]
    row = next(row for row in (await synced(ben))["conversations"] if row["conv_type"] == 5)
    assert (2, 0) == (row["read_seq"], row["unread"])


async def test_no_list_shows_it(town: Town) -> None:
    """Not the query, whoever asks; its messages are listed for whom they name."""
    await club(town, "ben")
    system = await town.application.store.read.conversations.find_system(town.hall.app_id)
    assert system is not None
    path, where = f"/im/conversations/{system.conv_id}", {"where": f'[["conv_id","=","{system.conv_id}"]]'}
    for rest in (town.backend, town.ada.rest):
        assert 0 == (await rest.get("/im/conversations", params=where)).data["total"]
    assert 1 == (await town.ben.rest.get(f"{path}/message")).data["total"]
    assert 0 == (await town.cy.rest.get(f"{path}/message")).data["total"]


async def test_nobody_sends_to_it(town: Town) -> None:
    """Nor changes it, nor ends it."""
    await club(town, "ben")
    system = await town.application.store.read.conversations.find_system(town.hall.app_id)
    assert system is not None
    ada = await town.log_in(town.ada)
    refused = await ada.request("msg.send", {"conv_id": system.conv_id, "type": -1, "text": "x"})
    assert 4013 == refused["data"]["code"]
    path = f"/im/conversations/{system.conv_id}"
    said = {"from_client": "ada", "type": -1, "text": "x"}
    assert (200, 4013) == (await town.backend.post(f"{path}/message", said)).refusal
    assert (200, 4405) == (await town.backend.post(f"{path}/members", {"client_ids": ["ada"]})).refusal
    assert (200, 4014) == (await town.backend.delete(path)).refusal
    opened = {"client_id": "ada", "to_client_ids": ["ben"], "conv_type": 5}
    assert (200, 4405) == (await town.backend.post("/im/conversations", opened)).refusal
