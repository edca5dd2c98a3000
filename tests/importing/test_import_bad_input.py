"""`parlance import leancloud` of what is not as it should be: told where it stands, and nothing half brought in."""

import gzip
import json
from pathlib import Path

import pytest

from core.world import World
from importing.brought import AT, FIRST, brought, complaints, found, said, write
from importing.bson_writing import bson
from importing.leancloud import conversation, message


async def test_bad_rows_are_said_where_they_stand_and_stop_nothing(world: World, folder: Path) -> None:
    """By file and line, with the reason."""
    write(
        folder / "classes" / "_Conversation.jsonl",
        conversation(1, m=["client-0", "two words", 7, None]),
        "{half a line",
        {"name": "no id"},
        conversation(2) | {"createdAt": "yesterday"},
        conversation(3),
    )
    write(
        folder / "messages" / "1.jsonl",
        message(FIRST, 1, AT),
        "[1, 2]",
        message(FIRST, 2, AT) | {"from": "two words"},
        message(FIRST, 3, AT, "x" * 70_000),
        message(FIRST, 4, AT, "no base64!", binary=True),
        message("nowhere", 5, AT),
        message(FIRST, 6, 1 << 50),
        message(FIRST, 7, AT) | {"data": None},
        message(FIRST, 1, AT),
        message(FIRST, 8, AT),
    )
    result = await brought(world, folder)
    assert (2, 2, 1) == (result.conversations.added, result.messages.added, result.messages.known)
    places = {(each.file, each.line) for each in result.complaints}
    assert {("classes/_Conversation.jsonl", line) for line in (1, 2, 3, 4)} < places
    assert {("messages/1.jsonl", line) for line in range(2, 9)} < places
    assert 11 == len(places)
    reasons = {each.line: each.reason for each in result.complaints if each.file.startswith("messages")}
    assert "there is no conversation nowhere" == reasons[6]
    assert "its bytes are no base64" == reasons[5]
    assert ["client-0", "7"] == list(await world.store.read.members.of((await found(world, FIRST)).id))


async def test_archives_that_end_early_give_what_is_whole(world: World, folder: Path) -> None:
    """And say that something is missing."""
    lines = "".join(json.dumps(conversation(n)) + "\n" for n in range(200))
    packed = gzip.compress(lines.encode())
    (folder / "classes" / "_Conversation.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    result = await brought(world, folder)
    assert 0 < result.conversations.added < 200
    assert "the file cannot be read on" in result.complaints[-1].reason


async def test_a_bson_with_unknown_types_loses_only_those_documents(world: World, folder: Path) -> None:
    """Each is named by its place; one that ends early ends the file."""
    path = folder / "classes" / "_Conversation.bson"
    unknown = bson(conversation(2) | {"odd": 1}).replace(b"\x12odd", b"\x13odd")
    path.write_bytes(bson(conversation(1)) + unknown + bson(conversation(3)) + bson(conversation(4))[:-20])
    result = await brought(world, folder)
    assert 2 == result.conversations.added
    assert [(2, "a value of an unknown type, 0x13"), (4, "it ends within a document")] == [
        (each.line, each.reason) for each in result.complaints
    ]


async def test_pages_of_html_are_no_data(world: World, folder: Path) -> None:
    """One complaint for a page, however long; in the midst of a file, one for each line."""
    html = "\n<!DOCTYPE html>\n<html>\n<body>502</body>\n</html>\n"
    (folder / "classes" / "_Conversation.jsonl").write_text(html)
    (folder / "classes" / "_User.json").write_text("\ufeff" + html)
    write(folder / "messages" / "1.jsonl", message(FIRST, 1, AT), "<html>", message(FIRST, 2, AT))
    found_bad = await complaints(world, folder)
    page = "a page of HTML or XML, and no data"
    assert [page] * 2 == [found_bad["classes/_Conversation.jsonl", 1], found_bad["classes/_User.json", 1]]
    assert found_bad["messages/1.jsonl", 2].startswith("no row of history")
    assert 5 == len(found_bad)


async def test_bytes_that_are_no_utf8(world: World, folder: Path) -> None:
    """And halves of letters, which no store could keep, keep out only themselves."""
    row = json.dumps(message(FIRST, 1, AT, "ab")).encode()
    half = json.dumps(message(FIRST, 2, AT, "\ud800")).encode()
    good = json.dumps(message(FIRST, 3, AT, "好"), ensure_ascii=False).encode()
    write(folder / "classes" / "_Conversation.jsonl", conversation(1))
    (folder / "messages" / "1.jsonl").write_bytes(row.replace(b'"ab"', b'"\xff\xfe"') + b"\n" + half + b"\n" + good)
    assert {("messages/1.jsonl", 1), ("messages/1.jsonl", 2)} == set(await complaints(world, folder))
    assert ["好"] == [each[3] for each in await said(world, FIRST)]


async def test_lines_of_five_megabytes(world: World, folder: Path) -> None:
    """Are read, and judged like every other."""
    write(folder / "classes" / "_Conversation.jsonl", conversation(1))
    write(
        folder / "messages" / "1.jsonl",
        message(FIRST, 1, AT, "长" * 1_700_000),
        message(FIRST, 2, AT + 1) | {"odd": "x" * 5_000_000},
    )
    assert {("messages/1.jsonl", 1): "text: a message has at most 65536 bytes"} == {
        place: reason.replace("raw:", "text:") for place, reason in (await complaints(world, folder)).items()
    }
    assert 1 == len(await said(world, FIRST))


async def test_ids_that_stand_twice(world: World, folder: Path) -> None:
    """The same row again is known; another under the same id is told of, and changes nothing, however often."""
    classes = folder / "classes"
    write(classes / "_Conversation.jsonl", conversation(1), conversation(2), conversation(2), conversation(1, name="x"))
    write(classes / "_User.jsonl", {"objectId": "tom"}, {"objectId": "tom", "nickname": "Tommy"})
    write(
        folder / "messages" / "1.jsonl",
        message(FIRST, 1, AT),
        message(FIRST, 2, AT + 1),
        message(FIRST, 2, AT + 1),
        message(FIRST, 1, AT + 2, "something else"),
    )
    for _ in range(2):
        assert {
            ("classes/_Conversation.jsonl", 4): "another row has its id, line 1",
            ("classes/_User.jsonl", 2): "another row has its id, line 1",
            ("messages/1.jsonl", 4): "another message has its id, messages/1.jsonl:1",
        } == await complaints(world, folder)
    assert 2 == len(await said(world, FIRST))
    assert "conversation 1" == (await found(world, FIRST)).name


@pytest.mark.parametrize("at_hand", [100_000, 2])
async def test_clocks_that_ran_backwards(
    world: World, folder: Path, at_hand: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages stand in the order of their times, those of one millisecond as they lie, whichever file they are in."""
    monkeypatch.setattr("parlance.importer.leancloud.ordering.AT_HAND", at_hand)
    write(folder / "classes" / "_Conversation.jsonl", conversation(1), conversation(2))
    other = conversation(2)["objectId"]
    write(folder / "messages" / "10.jsonl", message(FIRST, 5, AT + 50), message(FIRST, 3, AT + 30))
    write(folder / "messages" / "2.jsonl", *(message(FIRST, n, AT + 10 * (n // 2)) for n in (4, 3, 2, 1, 0)))
    write(folder / "messages" / "3.jsonl", *(message(other, n, AT - n) for n in range(5)), message(FIRST, 4, AT + 20))
    result = await brought(world, folder)
    assert (11, 2, []) == (result.messages.added, result.messages.known, result.complaints)
    assert [1, 0, 2, 4, 3, 5] == [int(each[0][6:16]) for each in await said(world, FIRST)]
    assert [4, 3, 2, 1, 0] == [int(each[0][6:16]) for each in await said(world, other)]


async def test_more_members_than_a_conversation_takes(world: World, folder: Path) -> None:
    """Above what the app allows all come; above what anything here takes, nobody, and nothing of it."""
    many, too_many = ([f"client-{n}" for n in range(count)] for count in (1_200, 10_001))
    write(folder / "classes" / "_Conversation.jsonl", conversation(1, m=many), conversation(2, m=too_many))
    write(folder / "messages" / "1.jsonl", message(conversation(2)["objectId"], 1, AT))
    assert {
        ("classes/_Conversation.jsonl", 2): "10001 members; a conversation takes 10000 at most",
        ("messages/1.jsonl", 1): f"there is no conversation {conversation(2)['objectId']}",
    } == await complaints(world, folder)
    here = await found(world, FIRST)
    assert (1_200, 1_200) == (here.capacity, len(await world.store.read.members.of(here.id)))


async def test_an_empty_folder_is_named(world: World, folder: Path) -> None:
    """Nothing comes of it, and that is said."""
    assert {(".", 0): "nothing lies here that could be brought in"} == await complaints(world, folder)
