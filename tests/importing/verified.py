"""An app at LeanCloud that was saved and brought in, and the comparison of the two."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import apsw
import asyncpg

from core.world import World, peopled
from importing.leancloud import APP_ID, MASTER_KEY, LeanCloud, Row, conversation, message
from parlance.app.config import Config
from parlance.importer.leancloud.asking import Access
from parlance.importer.leancloud.bringing import bring
from parlance.importer.leancloud.carrier import Wished
from parlance.importer.leancloud.complaints import Report
from parlance.importer.leancloud.export import Wanted, export
from parlance.importer.leancloud.verifying.comparing import Compared, compare
from parlance.importer.leancloud.verifying.findings import Topic, What
from parlance.importer.leancloud.verifying.messages import Sampling
from parlance.importer.leancloud.verifying.verdict import Verdict
from parlance.kernel.clock import SystemClock

AT = 1_600_000_000_000
TALK, QUIET, ROOM, NEWS = (conversation(number)["objectId"] for number in (1, 2, 3, 4))
ADDRESS = "/files/cat.png"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


class Silence:
    """Looks on, and says nothing."""

    def begins(self, what: str, total: int | None) -> None:
        """Nothing to do."""

    def advanced(self, items: int, rows: int = 0) -> None:
        """Nothing to do."""

    def waits(self, seconds: float, reason: str) -> None:
        """Nothing to do."""

    def failed(self, what: str, reason: str) -> None:
        """Nothing to do."""


def a_small_app() -> LeanCloud:
    """One conversation in which much was said, a quiet one, a chat room and a service conversation; three users."""
    rows = [
        conversation(1, mu=["client-2"], colour="red"),
        conversation(2, m=["client-0", "client-1"], unique=True),
        conversation(3, tr=True, m=[]),
        conversation(4, sys=True, m=[]),
    ]
    said = [message(TALK, n, AT + 1_000 * n) for n in range(30)]
    said[7]["data"] = '{"_lctype":-127}'
    said[8] |= {"data": "AAEC/w==", "bin": True}
    return LeanCloud(
        classes={
            "_Conversation": rows,
            "_ConversationMemberInfo": [
                {"objectId": f"{7:024x}", "cid": TALK, "clientId": "client-1", "role": "Manager"}
            ],
            "_User": [{"objectId": f"{n:024x}", "username": f"user {n}", "level": n} for n in range(3)],
        },
        messages={
            TALK: said,
            ROOM: [message(ROOM, n, AT + n) for n in range(3)],
            f"{NEWS}/Tom": [message(NEWS, 7, AT, "hello Tom")],
        },
        subscribers={NEWS: ["Tom", "Jerry"]},
        blocked={TALK: ["spammer"]},
    )


async def save(cloud: LeanCloud, folder: Path, *, files: bool = False) -> None:
    """Export it."""
    access = Access(cloud.url, APP_ID, MASTER_KEY)
    await export(folder, access, Wanted(files=files), Silence(), SystemClock())


async def bring_in(world: World, folder: Path, **wished: Any) -> int:
    """Import the folder into `hall`; how many complaints there were."""
    with Report(folder / "import-report.jsonl") as report:
        await bring(folder, "hall", world.actions, Silence(), report, Wished(public_url="http://here", **wished))
    return report.complaints


async def look(world: World, folder: Path, **more: Any) -> Verdict:
    """Compare."""
    compared = Compared(folder, folder / "import-report.jsonl", **({"sampling": Sampling("seed")} | more))
    return await compare("hall", compared, world.actions, Silence(), world.clock)


def counted(verdict: Verdict, topic: Topic) -> tuple[int, int, int]:
    """How many there, here, aside."""
    line = verdict.findings.lines[topic]
    return line.there, line.here, line.aside


def found(verdict: Verdict) -> dict[What, int]:
    """Everything that was found and speaks against moving, or is to be known."""
    return {what: count for line in verdict.findings.lines.values() for what, count in line.counts.items()}


def add_rows(path: Path, *rows: Row | str) -> None:
    """Write more rows behind those of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


async def tamper(data: Path, statement: str, value: str) -> None:
    """Do to the database what no action would."""
    database = Config(data_dir=data).database
    if isinstance(database, Path):
        with closing(apsw.Connection(str(database))) as connection:
            connection.set_busy_timeout(5_000)
            connection.execute(statement, (value,))
        return
    other = await asyncpg.connect(database)
    try:
        await other.execute(statement, value)
    finally:
        await other.close()


def made(folder: Path) -> Path:
    """An empty folder."""
    folder.mkdir()
    return folder


@asynccontextmanager
async def moved(folder: Path, data: Path) -> AsyncIterator[World]:
    """A server's parts into whose app `hall` the folder was brought."""
    async with peopled(made(data)) as world:
        assert 0 == await bring_in(world, folder)
        yield world
