"""Changing and deleting conversations: PUT /im/conversations, DELETE /im/conversations/{conv_id}."""

from typing import Any

import pytest

from cast import Town
from parlance.core.model.conversation import Kind

PATH = "/im/conversations"


def change(conv_id: str, extend: Any) -> dict[str, Any]:
    """A body that replaces a conversation's extension."""
    return {"where": [["conv_id", "=", conv_id]], "update": {"conv_extend": extend}}


async def extension(town: Town, conv_id: str) -> Any:
    """What is said about a conversation now."""
    return (await town.backend.get(PATH, {"where": [["conv_id", "=", conv_id]]})).data["data"][0]["conv_extend"]


async def test_the_extension_is_replaced_whole(town: Town) -> None:
    """What was there before is gone; the members are told."""
    await town.backend.put(PATH, change(town.group, {"a": 1}))
    socket = await town.log_in(town.ben)
    assert (await town.backend.put(PATH, change(town.group, {"b": [2]}))).data is True
    assert {"b": [2]} == await extension(town, town.group)
    assert town.group == (await socket.next("conv.updated"))["data"]["conv_id"]


async def test_all_that_match_are_changed(town: Town) -> None:
    """`where` may match several."""
    other = await town.open(Kind.GROUP, "ada")
    body = {"where": [["conv_creater_id", "=", "ada"]], "update": {"conv_extend": {"a": 1}}}
    assert (await town.backend.put(PATH, body)).data is True
    assert [{"a": 1}, {"a": 1}] == [await extension(town, town.group), await extension(town, other)]


async def test_owner_may_member_may_not(town: Town) -> None:
    """4014 to a plain member; a stranger's own conversations have none that matches: 4011."""
    assert (await town.ada.rest.put(PATH, change(town.group, {"a": 1}))).data is True
    assert (200, 4014) == (await town.ben.rest.put(PATH, change(town.group, {"a": 2}))).refusal
    assert (200, 4011) == (await town.cy.rest.put(PATH, change(town.group, {"a": 2}))).refusal
    assert {"a": 1} == await extension(town, town.group)


async def test_nothing_matches(town: Town) -> None:
    """4011; another app's conversation matches nothing."""
    assert (200, 4011) == (await town.backend.put(PATH, change("nothing", {}))).refusal
    assert (200, 4011) == (await town.stranger.put(PATH, change(town.group, {}))).refusal


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, 4001, "where"),
        ({"update": {"conv_extend": {}}}, 4001, "where"),
        ({"where": [], "update": {"conv_extend": {}}}, 4001, "where"),
        ({"where": [["conv_type", "=", 3]]}, 4001, "update"),
        ({"where": [["conv_type", "=", 3]], "update": {}}, 4001, "conv_extend"),
        ({"where": [["conv_type", "=", 3]], "update": []}, 4406, "update"),
        ({"where": [["conv_type", "=", 3]], "update": {"conv_extend": []}}, 4406, "conv_extend"),
        ({"where": [["conv_type", "=", 3]], "update": {"conv_extend": "x"}}, 4406, "conv_extend"),
        ({"where": [["conv_type", "=", 3]], "update": {"conv_type": 4}}, 4406, "conv_type"),
        ({"where": [["conv_type", "=", 3]], "update": {"conv_extend": {}, "name": "x"}}, 4406, "name"),
        ({"where": "all", "update": {"conv_extend": {}}}, 4406, "where"),
    ],
)
async def test_a_change_that_cannot_be(town: Town, body: object, code: int, field: str) -> None:
    """The field is named, and nothing changes; an empty `where` is not taken for everything."""
    reply = await town.backend.put(PATH, body)
    assert (200, code) == reply.refusal
    assert field in reply.body["message"]
    assert await extension(town, town.group) is None


async def test_a_conversation_is_deleted(town: Town) -> None:
    """Everything about it is unknown from then on; its members are told."""
    socket = await town.log_in(town.ben)
    assert (await town.backend.delete(f"{PATH}/{town.group}")).data is True
    await socket.next("conv.deleted")
    assert 0 == (await town.backend.get(PATH, {"where": [["conv_id", "=", town.group]]})).data["total"]
    for reply in (
        await town.backend.delete(f"{PATH}/{town.group}"),
        await town.backend.get(f"{PATH}/{town.group}/members"),
        await town.backend.get(f"{PATH}/{town.group}/message"),
        await town.ada.rest.post(f"{PATH}/{town.group}/message", {"from_client": "ada", "type": -1, "text": "hi"}),
    ):
        assert (200, 4011) == reply.refusal


async def test_the_creator_may_delete(town: Town) -> None:
    """A member may not, nor a stranger (4014), nor another app (4011)."""
    assert (200, 4014) == (await town.ben.rest.delete(f"{PATH}/{town.group}")).refusal
    assert (200, 4014) == (await town.cy.rest.delete(f"{PATH}/{town.group}")).refusal
    assert (200, 4011) == (await town.dora.rest.delete(f"{PATH}/{town.group}")).refusal
    assert (200, 4011) == (await town.stranger.delete(f"{PATH}/{town.group}")).refusal
    assert (await town.ada.rest.delete(f"{PATH}/{town.group}")).data is True


async def test_a_pair_starts_anew(town: Town) -> None:
    """After a direct conversation is deleted the two may have another."""
    first = await town.open(Kind.DIRECT, "ada", "ben")
    await town.backend.delete(f"{PATH}/{first}")
    assert first != await town.open(Kind.DIRECT, "ada", "ben")
