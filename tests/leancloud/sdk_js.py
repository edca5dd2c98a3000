"""LeanCloud's JavaScript SDKs, installed once for a run, and what becomes of the scenes they are put into."""

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from needs import lacking

JS = Path(__file__).parent / "js"
LONGEST = 600.0
"""Seconds that all scenes together may take."""


class Outcome(msgspec.Struct, rename="camel"):
    """What became of one scene."""

    name: str
    holds: bool
    ms: float = 0.0
    error: str = ""
    suite: bool = False


class Played(NamedTuple):
    """What became of all of them."""

    scenes: list[Outcome]
    words: str
    """What the process said beside."""


def installed() -> Path:
    """The folder with the SDKs in it, in exactly the versions of its lock; one worker installs for all."""
    stamp, lock = JS / "node_modules" / ".parlance", (JS / "package-lock.json").read_text(encoding="utf-8")
    with (JS / "package.json").open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
            npm = shutil.which("npm")
            assert npm is not None
            # Nothing that a package brings is run to install it.
            words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(words, cwd=JS, check=False, timeout=300, capture_output=True, text=True)
            if done.returncode != 0:
                print(done.stderr)  # noqa: T201 - what npm says about it
                lacking("LeanCloud's SDKs from a package index (npm ci)")
            stamp.write_text(lock, encoding="utf-8")
    return JS


async def play(suite: str, settings: Mapping[str, str]) -> Played:
    """Put the SDKs into the scenes of a suite."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "--test-reporter=./reporter.js",
        suite,
        cwd=JS,
        env={**os.environ, "NODE_NO_WARNINGS": "1", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), LONGEST)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = out.decode(errors="replace").splitlines()
    rows = [line for line in lines if line.startswith('{"name":')]
    words = "\n".join([line for line in lines if line not in rows] + [err.decode(errors="replace")])
    return Played([msgspec.convert(json.loads(row), Outcome, strict=False) for row in rows], words)
