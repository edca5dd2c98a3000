"""A whole move, from LeanCloud to the phone of somebody who scrolls back to the first message.

`make rehearsal` plays it at full size and says how long everything took. A LeanCloud of our own, in a bad mood, has an
old app; it is exported with kills on the way, brought in with one kill on the way, brought in again, verified; then
LeanCloud's own SDK logs in and reads.
"""

import argparse
import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import aiohttp
import apsw
from aiohttp import web

from durability.server_process import serving
from importing.commands import Ended
from importing.exporting import ended, has_right_checksums, manifest, parlance, rows, started
from importing.leancloud import LeanCloud, Row, page, refusal
from importing.old_app import HERO, PNG, OldApp
from leancloud.sdk_js import JS, installed

APP = "moved"
KEY = "key-of-the-moved-app"
KILLS = (0.3, 0.7)
"""When the export is killed: how much of what there is to ask has been asked."""


Run = Callable[..., Awaitable[Ended]]
Counts = tuple[int, ...]
"""New, changed, known and refused."""

_CONTENTS = {
    "users": "SELECT app_id, client_id, uid, nickname, avatar, ext, created_at FROM users",
    "conversations": "SELECT * FROM conversations",
    "members": "SELECT conversation, client_id, role, status, joined_seq, read_seq, muted FROM members",
    "restrictions": "SELECT conversation, client_id, silenced_until, blocked FROM restrictions",
    "messages": "SELECT id, conversation, seq, sender, type, text, attr, is_binary, created_at, status, patched_at,"
    " foreign_id FROM messages",
    "addressees": "SELECT * FROM addressees",
}
_ENDLESS = "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"


class Moods:
    """Refuses, breaks and answers with pages, now and then; and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self._hurdles: dict[int, asyncio.Event] = {}

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        """See `LeanCloud.mood`."""
        self.asked += 1
        for requests, reached in self._hurdles.items():
            if self.asked >= requests:
                reached.set()
        if self.asked % 611 == 0:
            refused = refusal(429, 429, "Too many requests.")
            refused.headers["Retry-After"] = "0.2"
            return refused
        if self.asked % 1_009 == 0:
            return page("502 Bad Gateway", 502)
        if self.asked % 1_511 == 0:
            return page("LeanCloud is being looked after")
        return None

    async def reach(self, requests: int) -> None:
        """Wait until so many have been asked."""
        reached = self._hurdles[requests] = asyncio.Event()
        await reached.wait()


class Rehearsal:
    """One move of one app. `run` runs commands that nobody is going to kill."""

    public_url = "http://files.example.com"

    def __init__(self, app: OldApp, room: Path, run: Run, **variables: str) -> None:
        self.app = app
        self.folder, self.data = room / "saved", room / "data"
        self.took: dict[str, float] = {}
        self._run_command = run
        self._variables = variables
        self._moods = Moods()

    @asynccontextmanager
    async def leancloud(self) -> AsyncIterator[LeanCloud]:
        """LeanCloud, as it is on a bad day: short pages, cursors that are forgotten, refusals."""
        async with self.app.at_leancloud().serving() as cloud:
            self.app.served_at(cloud.url)
            cloud.most_rows, cloud.uses_of_cursor, cloud.mood = 730, 1, self._moods
            yield cloud

    async def export(self, cloud: LeanCloud) -> None:
        """Save it, killed on the way as often as `KILLS` says."""
        requests = 5 * len(self.app.rows) + self.app.all_messages() // 730
        with self._timed("export"):
            for share in KILLS:
                process = await started(cloud, self.folder, "--files")
                await self._moods.reach(int(requests * share))
                process.send_signal(signal.SIGKILL)
                assert -signal.SIGKILL == (await ended(process)).code
            done = await ended(await started(cloud, self.folder, "--files"), within=None)
            assert 0 == done.code, done.out + done.err
        said = manifest(self.folder)
        assert [] == said["problems"]
        talks = sum(each["rows"] for each in said["files"] if each["path"].startswith("service-messages/"))
        assert self.app.all_messages() == said["totals"]["messages"] - talks
        assert has_right_checksums(self.folder)

    async def make_app(self, data: Path | None = None) -> None:
        """An app for it."""
        words = ("app", "create", "--id", APP, "--policy", "key", "--key", KEY)
        await self._run(*words, "--data", str(data or self.data))

    async def bring_in(self, data: Path | None = None) -> dict[str, Counts]:
        """Import it; what was counted, by kind."""
        with self._timed("import"):
            done = await self._run(*self._words(data or self.data))
        return {line.split()[0]: _counts(line) for line in done.out.splitlines()}

    async def bring_in_and_be_killed(self, messages: int) -> int:
        """Kill an import once it has brought so many messages; how many are there then."""
        with _never_past(self.data, self._last_message()), _opened(self.data) as database:
            database.set_busy_timeout(5_000)
            process = await parlance(*self._words(self.data), **self._variables)
            while (brought := _number_of_messages(database)) < messages:
                assert process.returncode is None, await ended(process)
                await asyncio.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            assert -signal.SIGKILL == (await ended(process)).code
            kept = _number_of_messages(database)
        assert brought <= kept
        return kept

    def _last_message(self) -> str:
        """The name of the one that an import stores last."""
        *_, last = (path for path in sorted((self.folder / "messages").rglob("*.jsonl")) if path.stat().st_size)
        name: str = rows(last)[-1]["msg-id"]
        return name

    def _words(self, data: Path) -> list[str]:
        where = ["--id", APP, "--data", str(data), "--public-url", self.public_url]
        return ["import", "leancloud", str(self.folder), *where]

    async def verify(self) -> None:
        """Hold what is here against the folder, and the database against itself."""
        words = ("import", "verify", "leancloud", str(self.folder), "--id", APP, "--data", str(self.data))
        with self._timed("verify"):
            await self._run(*words)
        assert "everything agrees" in (await self._run("verify", "--data", str(self.data))).out

    async def scroll(self, base: str) -> int:
        """LeanCloud's SDK reads everything that the hero can read; how much that was."""
        process = await asyncio.create_subprocess_exec(
            *("node", "scroll.js"),
            cwd=JS,
            env={
                **os.environ,
                "PARLANCE_BASE": base,
                "PARLANCE_APP": APP,
                "PARLANCE_KEY": "any",
                "PARLANCE_CLIENT": HERO,
            },
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        assert process.stdout is not None
        pages: dict[str, list[list[Any]]] = {}
        async for line in process.stdout:
            seen = json.loads(line)
            pages.setdefault(seen["conversation"], []).append(seen["messages"])
        assert 0 == await process.wait()
        return self._compared(pages)

    def _compared(self, pages: dict[str, list[list[Any]]]) -> int:
        """Hold what was read, from the last page to the first, against what was said."""
        mine = [row for row in self.app.rows if HERO in row["m"]]
        assert sorted(row["objectId"] for row in mine) == sorted(pages)
        total = 0
        for row in mine:
            read = list(chain.from_iterable(reversed(pages[row["objectId"]])))
            said = self.app.said(row["objectId"])
            total += len(said)
            assert [each["msg-id"] for each in said] == [each[0] for each in read], row["objectId"]
            assert [each["from"] for each in said] == [each[1] for each in read], row["objectId"]
            assert _times(said) == [each[2] for each in read], row["objectId"]
            for there, here in zip(said, read, strict=True):
                assert _meant(there) == _seen(here[3]), (there, here)
        return total

    async def look_at_files(self, base: str) -> int:
        """Fetch the files of some pictures from here; how many."""
        rows = [row for row in self.app.said(self.app.rows[0]["objectId"]) if "_lcfile" in row["data"]][:20]
        async with aiohttp.ClientSession(headers={"X-LC-Id": APP, "X-LC-Key": f"{KEY},master"}) as http:
            for row in rows:
                url = f"{base}/1.2/rtm/conversations/{row['conv-id']}/messages"
                params = {"timestamp": str(row["timestamp"] + 1_000), "msgid": row["msg-id"], "include_start": "true"}
                async with http.get(url, params=params | {"limit": "1"}) as answer:
                    [here] = await answer.json()
                address = json.loads(here["data"])["_lcfile"]["url"]
                assert address.startswith(f"{self.public_url}/storage/"), address
                async with http.get(address.replace(self.public_url, base)) as answer:
                    number = int(json.loads(row["data"])["_lcfile"]["url"].rpartition("/")[2].partition(".")[0])
                    assert PNG + bytes([number]) == await answer.read()
        return len(rows)

    def digest(self) -> dict[str, tuple[int, str]]:
        """All that the database holds, table by table."""
        with _opened(self.data) as database:
            tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
            return {str(name): _digested(database, f"SELECT * FROM {name}") for (name,) in tables}  # noqa: S608 - ours

    def contents(self, data: Path | None = None) -> dict[str, tuple[int, str]]:
        """What was brought, without when that was, and where files lie now."""
        with _opened(data or self.data) as database:
            return {name: _digested(database, question) for name, question in _CONTENTS.items()}

    async def _run(self, *words: str) -> Ended:
        done = await self._run_command(*words, **self._variables)
        assert 0 == done.code, done.out + done.err
        return done

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.took[what] = time.monotonic() - began


def _opened(data: Path) -> closing[apsw.Connection]:
    """The database of a data folder, to be read."""
    return closing(apsw.Connection(str(data / "parlance.db"), flags=apsw.SQLITE_OPEN_READONLY))


@contextmanager
def _never_past(data: Path, message: str) -> Iterator[None]:
    """No import comes to its end meanwhile, however long it is looked at: to store this message takes for ever."""
    with closing(apsw.Connection(str(data / "parlance.db"))) as database:
        database.set_busy_timeout(5_000)
        when = f"BEFORE INSERT ON messages WHEN NEW.foreign_id = '{message}'"
        database.execute(f"{_ENDLESS}; CREATE TRIGGER halt {when} BEGIN SELECT count(*) FROM endless; END")  # noqa: S608
        yield
        database.execute("DROP TRIGGER halt; DROP VIEW endless")


def _digested(database: apsw.Connection, question: str) -> tuple[int, str]:
    """How many rows an answer has, and what they add up to."""
    digest, rows = sha256(), 0
    for row in database.execute(question):
        digest.update(repr(row).encode())
        rows += 1
    return rows, digest.hexdigest()


def _number_of_messages(database: apsw.Connection) -> int:
    return int(str(database.execute("SELECT count(*) FROM messages").fetchall()[0][0]))


def _counts(line: str) -> Counts:
    """Of a line that an import ends with: how many were new, changed, known, refused."""
    return tuple(int(word.replace(",", "")) for word in line.split() if word[0].isdigit())


def _times(said: list[Row]) -> list[int]:
    """When it was said; what was said in the same millisecond comes one after the other here."""
    times, last = [], 0
    for row in said:
        last = max(row["timestamp"], last + 1)
        times.append(last)
    return times


def _meant(row: Row) -> Any:
    if row["bin"]:
        return {"bytes": row["data"]}
    return _without_address(_decoded(row["data"]))


def _seen(content: dict[str, Any]) -> Any:
    return content if "bytes" in content else _without_address(_decoded(content["said"]))


def _decoded(content: Any) -> Any:
    try:
        return json.loads(content) if isinstance(content, str) else content
    except ValueError:
        return content


def _without_address(content: Any) -> Any:
    """The same wherever its file lies."""
    if isinstance(content, dict) and "_lcfile" in content:
        return {**content, "_lcfile": {**content["_lcfile"], "url": "…"}}
    return content


async def _in_a_process(*words: str, **variables: str) -> Ended:
    return await ended(await parlance(*words, **variables), within=None)


async def _rehearse(conversations: int, messages: int, room: Path) -> None:
    """All of it, with a line for each step."""
    app = OldApp(conversations, messages)
    move = Rehearsal(app, room, _in_a_process)
    async with move.leancloud() as cloud:
        await move.export(cloud)
    size = sum(path.stat().st_size for path in move.folder.rglob("*") if path.is_file())
    _say(
        f"exported, with {len(KILLS)} kills, in {move.took['export']:.0f} s: {app.all_messages():,} messages,"
        f" {size / 1e6:,.0f} MB"
    )
    await move.make_app()
    killed = await move.bring_in_and_be_killed(messages // 3)
    _say(f"an import was killed when {killed:,} messages were here")
    first = await move.bring_in()
    _say(f"the next brought the rest in {move.took['import']:.1f} s: {first}")
    before = move.digest()
    second = await move.bring_in()
    assert before == move.digest()
    _say(f"another one changed nothing, in {move.took['import']:.1f} s: {second}")
    size = sum(path.stat().st_size for path in move.data.glob("parlance.db*"))
    await move.verify()
    _say(f"verified in {move.took['verify']:.1f} s; the database has {size / 1e6:,.0f} MB")
    await move.make_app(calm := room / "calm")
    await move.bring_in(calm)
    rate = app.all_messages() / move.took["import"]
    _say(
        f"into an empty database in {move.took['import']:.1f} s: {rate:,.0f} messages a second, start and end included"
    )
    async with serving(move.data) as server:
        began = time.monotonic()
        read = await move.scroll(server.base)
        _say(f"LeanCloud's SDK scrolled through {read:,} messages in {time.monotonic() - began:.1f} s")
        await move.look_at_files(server.base)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - that is what it is for


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=2_000)
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--room", type=Path, help="a folder to work in, kept afterwards (default: one that goes)")
    told = parser.parse_args()
    installed()
    with tempfile.TemporaryDirectory(prefix="parlance-rehearsal-") as aside:
        asyncio.run(_rehearse(told.conversations, told.messages, told.room or Path(aside)))


if __name__ == "__main__":
    main()
