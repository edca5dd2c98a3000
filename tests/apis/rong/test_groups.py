"""Making, listing, looking at and dismissing groups."""

from pathlib import Path
from typing import Any

import pytest

from apis.rong.parts import (
    DONE,
    GROUP,
    NO_IMAGE,
    NO_TEXT,
    NOT_FOUND,
    NOT_PERMITTED,
    REQUIRED,
    answer,
    form,
    made,
    picture,
    shown,
    with_ben,
)
from cast import Rest, Town, running
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits


@pytest.mark.parametrize("path", [GROUP, GROUP.removesuffix("/")])
async def test_a_group_is_made_of_json(town: Town, path: str) -> None:
    """With nothing but a name: no code, no cover."""
    status, group = answer(await shown(town, town.ada).post(path, {"name": "周末爬山"}))
    assert (201, {"id": group["id"], "name": "周末爬山", "code": "", "cover": ""}) == (status, group)


async def test_a_group_is_made_of_a_form(town: Town) -> None:
    """As browsers send it, without a file."""
    status, group = answer(await shown(town, town.ada).post(GROUP, data={"name": "周末 爬山", "code": "00123456"}))
    assert (201, "周末 爬山", "00123456") == (status, group["name"], group["code"])


async def test_a_group_is_made_of_a_multipart_form_without_a_file(town: Town) -> None:
    """What browsers send where no file was chosen is no file."""
    ada = shown(town, town.ada)
    for body in (form(name="a"), form(b"", "", name="a"), form(name="a", cover="")):
        status, group = answer(await ada.post(GROUP, data=body))
        assert (201, "") == (status, group["cover"])


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.jpg"), ("WEBP", "封面"), ("GIF", "../a.php")])
async def test_a_cover_is_kept(town: Town, kind: str, name: str) -> None:
    """Whatever it is called, it is served as the picture it is."""
    _, group = answer(await shown(town, town.ada).post(GROUP, data=form(picture(kind), name, name="a")))
    served = await town.bare.get(group["cover"].removeprefix(town.base))
    assert (200, f"image/{kind.lower()}", picture(kind)) == (served.status, served.headers["Content-Type"], served.raw)


async def test_numbers_grow(town: Town) -> None:
    """Each group has the next number of its app, and a dismissed one's is not given again."""
    ada = shown(town, town.ada)
    first = (await made(ada))["id"]
    assert first + 1 == (await made(ada))["id"]
    await ada.get(f"{GROUP}{first + 1}/dismiss/")
    assert first + 2 == (await made(ada))["id"]


async def test_a_group_is_a_group_everywhere(town: Town) -> None:
    """What is made here is found through the platform dialect, and the other way round."""
    ada = shown(town, town.ada)
    await made(ada, name="zhang111")
    conv_id = await town.open(Kind.GROUP, "ada", "cy")
    _, mine = answer(await ada.get(GROUP))
    found = (await town.ada.rest.get("/im/conversations", {"where": [["conv_type", "=", 3]]})).data
    assert {town.group, conv_id} < {row["conv_id"] for row in found["data"]}
    assert 3 == mine["count"] == found["total"]


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "name", REQUIRED),
        ({"name": None}, "name", REQUIRED),
        ({"name": "  "}, "name", ["该字段不能为空。"]),
        ({"name": ["a"]}, "name", NO_TEXT),
        ({"name": True}, "name", NO_TEXT),
        ({"name": {"a": 1}}, "name", NO_TEXT),
        ({"name": "x" * 65}, "name", ["请确保这个字段不能超过 64 个字符。"]),
        ({"name": "a", "code": ["1234"]}, "code", NO_TEXT),
        ({"name": "a", "code": "123456789"}, "code", ["请确保这个字段不能超过 8 个字符。"]),
        ({"name": "a", "code": "123"}, "code", ["无效的输入。（a code has 4 to 8 digits）"]),
        ({"name": "a", "code": "١٢٣٤"}, "code", ["无效的输入。（a code has 4 to 8 digits）"]),
        ({"name": "a", "code": "12 34"}, "code", ["无效的输入。（a code has 4 to 8 digits）"]),
        ({"name": "a", "cover": "iVBORw0KGgo="}, "cover", ["提交的数据不是一个文件。请检查表单的编码类型。"]),
        ({"name": "a", "cover": {"a": 1}}, "cover", ["提交的数据不是一个文件。请检查表单的编码类型。"]),
    ],
)
async def test_fields_that_are_wrong(town: Town, body: Any, field: str, words: list[str]) -> None:
    """400 under the field; no group is made."""
    ada = shown(town, town.ada)
    assert (400, {field: words}) == answer(await ada.post(GROUP, body))
    assert 1 == (await ada.get(GROUP)).body["count"]


@pytest.mark.parametrize("body", [{"name": "  zhang111 "}, {"name": "zhang111", "more": 1}])
async def test_fields_that_are_right_enough(town: Town, body: Any) -> None:
    """Spaces around a text are taken away, unknown fields passed over."""
    assert "zhang111" == (await shown(town, town.ada).post(GROUP, body)).body["name"]


async def test_numbers_for_texts(town: Town) -> None:
    """A text may come as a number."""
    group = await made(shown(town, town.ada), name=769, code=1234)
    assert ("769", "1234") == (group["name"], group["code"])


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"hello", "a.png", NO_IMAGE),
        (b"%PDF-1.4\n%%EOF\n", "a.pdf", NO_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", NO_IMAGE),
        (b"\x89PNG\r\n\x1a\n", "a.png", NO_IMAGE),
        (picture()[:-20], "a.png", NO_IMAGE),
        (b"", "a.png", ["提交的是空文件。"]),
        (picture(), "", ["提交的数据不是一个文件。请检查表单的编码类型。"]),
    ],
)
async def test_a_cover_that_is_none(town: Town, content: bytes, name: str, words: list[str]) -> None:
    """400 on `cover`; no group is made and no file kept."""
    ada = shown(town, town.ada)
    assert (400, {"cover": words}) == answer(await ada.post(GROUP, data=form(content, name, name="a")))
    assert 1 == (await ada.get(GROUP)).body["count"]
    assert [] == uploads(town)


async def test_a_cover_of_a_group_that_is_none(town: Town) -> None:
    """A refusal leaves nothing behind: the cover goes, too."""
    ada = shown(town, town.ada)
    refused = await ada.post(GROUP, data=form(picture(), name="a", code="abcd"))
    assert (400, ["code"]) == (refused.status, [*refused.body])
    assert [] == uploads(town)


async def test_a_cover_that_is_too_large(tmp_path: Path) -> None:
    """413."""
    async with running(tmp_path, Limits(upload=1_000)) as town:
        reply = await shown(town, town.ada).post(GROUP, data=form(picture() + bytes(2_000), name="a"))
        assert (413, ["detail"]) == (reply.status, [*reply.body])


async def test_looking_at_a_group(town: Town) -> None:
    """Who is in it sees its code; a stranger, the server key and who shows nothing do not."""
    group = await made(shown(town, town.ada), code="1234")
    path = f"/api/im/retrieve/{group['id']}"
    assert (200, group) == answer(await shown(town, town.ada).get(path))
    nobody = town.bare.showing(app_id="hall")
    for other in (shown(town, town.cy), town.backend, nobody):
        for spelt in (path, f"{path}/"):
            assert (200, {**group, "code": ""}) == answer(await other.get(spelt))


@pytest.mark.parametrize("number", ["0", "999", "-1", "1e3", "١", "9" * 16, "9" * 400, "abc", "1.0", "%00"])
async def test_a_group_nobody_knows(town: Town, number: str) -> None:
    """404 for whatever is asked of it."""
    ada = shown(town, town.ada)
    assert (404, NOT_FOUND) == answer(await ada.get(f"/api/im/retrieve/{number}/"))
    for verb, body in (("join", {"userid": 1}), ("invite", {"code": "1234"}), ("quit", None), ("dismiss", None)):
        assert (404, NOT_FOUND) == answer(await ada.post(f"{GROUP}{number}/{verb}/", body)), verb
    assert (404, NOT_FOUND) == answer(await ada.get(f"{GROUP}{number}/users/"))


async def test_another_app_s_group(town: Town) -> None:
    """Does not exist, even where the number is the same."""
    group = await made(shown(town, town.dora))
    for _ in range(group["id"]):
        last = await made(shown(town, town.ada))
    assert (404, NOT_FOUND) == answer(await shown(town, town.dora).get(f"/api/im/retrieve/{last['id'] + 1}/"))
    assert (404, NOT_FOUND) == answer(await shown(town, town.dora).get(f"{GROUP}{last['id'] + 1}/users/"))
    assert (404, NOT_FOUND) == answer(await shown(town, town.dora).post(f"{GROUP}{last['id'] + 1}/dismiss/"))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_owner_dismisses(town: Town, method: str, slash: str) -> None:
    """By either method; the members' sockets hear of it."""
    address = await with_ben(town)
    async with await town.log_in(town.ben) as socket:
        assert (200, DONE) == answer(await shown(town, town.ada).call(method, f"{address}dismiss{slash}"))
        await socket.next("conv.deleted")
    assert (404, NOT_FOUND) == answer(await shown(town, town.ada).call(method, f"{address}dismiss{slash}"))


async def test_only_the_owner_dismisses(town: Town) -> None:
    """403 to a member and to a stranger; the group stays."""
    address = await with_ben(town)
    for other in (town.ben, town.cy):
        assert (403, NOT_PERMITTED) == answer(await shown(town, other).get(f"{address}dismiss/"))
    assert 200 == (await shown(town, town.ben).get(f"{address}users/")).status


@pytest.mark.parametrize("verb", ["quit", "dismiss"])
async def test_asking_about_an_address_changes_nothing(town: Town, verb: str) -> None:
    """HEAD and OPTIONS neither quit nor dismiss."""
    address = await with_ben(town)
    ada: Rest = shown(town, town.ada)
    assert 405 == (await ada.call("HEAD", f"{address}{verb}/")).status
    assert 204 == (await ada.call("OPTIONS", f"{address}{verb}/")).status
    assert 2 == (await ada.get(f"{address}users/")).body["count"]


def uploads(town: Town) -> list[str]:
    """The files that were kept."""
    return [file.name for file in (town.application.config.files_path / "uploads").glob("*")]
