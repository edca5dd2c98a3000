"""`conv.*`: who is told of what happens to a conversation (wire: platform#changes)."""

from typing import Any

from cast import Town
from gateway.watch import quiet
from parlance.core.model.conversation import Kind


def change(frame: dict[str, Any], town: Town) -> tuple[str | None, list[str] | None]:
    """By whom, and who came or went; place and time are checked."""
    assert {"type", "data"} == frame.keys()
    data = frame["data"]
    assert data["time"] <= town.application.clock.now()
    return data["by"], sorted(data["client_ids"]) if "client_ids" in data else None


async def test_a_new_conversation_is_told_to_its_people(town: Town) -> None:
    """Everybody who is in gets `conv.joined` with all their names; nobody else hears of it."""
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    conv_id = await town.open(Kind.GROUP, "ada", "ben")
    for socket in (ada, ben):
        frame = await socket.next("conv.joined")
        assert conv_id == frame["data"]["conv_id"]
        assert ("ada", ["ada", "ben"]) == change(frame, town)
    assert await quiet(ada, ben, cy)


async def test_an_existing_direct_conversation_is_no_news(town: Town) -> None:
    """Opening it again tells nobody anything."""
    await town.open(Kind.DIRECT, "ada", "ben")
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await town.open(Kind.DIRECT, "ben", "ada")
    assert await quiet(ada, ben)


async def test_new_members(town: Town) -> None:
    """Who comes gets `conv.joined`, who was in `conv.members_joined`; `by` is null for the backend."""
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy", "ben"]})
    assert (None, ["cy"]) == change(await cy.next("conv.joined"), town)
    for socket in (ada, ben):
        assert (None, ["cy"]) == change(await socket.next("conv.members_joined"), town)
    assert await quiet(ada, ben, cy)


async def test_a_member_brings_somebody_in(town: Town) -> None:
    """`by` is the client who did it; its own connections are told as well."""
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    await town.ben.rest.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
    assert ("ben", ["cy"]) == change(await cy.next("conv.joined"), town)
    for socket in (ada, ben):
        assert ("ben", ["cy"]) == change(await socket.next("conv.members_joined"), town)


async def test_members_who_go(town: Town) -> None:
    """Who goes gets `conv.left`, who stays `conv.members_left`; who was not in is not mentioned."""
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    await town.ada.rest.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["ben", "cy"]})
    assert ("ada", ["ben"]) == change(await ben.next("conv.left"), town)
    assert ("ada", ["ben"]) == change(await ada.next("conv.members_left"), town)
    assert await quiet(ada, ben, cy)


async def test_who_walks_out_by_itself(town: Town) -> None:
    """A member may take itself out."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await town.ben.rest.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["ben"]})
    assert ("ben", ["ben"]) == change(await ben.next("conv.left"), town)
    assert ("ben", ["ben"]) == change(await ada.next("conv.members_left"), town)


async def test_an_update(town: Town) -> None:
    """Everybody in it is told that what is said about it changed."""
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    update = {"where": [["conv_id", "=", town.group]], "update": {"conv_extend": {"name": "new"}}}
    await town.ada.rest.put("/im/conversations", update)
    for socket in (ada, ben):
        assert ("ada", None) == change(await socket.next("conv.updated"), town)
    assert await quiet(ada, ben, cy)


async def test_an_end(town: Town) -> None:
    """Everybody who was in it is told that it is gone; whoever was removed before is not."""
    await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
    await town.backend.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
    ada, ben, cy = await town.log_in(town.ada), await town.log_in(town.ben), await town.log_in(town.cy)
    await town.backend.delete(f"/im/conversations/{town.group}")
    for socket in (ada, ben):
        assert (None, None) == change(await socket.next("conv.deleted"), town)
    assert await quiet(ada, ben, cy)


async def test_a_temporary_conversation_ends_by_itself(town: Town) -> None:
    """When its time is over its people are told that it is gone, and nobody can speak in it."""
    ada = await town.log_in(town.ada)
    opened = await town.backend.post(
        "/im/conversations", {"client_id": "ada", "to_client_ids": ["ben"], "conv_type": 2, "ttl": 1}
    )
    conv_id = opened.data["conv_id"]
    frame = await ada.next("conv.deleted")
    assert conv_id == frame["data"]["conv_id"]
    assert (None, None) == change(frame, town)
    answer = await ada.request("msg.send", {"conv_id": conv_id, "type": -1, "text": "too late"})
    assert 4011 == answer["data"]["code"]


async def test_changes_and_messages_keep_their_order(town: Town) -> None:
    """Whoever is brought in between two messages hears of it before the second, and nothing of the first."""
    cy = await town.log_in(town.cy)
    ada = await town.log_in(town.ada)
    await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "before"})
    await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
    await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "after"})
    await cy.next("msg.new")
    await cy.request("ping")
    assert ["conv.joined"] == [frame["type"] for frame in cy.unread]
