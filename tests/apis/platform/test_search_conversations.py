"""Finding conversations: GET /im/conversations, and POST that queries."""

import json
from typing import Any

import pytest

from cast import Town
from parlance.core.model.conversation import Kind

PATH = "/im/conversations"
LONGEST_QUERY = 2_000
"""Characters that any HTTP server takes in an address."""


async def ids(town: Town, *where: Any, **more: Any) -> list[str]:
    """The conversations for which all of `where` holds, as the backend finds them."""
    page = (await town.backend.get(PATH, {"where": [*where], **more})).data
    return [row["conv_id"] for row in page["data"]]


async def test_by_query_string_and_by_body(town: Town) -> None:
    """GET with a query string, GET with a JSON body, POST with a query string, POST with a body: all the same."""
    where = [["conv_id", "=", town.group]]
    text = {"where": json.dumps(where), "page": "1", "size": "5"}
    answers = [
        await town.backend.call("GET", PATH, params=text),
        await town.backend.call("POST", PATH, params=text),
        await town.backend.get(PATH, {"where": where, "page": 1, "size": 5}),
        await town.backend.get(PATH, {"where": json.dumps(where), "page": 1, "size": 5}),
        await town.backend.post(PATH, {"where": where, "page": 1, "size": 5}),
        await town.backend.get(f"{PATH}?size=5", {"where": where}),
    ]
    assert 1 == len({json.dumps(answer.data) for answer in answers})
    page = answers[0].data
    assert ["current_page", "data", "last_page", "per_page", "total"] == [*page]
    assert (1, 1, "5", 1) == (page["current_page"], page["last_page"], page["per_page"], page["total"])
    assert [town.group] == [row["conv_id"] for row in page["data"]]


async def test_the_rows(town: Town) -> None:
    """Exactly the documented names."""
    (row,) = (await town.backend.get(PATH, {"where": [["conv_id", "=", town.group]]})).data["data"]
    names = ["conv_id", "conv_type", "client_num", "app_id", "conv_extend", "conv_creater_id", "ctime", "mtime"]
    assert names == [*row]
    assert (3, 2, "hall", None, "ada", None) == (
        row["conv_type"],
        row["client_num"],
        row["app_id"],
        row["conv_extend"],
        row["conv_creater_id"],
        row["mtime"],
    )


async def test_newest_first(town: Town) -> None:
    """And in pages, 20 to a page unless asked otherwise."""
    made = [town.group, *[await town.open(Kind.GROUP, "ada") for _ in range(4)]]
    assert made[::-1] == await ids(town)
    assert made[::-1][2:4] == await ids(town, page=2, size=2)
    assert [] == await ids(town, page=9, size=2)
    page = (await town.backend.get(PATH, {"where": []})).data
    assert ("20", 1, 5) == (page["per_page"], page["last_page"], page["total"])


async def test_nothing_is_found(town: Town) -> None:
    """An empty list is no error, and its last page is 1."""
    page = (await town.backend.get(PATH, {"where": [["conv_id", "=", "nothing"]]})).data
    assert {"current_page": 1, "data": [], "last_page": 1, "per_page": "20", "total": 0} == page


async def test_every_field_and_op(town: Town) -> None:
    """The fields and ops of the contract, each against what it must and must not find."""
    group = town.group
    direct = await town.open(Kind.DIRECT, "ben", "cy")
    assert [direct] == await ids(town, ["conv_type", "=", 1])
    assert [direct] == await ids(town, ["conv_type", "=", "1"])
    assert [group] == await ids(town, ["conv_type", "!=", 1])
    assert [group] == await ids(town, ["conv_type", ">", 1])
    assert [direct, group] == await ids(town, ["conv_type", ">=", 1])
    assert [direct] == await ids(town, ["conv_type", "<", 3])
    assert [direct, group] == await ids(town, ["conv_type", "<=", 3])
    assert [direct, group] == await ids(town, ["conv_type", "in", [1, 3]])
    assert [direct] == await ids(town, ["conv_creater_id", "=", "ben"])
    assert [group] == await ids(town, ["conv_creater_id", "like", "AD%"])
    assert [group] == await ids(town, ["conv_creater_id", "like", "a_a"])
    assert [] == await ids(town, ["conv_creater_id", "like", "a"])
    assert [direct, group] == await ids(town, ["client_id", "=", "ben"])
    assert [direct] == await ids(town, ["user_id", "=", "cy"])
    assert [direct] == await ids(town, ["client_id", "in", ["cy", "zoe"]])
    assert [group] == await ids(town, ["conv_id", "in", [group, "other"]])
    assert [direct, group] == await ids(town, ["ctime", ">", 0], ["ctime", "<", 10**15])
    assert [] == await ids(town, ["mtime", ">", 0])


async def test_all_conditions_hold(town: Town) -> None:
    """Not one of them."""
    assert [] == await ids(town, ["conv_id", "=", town.group], ["conv_type", "=", 1])
    assert [town.group] == await ids(town, ["conv_id", "=", town.group], ["conv_type", "=", 3])


async def test_times_written_out(town: Town) -> None:
    """`ctime` may be compared with what the answer shows: a whole second, UTC."""
    (row,) = (await town.backend.get(PATH, {"where": []})).data["data"]
    shown = row["ctime"]
    for op, matches in (("=", True), (">=", True), ("<=", True), (">", False), ("<", False)):
        assert ([town.group] if matches else []) == await ids(town, ["ctime", op, shown])
    assert [town.group] == await ids(town, ["ctime", ">", "2020-08-21 07:16:37"])
    assert [] == await ids(town, ["ctime", "<=", "2020-08-21 07:16:37"])


async def test_a_change_moves_mtime(town: Town) -> None:
    """And it is shown in the same way."""
    where = [["conv_id", "=", town.group]]
    await town.backend.put(PATH, {"where": where, "update": {"conv_extend": {"a": 1}}})
    (row,) = (await town.backend.get(PATH, {"where": where})).data["data"]
    assert {"a": 1} == row["conv_extend"]
    assert row["mtime"] >= row["ctime"]
    assert [town.group] == await ids(town, ["mtime", "=", row["mtime"]])


async def test_a_client_finds_its_own(town: Town) -> None:
    """Only what it is in, whatever it asks for."""
    await town.open(Kind.DIRECT, "ben", "cy")
    page = (await town.ada.rest.get(PATH, {"where": [["ctime", ">", 0]]})).data
    assert [town.group] == [row["conv_id"] for row in page["data"]]
    assert 0 == (await town.cy.rest.get(PATH, {"where": [["conv_id", "=", town.group]]})).data["total"]


async def test_another_app_finds_nothing(town: Town) -> None:
    """By no id and by no member."""
    for where in ([["conv_id", "=", town.group]], [["client_id", "=", "ada"]], []):
        assert 0 == (await town.stranger.get(PATH, {"where": where})).data["total"]


async def test_no_where(town: Town) -> None:
    """4001 naming it."""
    for reply in (
        await town.backend.get(PATH),
        await town.backend.get(f"{PATH}?page=1"),
        await town.backend.get(f"{PATH}?where="),
        await town.backend.get(PATH, {"where": None}),
    ):
        assert (200, 4001) == reply.refusal
        assert "where" in reply.body["message"]


@pytest.mark.parametrize(
    "where",
    [
        "conv_id",
        7,
        {},
        ["conv_id", "=", "x"],
        [[]],
        [["conv_id", "="]],
        [["conv_id", "=", "x", "y"]],
        [["name", "=", "x"]],
        [[["conv_id"], "=", "x"]],
        [["conv_id", "~", "x"]],
        [["conv_id", ["="], "x"]],
        [["conv_id", "=", None]],
        [["conv_id", "=", True]],
        [["conv_id", "=", ["x"]]],
        [["conv_id", "=", "x" * 257]],
        [["conv_id", "in", "x"]],
        [["conv_id", "in", []]],
        [["conv_id", "in", [["x"]]]],
        [["conv_id", "in", ["x"] * 1001]],
        [["conv_type", "=", "group"]],
        [["conv_type", "=", 1.5]],
        [["conv_type", "like", "1"]],
        [["conv_type", "=", 10**30]],
        [["ctime", "=", "yesterday"]],
        [["ctime", ">", "2020-13-45 99:99:99"]],
        [["ctime", "!=", "2020-08-21 07:16:37"]],
        [["ctime", "in", ["2020-08-21 07:16:37"]]],
        [["client_id", "=", "a b"]],
        [["conv_id", "=", "x"]] * 33,
        "[[",
    ],
)
async def test_a_where_that_cannot_be(town: Town, where: Any) -> None:
    """4406 naming it, in a body and in a query string."""
    text = where if isinstance(where, str) else json.dumps(where)
    replies = [await town.backend.get(PATH, {"where": where})]
    if len(text) < LONGEST_QUERY:
        replies.append(await town.backend.post(PATH, params={"where": text}))
    for reply in replies:
        assert (200, 4406) == reply.refusal
        assert "where" in reply.body["message"]


async def test_like_is_no_regular_expression(town: Town) -> None:
    """What a pattern costs is bounded: many wildcards are answered at once."""
    assert [] == await ids(town, ["conv_id", "like", "%a" * 128])
