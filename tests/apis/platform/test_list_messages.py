"""Reading what was said: GET /im/conversations/{conv_id}/message."""

import pytest

from cast import Town

NAMES = [
    "msg_id",
    "conv_id",
    "type",
    "text",
    "attr",
    "url",
    "ctime",
    "msg_status",
    "no_sync",
    "mention_all",
    "mention_client_ids",
    "transient",
    "mtime",
    "client_id",
]


def address(town: Town) -> str:
    """Where the group's messages are."""
    return f"/im/conversations/{town.group}/message"


async def test_the_rows(town: Town) -> None:
    """Exactly the documented names; what was not said is null, or "null" where JSON stands in a string."""
    msg_id = await town.say("hello")
    page = (await town.backend.get(address(town))).data
    assert ["current_page", "data", "last_page", "per_page", "total"] == [*page]
    (row,) = page["data"]
    assert NAMES == [*row]
    assert {
        "msg_id": msg_id,
        "conv_id": town.group,
        "type": -1,
        "text": "hello",
        "attr": None,
        "url": "null",
        "ctime": row["ctime"],
        "msg_status": 1,
        "no_sync": 0,
        "mention_all": 0,
        "mention_client_ids": "null",
        "transient": 0,
        "mtime": None,
        "client_id": "ada",
    } == row


async def test_newest_first_in_pages(town: Town) -> None:
    """10 to a page unless asked otherwise; `per_page` is a number here; by query string or by body."""
    for number in range(12):
        await town.say(f"m{number}")
    page = (await town.backend.get(address(town))).data
    assert [f"m{number}" for number in range(11, 1, -1)] == [row["text"] for row in page.pop("data")]
    assert {"current_page": 1, "last_page": 2, "per_page": 10, "total": 12} == page
    by_query = (await town.backend.get(f"{address(town)}?page=3&size=5")).data
    by_body = (await town.backend.get(address(town), {"page": 3, "size": 5})).data
    by_both = (await town.backend.get(f"{address(town)}?page=3", {"size": 5})).data
    assert ["m1", "m0"] == [row["text"] for row in by_query["data"]]
    assert by_query == by_body == by_both


async def test_past_the_end_and_empty(town: Town) -> None:
    """No error: an empty list, whose last page is 1 if there is nothing at all."""
    assert {"current_page": 1, "data": [], "last_page": 1, "per_page": 10, "total": 0} == (
        await town.backend.get(address(town))
    ).data
    await town.say("hello")
    page = (await town.backend.get(f"{address(town)}?page=1000000000000000000")).data
    assert ([], 1, 1) == (page["data"], page["last_page"], page["total"])


@pytest.mark.parametrize(("size", "given"), [(0, 1), (-3, 1), (101, 100), (10**18, 100)])
async def test_sizes_are_clamped(town: Town, size: int, given: int) -> None:
    """1 to 100."""
    assert given == (await town.backend.get(address(town), {"size": size})).data["per_page"]


@pytest.mark.parametrize(
    "body", [{"page": 0}, {"page": -1}, {"page": "1"}, {"page": 1.5}, {"size": "x"}, {"page": [1]}]
)
async def test_a_page_that_cannot_be(town: Town, body: dict[str, object]) -> None:
    """4406 naming the field."""
    reply = await town.backend.get(address(town), body)
    assert (200, 4406) == reply.refusal
    assert next(iter(body)) in reply.body["message"]


async def test_a_page_asked_for_twice(town: Town) -> None:
    """A name sent twice is refused, for nobody could tell which is meant."""
    reply = await town.backend.get(f"{address(town)}?page=1&page=2")
    assert (200, 4406) == reply.refusal
    assert "page" in reply.body["message"]


async def test_a_recalled_message_stays(town: Town) -> None:
    """With `msg_status` 3, without content, and with the time of its recall."""
    socket = await town.log_in(town.ada)
    said = {
        "from_client": "ada",
        "type": -1,
        "text": "oops",
        "attr": {"a": 1},
        "url": "u",
        "mention_client_ids": ["ben"],
    }
    msg_id = (await town.backend.post(address(town), said)).data["msg_id"]
    await socket.request("msg.recall", {"conv_id": town.group, "msg_id": msg_id})
    (row,) = (await town.backend.get(address(town))).data["data"]
    assert (msg_id, 3, None, "null") == (row["msg_id"], row["msg_status"], row["attr"], row["url"])
    assert not row["text"]
    assert row["mtime"] >= row["ctime"]


async def test_an_edited_message(town: Town) -> None:
    """Says what it says now, and when that was."""
    socket = await town.log_in(town.ada)
    msg_id = await town.say("helo")
    await socket.request("msg.edit", {"conv_id": town.group, "msg_id": msg_id, "text": "hello"})
    (row,) = (await town.backend.get(address(town))).data["data"]
    assert ("hello", 1) == (row["text"], row["msg_status"])
    assert row["mtime"] >= row["ctime"]


async def test_who_may_read(town: Town) -> None:
    """The backend and members; a stranger gets 4013, another app 4011."""
    await town.say("hello")
    assert 1 == (await town.ben.rest.get(address(town))).data["total"]
    assert (200, 4013) == (await town.cy.rest.get(address(town))).refusal
    assert (200, 4011) == (await town.dora.rest.get(address(town))).refusal
    assert (200, 4011) == (await town.stranger.get(address(town))).refusal
