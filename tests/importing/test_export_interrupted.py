"""`parlance export leancloud` that is killed, and goes on."""

import asyncio
import shutil
import signal
from pathlib import Path

import pytest
from aiohttp import web

from importing.exporting import contents, ended, exported, has_right_checksums, manifest, started
from importing.leancloud import LeanCloud, Mood, an_app


def answers(most: int, reached: asyncio.Event, path: str = "") -> Mood:
    """Answer so often who asks for something with `path` in it, then say nothing any more."""
    seen = 0

    async def silent(request: web.Request) -> web.StreamResponse | None:
        nonlocal seen
        seen += path in request.path
        if seen > most:
            reached.set()
            await asyncio.Event().wait()
        return None

    return silent


async def killed_after(
    cloud: LeanCloud, folder: Path, requests: int, path: str = "", *options: str, how: signal.Signals = signal.SIGKILL
) -> int:
    """An export that is ended when LeanCloud has answered so many requests for such a path; its exit code."""
    reached = asyncio.Event()
    cloud.mood = answers(requests, reached, path)
    process = await started(cloud, folder, *options)
    async with asyncio.timeout(60):
        await reached.wait()
    process.send_signal(how)
    code = (await ended(process)).code
    cloud.mood = None
    return code


async def test_killed_again_and_again_it_is_the_same_folder(tmp_path: Path) -> None:
    """After kills in a class, in histories and among subscribers, the folder has the bytes of an undisturbed one."""
    async with an_app(conversations=6, messages=40).serving() as cloud:
        cloud.most_rows = 11
        assert 0 == (await exported(cloud, tmp_path / "calm")).code
        for path, requests in (("_User", 2), ("/messages", 4), ("/messages", 9), ("/subscribers", 1)):
            assert -signal.SIGKILL == await killed_after(cloud, tmp_path / "killed", requests, path)
        assert not (tmp_path / "killed" / "manifest.json").exists()
        assert 0 == (await exported(cloud, tmp_path / "killed")).code
    assert contents(tmp_path / "calm") == contents(tmp_path / "killed")


async def test_what_is_finished_is_not_fetched_again(tmp_path: Path) -> None:
    """Whoever goes on begins where it ended, in the middle of a class by the last id."""
    folder = tmp_path / "saved"
    async with an_app(conversations=12, messages=40).serving() as cloud:
        # Who has one request under way has noted everything before it.
        assert -signal.SIGKILL == await killed_after(cloud, folder, 14, "/messages", "--at-once", "1")
        finished = [name for name in contents(folder) if name.startswith("messages/") and name.endswith(".jsonl")]
        assert 7 == len(finished)
        cloud.asked.clear()
        assert 0 == (await exported(cloud, folder)).code
        for name in finished:
            assert 0 == cloud.asked[f"/1.2/rtm/conversations/{Path(name).stem}/messages"]
        assert 0 == cloud.asked["/1.1/scan/classes/_User"]


async def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    """The exit code is the usual one of an interrupted command."""
    async with an_app(2, 2).serving() as cloud:
        assert 130 == await killed_after(cloud, tmp_path / "saved", 5, how=signal.SIGINT)
        assert 0 == (await exported(cloud, tmp_path / "saved")).code


async def test_a_second_export_may_be_killed_too(tmp_path: Path) -> None:
    """What it merges into what was there is merged once."""
    calm, folder = tmp_path / "calm", tmp_path / "saved"
    async with an_app(conversations=4, messages=20).serving() as cloud:
        assert 0 == (await exported(cloud, folder)).code
        shutil.copytree(folder, calm)
        for said in cloud.messages.values():
            said += [row | {"timestamp": row["timestamp"] + 1_000, "msg-id": row["msg-id"] + "2"} for row in said[-3:]]
        assert 0 == (await exported(cloud, calm)).code
        for requests in (3, 5):
            assert -signal.SIGKILL == await killed_after(cloud, folder, requests, "/messages")
            assert manifest(calm) != manifest(folder)
        assert 0 == (await exported(cloud, folder)).code
    assert contents(calm) == contents(folder)


@pytest.mark.parametrize("torn", ["progress.jsonl", "part"])
async def test_a_torn_last_line_is_cut_off(tmp_path: Path, torn: str) -> None:
    """A process may die, or a disk be full, in the middle of a line."""
    calm, folder = tmp_path / "calm", tmp_path / "saved"
    async with an_app(conversations=3, messages=30).serving() as cloud:
        cloud.most_rows = 5
        assert 0 == (await exported(cloud, calm, "--at-once", "1")).code
        # In the midst of the first conversation.
        assert -signal.SIGKILL == await killed_after(cloud, folder, 7, "/messages", "--at-once", "1")
        path = min(folder.rglob("*.part")) if torn == "part" else folder / torn
        with path.open("ab") as file:
            file.write(b'{"msg-id":"half a li')
        assert 0 == (await exported(cloud, folder)).code
    assert contents(calm) == contents(folder)
    assert has_right_checksums(folder)


async def test_two_at_once_in_one_folder_are_one(tmp_path: Path) -> None:
    """The second says so, and leaves the first alone."""
    async with an_app(2, 2).serving() as cloud:
        reached = asyncio.Event()
        cloud.mood = answers(5, reached)
        first = await started(cloud, tmp_path / "saved")
        async with asyncio.timeout(60):
            await reached.wait()
        cloud.mood = None
        second = await exported(cloud, tmp_path / "saved")
        first.kill()
        await ended(first)
    assert (2, True) == (second.code, "another export into" in second.err)
