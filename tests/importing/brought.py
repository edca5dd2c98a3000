"""What becomes of a folder that is brought into the app `hall`, and words for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from core.world import World
from importing.leancloud import conversation
from parlance.core.model.conversation import Conversation
from parlance.core.model.places import Range
from parlance.core.model.typed_message import written
from parlance.importer.leancloud.bringing import bring
from parlance.importer.leancloud.carrier import Sum, Wished
from parlance.importer.leancloud.complaints import Complaint, Report
from parlance.kernel.ids import ConvId

AT = 1_600_000_000_000
FIRST = conversation(1)["objectId"]


class Silence:
    """Looks on, and says nothing; or ends it all."""

    def __init__(self, ends_after: int | None = None) -> None:
        self.left = ends_after

    def begins(self, what: str, total: int | None) -> None:
        """Nothing to do."""

    def advanced(self, items: int, rows: int = 0) -> None:
        """So much is done."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt


def write(path: Path, *rows: Any) -> None:
    """Rows as JSON Lines; texts are written as they are."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@dataclass
class Result:
    """What became of everything, and what was complained of."""

    people: Sum
    files: Sum
    conversations: Sum
    messages: Sum
    complaints: list[Complaint]


async def brought(world: World, folder: Path, watching: Silence | None = None, **wished: Any) -> Result:
    """Bring the folder into `hall`."""
    path = folder.parent / "report.jsonl"
    with Report(path) as report:
        done = await bring(folder, "hall", world.actions, watching or Silence(), report, Wished(**wished))
    complaints = [msgspec.json.decode(line, type=Complaint) for line in path.read_bytes().splitlines()]
    return Result(done.people, done.files, done.conversations, done.messages, complaints)


async def complaints(world: World, folder: Path) -> dict[tuple[str, int], str]:
    """What is complained of, by file and line."""
    return {(each.file, each.line): each.reason for each in (await brought(world, folder)).complaints}


async def found(world: World, conv_id: str) -> Conversation:
    """The conversation of that id."""
    here = await world.store.read.conversations.find(world.hall.app_id, ConvId(conv_id), world.clock.now())
    assert here is not None
    return here


async def said(world: World, conv_id: str) -> list[tuple[str, int, str, str | bytes]]:
    """What is told there: ids, times, senders and what LeanCloud's clients read."""
    asked = Range(oldest_first=True, most=100)
    told = [each.message for each in await world.actions.read_range(world.backend, ConvId(conv_id), asked)]
    return [(each.msg_id, each.created_at, each.sender, written(each)) for each in told]
