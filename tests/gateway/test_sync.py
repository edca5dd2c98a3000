"""`sync`: what changed while one was away (wire: platform#sync)."""

from typing import Any

import pytest

from cast import Socket, Town
from gateway.watch import refusal, refused
from parlance.core.model.conversation import Kind


async def synced(socket: Socket, **data: Any) -> dict[str, Any]:
    """The data of the answer."""
    answer = await socket.request("sync", data)
    assert ("sync", "success") == (answer["type"], answer["msg"])
    page: dict[str, Any] = answer["data"]
    page.pop("ref")
    return page


async def test_a_row_says_how_things_are(town: Town) -> None:
    """Each conversation comes with its heights, what is unread, its newest message and its extension."""
    opened = await town.backend.post(
        "/im/conversations",
        {"client_id": "ada", "to_client_ids": ["cy"], "conv_type": 2, "conv_extend": {"name": "picnic"}},
    )
    conv_id = opened.data["conv_id"]
    cy = await town.log_in(town.cy)
    await town.say("one", conv_id)
    await town.say("two", conv_id)
    await cy.next("msg.new")
    newest = (await cy.next("msg.new"))["data"]
    page = await synced(cy)
    assert {"conversations", "time", "more"} == page.keys()
    [row] = page["conversations"]
    ctime, mtime = row.pop("ctime"), row.pop("mtime")
    assert (True, None) == (ctime <= newest["ctime"], mtime)
    assert {
        "conv_id": conv_id,
        "conv_type": 2,
        "last_seq": 2,
        "read_seq": 0,
        "unread": 2,
        "last_message": newest,
        "conv_extend": {"name": "picnic"},
        "left": False,
    } == row


async def test_data_may_be_left_out(town: Town) -> None:
    """`sync` without anything asks for everything."""
    ada = await town.log_in(town.ada)
    await ada.ws.send_str('{"type":"sync"}')
    answer = await ada.next("sync")
    assert {"conversations", "time", "more"} == answer["data"].keys()
    [row] = answer["data"]["conversations"]
    assert (town.group, None, None) == (row["conv_id"], row["last_message"], row["conv_extend"])


async def test_who_has_nothing_gets_nothing(town: Town) -> None:
    """A client in no conversation has an empty list, and a time to ask from."""
    page = await synced(await town.log_in(town.cy))
    assert ([], False) == (page["conversations"], page["more"])
    assert page["time"] <= town.application.clock.now()


async def test_only_what_changed_comes(town: Town) -> None:
    """From a time on, only conversations with news come: a message, a mark, a recall, an edit, new members."""
    ada = await town.log_in(town.ada)
    others = [await town.open(Kind.GROUP, "ada", "ben") for _ in range(6)]
    ids = [await town.say("words", conv_id, sender="ben") for conv_id in others]
    since = await later(town, ada)
    await town.say("news", others[0], sender="ben")
    assert {others[0]} == await changed(ada, since)
    await ada.request("msg.recall", {"conv_id": others[1], "msg_id": ids[1]})
    assert {others[0], others[1]} == await changed(ada, since)
    await ada.send("msg.read", {"conv_id": others[2], "seq": 1})
    await town.backend.post(f"/im/conversations/{others[3]}/members", {"client_ids": ["cy"]})
    await town.backend.put(
        "/im/conversations", {"where": [["conv_id", "=", others[4]]], "update": {"conv_extend": {"a": 1}}}
    )
    assert set(others[:5]) >= await changed(ada, since) >= {others[0], others[1], others[2], others[4]}


async def later(town: Town, socket: Socket) -> int:
    """The server's time, once it is beyond everything that has happened."""
    now: int = (await socket.request("ping"))["data"]["time"]
    town.clock.advance(2)
    return now + 1


async def changed(socket: Socket, since: int) -> set[str]:
    """The conversations that a sync from a time on names."""
    return {row["conv_id"] for row in (await synced(socket, since=since))["conversations"]}


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_pages_leave_nothing_out(town: Town, limit: int) -> None:
    """Asking on from each page's time, as long as there is more, brings every conversation."""
    ada = await town.log_in(town.ada)
    wanted = {town.group, *[await town.open(Kind.GROUP, "ada", "ben") for _ in range(10)]}
    for conv_id in wanted:
        await town.say("words", conv_id)
    seen: list[str] = []
    since, more, asked = 0, True, 0
    while more:
        page = await synced(ada, since=since, limit=limit)
        seen += [row["conv_id"] for row in page["conversations"]]
        since, more, asked = page["time"], page["more"], asked + 1
        assert asked < 50
    assert wanted == set(seen)


async def test_what_was_left_is_told(town: Town) -> None:
    """A conversation one was removed from, and one that is gone, come once more, as left."""
    cy = await town.log_in(town.cy)
    removed, deleted, kept = [await town.open(Kind.GROUP, "ada", "cy") for _ in range(3)]
    await town.say("secret", removed)
    await town.backend.delete(f"/im/conversations/{removed}/members", {"client_ids": ["cy"]})
    await town.backend.delete(f"/im/conversations/{deleted}")
    rows = {row["conv_id"]: row for row in (await synced(cy))["conversations"]}
    assert {removed: True, deleted: True, kept: False} == {conv_id: row["left"] for conv_id, row in rows.items()}
    assert (0, None, None) == tuple(rows[removed][name] for name in ("unread", "last_message", "conv_extend"))


async def test_who_comes_back_in_finds_it_again(town: Town) -> None:
    """Removed and brought in again is in."""
    await town.backend.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["ben"]})
    await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["ben"]})
    [row] = (await synced(await town.log_in(town.ben)))["conversations"]
    assert (town.group, False) == (row["conv_id"], row["left"])


async def test_rooms_do_not_come_up(town: Town) -> None:
    """A chat room has nothing to catch up with."""
    room = await town.open(Kind.ROOM, "cy")
    cy = await town.log_in(town.cy)
    await cy.request("conv.join", {"conv_id": room})
    await cy.request("msg.send", {"conv_id": room, "type": -1, "text": "hello"})
    assert [] == (await synced(cy))["conversations"]


async def test_one_sees_ones_own(town: Town) -> None:
    """What others talk about, here or in another app, is not told."""
    await town.say("not for Dora")
    assert [] == (await synced(await town.log_in(town.dora)))["conversations"]


async def test_the_time_to_ask_next_does_not_run_ahead(town: Town) -> None:
    """`since` beyond the present is the present, and the answer's time never lies before `since` of the past."""
    ada = await town.log_in(town.ada)
    page = await synced(ada, since=2**53 - 1)
    assert page["time"] <= town.application.clock.now()


@pytest.mark.parametrize("wrong", [{"since": -1}, {"since": "0"}, {"since": 1.5}, {"limit": "9"}, {"since": 10**400}])
async def test_wrong_places_are_refused(town: Town, wrong: dict[str, Any]) -> None:
    """A time is a whole number, not negative."""
    ada = await town.log_in(town.ada)
    assert refused(4406) == refusal(await ada.request("sync", wrong))


@pytest.mark.parametrize("limit", [0, -1, 10**12])
async def test_limits_are_clamped(town: Town, limit: int) -> None:
    """A limit is never refused."""
    ada = await town.log_in(town.ada)
    assert [town.group] == [row["conv_id"] for row in (await synced(ada, limit=limit))["conversations"]]
