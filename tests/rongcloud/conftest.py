"""A fake RongCloud, and RongCloud's own SDK, installed once for a run."""

import asyncio
import fcntl
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from needs import lacking
from rongcloud.fake import FakeRongCloud, rongcloud

SDK = Path(__file__).parent / "sdk"
PATIENCE = 20.0


@pytest.fixture
async def lenient() -> AsyncIterator[FakeRongCloud]:
    """A RongCloud that takes what its SDKs send."""
    async with rongcloud() as fake:
        yield fake


@pytest.fixture
async def strict() -> AsyncIterator[FakeRongCloud]:
    """A RongCloud that takes only what its documents say."""
    async with rongcloud(strict=True) as fake:
        yield fake


class Sdk:
    """RongCloud's SDK in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def call(self, call: str, *args: Any) -> Any:
        """What the SDK answers to its user; a refusal of the SDK itself is an error here."""
        found = await self._asked(call, args)
        assert "answer" in found, found
        return found["answer"]

    async def refusal(self, call: str, *args: Any) -> Any:
        """What the SDK itself found wrong, without asking anybody."""
        return (await self._asked(call, args))["refused"]

    async def _asked(self, call: str, args: tuple[Any, ...]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": call, "args": args}).encode() + b"\n")
        await self._process.stdin.drain()
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        return json.loads(line)


@asynccontextmanager
async def sdk_for(installed: Path, fake: FakeRongCloud, *hosts: str, secret: str | None = None) -> AsyncIterator[Sdk]:
    """The SDK, told to ask `hosts` (or the fake)."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(installed / "drive.js"),
        fake.key,
        secret or fake.secret,
        *(hosts or (fake.base,)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield Sdk(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await asyncio.wait_for(process.wait(), PATIENCE)


@pytest.fixture(scope="session")
def sdk_installed() -> Path:
    """The folder with the SDK in it, in exactly the versions of its lock; one worker installs for all."""
    stamp, lock = SDK / "node_modules" / ".parlance", (SDK / "package-lock.json").read_text(encoding="utf-8")
    with (SDK / "package.json").open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
            npm = shutil.which("npm")
            assert npm is not None
            # Nothing that a package brings is run to install it.
            words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(words, cwd=SDK, check=False, timeout=300, capture_output=True, text=True)
            if done.returncode != 0:
                print(done.stderr)  # noqa: T201 - what npm says about it
                lacking("RongCloud's SDK from a package index (npm ci)")
            stamp.write_text(lock, encoding="utf-8")
    return SDK


@pytest.fixture
async def sdk(sdk_installed: Path, lenient: FakeRongCloud) -> AsyncIterator[Sdk]:
    """The SDK against the lenient fake."""
    async with sdk_for(sdk_installed, lenient) as sdk:
        yield sdk
