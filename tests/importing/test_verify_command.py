"""`parlance import verify leancloud`, as an operator types it, and what it leaves to be signed."""

import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from importing.commands import Ended, run
from importing.leancloud import APP_ID, MASTER_KEY, LeanCloud, conversation, message, page
from importing.verified import ADDRESS, AT, PNG, QUIET, TALK, a_small_app, tamper


@pytest.fixture
def data(tmp_path: Path) -> str:
    """Where the installation lies."""
    return str(tmp_path / "data")


async def moved_in(cloud: LeanCloud, folder: Path, data: str, *options: str) -> None:
    """Export, and import into the app `shop`, which is made."""
    assert 0 == (await run("export", "leancloud", str(folder), *options, **source(cloud))).code
    assert 0 == (await run("app", "create", "--id", "shop", "--policy", "key", "--data", data)).code
    words = (
        "import",
        "leancloud",
        str(folder),
        "--id",
        "shop",
        "--data",
        data,
        "--public-url",
        "https://im.example.com",
    )
    assert 0 == (await run(*words)).code


async def verified(folder: Path, data: str, *options: str, **variables: str) -> Ended:
    """What verification says."""
    return await run(
        "import", "verify", "leancloud", str(folder), "--id", "shop", "--data", data, *options, **variables
    )


def source(cloud: LeanCloud, key: str = MASTER_KEY) -> dict[str, str]:
    """What `--live` is told by variables."""
    return {"LEANCLOUD_SERVER": cloud.url, "LEANCLOUD_APP_ID": APP_ID, "LEANCLOUD_MASTER_KEY": key}


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def report(folder: Path) -> dict[str, Any]:
    """The JSON."""
    found: dict[str, Any] = json.loads((folder / "verify-report.json").read_text(encoding="utf-8"))
    return found


async def test_with_the_folder_and_with_leancloud_itself(tmp_path: Path, data: str) -> None:
    """Safe; then a message is sent there: the folder does not know of it, LeanCloud does, and says export again."""
    folder = tmp_path / "saved"
    cloud = a_small_app()
    cloud.files["cat.png"] = PNG
    async with cloud.serving():
        picture = {"_lctype": -2, "_lcfile": {"url": f"{cloud.url}{ADDRESS}", "metaData": {"width": 1}}}
        cloud.messages[TALK].append(message(TALK, 40, AT + 40_000, json.dumps(picture)))
        await moved_in(cloud, folder, data, "--files")
        calm = await verified(folder, data)
        live = await verified(folder, data, "--live", **source(cloud))
        cloud.messages[QUIET] = [message(QUIET, 1, AT + 50_000)]
        by_folder = await verified(folder, data)
        by_cloud = await verified(folder, data, "--live", "--out", str(tmp_path / "out"), **source(cloud))
    assert [0, 0, 0, 1] == [each.code for each in (calm, live, by_folder, by_cloud)], by_cloud.err
    assert "Safe to switch" in calm.out
    assert ("Not safe to switch" in by_cloud.out, "Export again" in by_cloud.out) == (True, True)
    assert "Messages that are newer than the last import: 1" in by_cloud.out
    here, there = report(folder), report(tmp_path / "out")
    assert ("safe", "folder", [], "abcdefghijklmnop-gzGzoHsz") == (
        here["verdict"],
        here["compared_with"],
        here["next"],
        here["origin"]["app_id"],
    )
    assert ("not_safe", "leancloud", ["export_again", "import_again", "verify_again"]) == (
        there["verdict"],
        there["compared_with"],
        there["next"],
    )
    [newer] = [each for each in there["differences"] if each["what"] == "message_newer"]
    assert (QUIET, "2020-09-13T12:27:30.000Z") == (newer["where"], newer["there"])
    [files] = [line for line in here["lines"] if line["topic"] == "files"]
    assert (1, 1, True) == (files["there"], files["here"], files["fine"])
    assert ["data", "out", "saved"] == names_in(tmp_path)


async def test_an_old_message_that_was_edited_there(tmp_path: Path, data: str) -> None:
    """LeanCloud tells; an export that looks far enough back fetches it, and an import brings it."""
    folder, cloud, day = tmp_path / "saved", a_small_app(), 86_400_000
    cloud.messages[TALK].append(message(TALK, 60, AT + 60 * day))
    again = ("import", "leancloud", str(folder), "--id", "shop", "--data", data)
    async with cloud.serving():
        await moved_in(cloud, folder, data)
        cloud.messages[TALK][3]["data"] = '{"_lctype":-127}'
        codes = []
        for more in ((), ("--reread-days", "200")):
            assert 0 == (await run("export", "leancloud", str(folder), *more, **source(cloud))).code
            assert 0 == (await run(*again)).code
            codes.append((await verified(folder, data, "--live", **source(cloud))).code)
    assert [1, 0] == codes


async def test_a_file_that_cannot_be_read_here(tmp_path: Path, data: str) -> None:
    """It was brought along, and its bytes are gone, or are others: each is said."""
    folder, cloud = tmp_path / "saved", a_small_app()
    cloud.files = {"cat.png": PNG, "dog.png": PNG + b"dog"}
    async with cloud.serving():
        for number, name in enumerate(cloud.files, 40):
            picture = json.dumps({"_lctype": -2, "_lcfile": {"url": f"{cloud.url}/files/{name}"}})
            cloud.messages[TALK].append(message(TALK, number, AT + 1_000 * number, picture))
        await moved_in(cloud, folder, data, "--files")
    [cat, dog] = sorted((tmp_path / "data" / "files").rglob("*.png"), key=lambda path: path.stat().st_size)
    cat.unlink()
    dog.write_bytes(PNG + b"god")
    done = await verified(folder, data)
    assert (1, True) == (done.code, "Files that cannot be read here, or are not the same: 2" in done.out)


async def test_what_cannot_be_looked_at_has_no_verdict(tmp_path: Path, data: str) -> None:
    """A wrong key, an app or a folder that is not there, LeanCloud answering HTML: 2, and no report."""
    folder = tmp_path / "saved"
    async with a_small_app().serving() as cloud:
        await moved_in(cloud, folder, data)
        wrong_key = await verified(folder, data, "--live", **source(cloud, key="not-the-key"))
        no_key = await verified(folder, data, "--live")

        async def closed(_: web.Request) -> web.StreamResponse:
            return page("Maintenance", 503)

        cloud.mood = closed
        no_data = await verified(folder, data, "--live", "--tries", "1", **source(cloud))

        async def partly(request: web.Request) -> web.StreamResponse | None:
            return page("Bad Gateway", 502) if f"{TALK}/messages" in request.path else None

        cloud.mood = partly
        not_all = await verified(folder, data, "--live", "--tries", "1", **source(cloud))
    no_app = await run("import", "verify", "leancloud", str(folder), "--id", "other", "--data", data)
    no_folder = await verified(tmp_path / "nowhere", data)
    (folder / "manifest.json").write_text("{half a mani")
    no_manifest = await verified(folder, data)
    every = (wrong_key, no_key, no_data, not_all, no_app, no_folder, no_manifest)
    assert [2] * 7 == [each.code for each in every]
    words = (
        "Unauthorized",
        "--live needs",
        "503 (Maintenance)",
        "502 (Bad Gateway)",
        "no app",
        "does not exist",
        "cannot be read",
    )
    assert [True] * 7 == [word in each.err for word, each in zip(words, every, strict=True)]
    assert not list(folder.glob("verify-report.*"))
    assert ["data", "saved"] == names_in(tmp_path)


class Page(HTMLParser):
    """What a browser would fetch for a page, and what it says in each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.says = {"en": "", "zh-CN": ""}
        self._within: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that fetches, or one that says in which language."""
        given = dict(attrs)
        self.fetched += [f"{tag} {name}" for name in ("src", "href", "action", "data") if name in given]
        if tag == "span":
            self._within.append(given.get("lang") or "")

    def handle_endtag(self, tag: str) -> None:
        """The end of a language."""
        if tag == "span":
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Words."""
        for language in self.says:
            if self._within and self._within[-1] == language:
                self.says[language] += data


async def test_the_page_can_be_read_printed_and_signed(tmp_path: Path, data: str) -> None:
    """It fetches nothing, says everything twice, shows names as they are, and names the JSON it stands for."""
    folder, cloud = tmp_path / "saved", a_small_app()
    cloud.classes["_Conversation"][1]["name"] = "<script>alert(1)</script>"
    async with cloud.serving():
        await moved_in(cloud, folder, data)
    await tamper(tmp_path / "data", "UPDATE conversations SET name = '<b>' WHERE conv_id = $1", QUIET)
    assert 1 == (await verified(folder, data)).code
    text = (folder / "verify-report.html").read_text(encoding="utf-8")
    shown = Page(text)
    assert [] == shown.fetched
    assert "<script" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert html.escape("<script>alert(1)</script>") in text
    assert hashlib.sha256((folder / "verify-report.json").read_bytes()).hexdigest() in text
    for word in ("Not safe to switch", "Conversations", "Signature", "Names, attributes or columns that differ"):
        assert word in shown.says["en"]
    for word in ("暂不可切换", "对话", "签字", "名称、属性或字段不一致"):
        assert word in shown.says["zh-CN"]
    assert [] == re.findall(r"[一-鿿]", shown.says["en"])
    assert "@media print" in text


async def test_the_json_has_the_shape_that_is_written_down(tmp_path: Path, data: str) -> None:
    """With a line for each topic, and each conversation."""
    folder, cloud = tmp_path / "saved", a_small_app()
    async with cloud.serving():
        await moved_in(cloud, folder, data)
    await tamper(
        tmp_path / "data", "UPDATE messages SET text = 'no' WHERE foreign_id = $1", message(TALK, 4, 0)["msg-id"]
    )
    assert 1 == (await verified(folder, data, "--sample", "5", "--seed", "mine", "--after-switch")).code
    found = report(folder)
    written = (Path(__file__).parents[2] / "docs" / "leancloud.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```json\n(.*?)```", written, re.DOTALL)
    assert _shape(json.loads(example)) == _shape(found)
    assert ({"seed": "mine", "most": 5}, True) == (found["sampling"], found["after_switch"])
    assert {conversation(number)["objectId"] for number in (1, 2, 3, 4)} == {
        each["conversation"] for each in found["conversations"]
    }


def _shape(value: Any) -> Any:
    """Names and kinds: of a list those of its first item."""
    if isinstance(value, dict):
        free = {"counts", "reasons"}
        return {name: None if name in free else _shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shape(value[0])] if value and isinstance(value[0], dict) else []
    return type(value).__name__
