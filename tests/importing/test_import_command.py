"""`parlance import leancloud`, as an operator types it, after `parlance export leancloud`."""

import json
from pathlib import Path

from importing.commands import run
from importing.exporting import exported, rows
from importing.leancloud import LeanCloud, an_app


async def test_what_was_exported_is_brought_in(tmp_path: Path) -> None:
    """All of it, and a second time nothing; the database agrees with itself."""
    folder, data = str(tmp_path / "saved"), str(tmp_path / "data")
    async with an_app(conversations=3, messages=20).serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
    assert 0 == (await run("app", "create", "--id", "shop", "--policy", "key", "--data", data)).code
    words = ("import", "leancloud", folder, "--id", "shop", "--data", data)
    first, second = await run(*words), await run(*words)
    assert [0, 0] == [first.code, second.code]
    counted = [[line.split()[:2] for line in each.out.splitlines()] for each in (first, second)]
    assert [["people", "2,500"], ["files", "0"], ["conversations", "6"], ["messages", "82"]] == counted[0]
    assert [["people", "0"], ["files", "0"], ["conversations", "0"], ["messages", "0"]] == counted[1]
    assert [] == rows(tmp_path / "saved" / "import-report.jsonl")
    assert "everything agrees" in (await run("verify", "--data", data)).out


async def test_what_is_refused_is_reported(tmp_path: Path) -> None:
    """On the screen and in a file, by file and line; the exit code says so."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "1.jsonl").write_text("{half a line\n")
    data, report = str(tmp_path / "data"), tmp_path / "report.jsonl"
    assert 0 == (await run("app", "create", "--id", "shop", "--data", data)).code
    done = await run("import", "leancloud", str(tmp_path), "--id", "shop", "--data", data, "--report", str(report))
    assert (1, True) == (done.code, "messages/1.jsonl:1: no row of history" in done.err)
    [complaint] = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert ("messages/1.jsonl", 1) == (complaint["file"], complaint["line"])


async def test_an_app_that_is_not_here(tmp_path: Path) -> None:
    """It is to be made first."""
    data = str(tmp_path / "data")
    assert 0 == (await run("app", "create", "--id", "shop", "--data", data)).code
    done = await run("import", "leancloud", str(tmp_path), "--id", "other", "--data", data)
    assert (1, True) == (done.code, done.err.startswith("Error: "))


async def test_where_files_will_be_found_is_asked_at_once(tmp_path: Path) -> None:
    """Before anything is brought in."""
    data, saved = str(tmp_path / "data"), tmp_path / "saved"
    async with LeanCloud({"_Conversation": [], "_File": []}, files={"1.txt": b"hello"}).serving() as cloud:
        cloud.classes["_File"] = [{"objectId": "1", "url": f"{cloud.url}/files/1.txt"}]
        assert 0 == (await exported(cloud, saved, "--files")).code
    assert 0 == (await run("app", "create", "--id", "shop", "--data", data)).code
    words = ("import", "leancloud", str(saved), "--id", "shop", "--data", data)
    asked, done = await run(*words), await run(*words, PARLANCE_PUBLIC_URL="https://im.example.com")
    assert (2, True) == (asked.code, "--public-url https://…, or leave them out: --no-files" in asked.err)
    assert (0, True) == (done.code, "files                    1 new" in done.out)
