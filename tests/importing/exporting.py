"""The commands, `parlance export leancloud` above all, in processes of their own as an operator has them."""

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from importing.commands import Ended, run
from importing.leancloud import APP_ID, MASTER_KEY, LeanCloud

PROGRAM = [sys.executable, "-c", "from parlance.cli.main import main; main()"]
ENDS_WITHIN = 60.0
_NOT_OURS = ("PARLANCE_", "LEANCLOUD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


async def started(cloud: LeanCloud, folder: Path, *options: str, key: str = MASTER_KEY, app: str = APP_ID) -> Process:
    """An export that is under way."""
    return await parlance(*_words(cloud, folder, app), *options, LEANCLOUD_MASTER_KEY=key)


def _words(cloud: LeanCloud, folder: Path, app: str) -> list[str]:
    return ["export", "leancloud", str(folder), "--server", cloud.url, "--app", app]


async def parlance(*words: str, **variables: str) -> Process:
    """A command that is under way."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_NOT_OURS)}
    path = os.pathsep.join(path for path in sys.path if path)
    return await asyncio.create_subprocess_exec(
        *PROGRAM,
        *words,
        env={**kept, "PYTHONPATH": path, **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def ended(process: Process, within: float | None = ENDS_WITHIN) -> Ended:
    """Its end."""
    async with asyncio.timeout(within):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


async def exported(cloud: LeanCloud, folder: Path, *options: str, key: str = MASTER_KEY, app: str = APP_ID) -> Ended:
    """An export from beginning to end, which nobody kills."""
    return await run(*_words(cloud, folder, app), *options, LEANCLOUD_MASTER_KEY=key)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict[str, Any]:
    """What the folder says of itself."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def rows(path: Path) -> list[Any]:
    """The lines of a file."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def rows_about(folder: Path, kind: str, about: str) -> list[Any]:
    """The lines of the file of that kind that is about a conversation or client."""
    [path] = [
        each["path"]
        for each in manifest(folder)["files"]
        if each.get("about") == about and each["path"].startswith(f"{kind}/")
    ]
    return rows(folder / path)


def has_right_checksums(folder: Path) -> bool:
    """Whether every file is listed with its sum, but for those that do the listing."""
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in contents(folder).items()}
    return listed == {
        name: digest for name, digest in found.items() if name not in {"SHA256SUMS", "manifest.json", "export.json"}
    }
