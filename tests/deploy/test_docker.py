"""The Dockerfile."""

import asyncio
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from cast import Town
from deploy.shipped import DEPLOY, ROOT, approved, unknown_settings

DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
TEXT = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")


def told(instruction: str) -> list[str]:
    """What each line of an instruction says."""
    return re.findall(rf"(?m)^\s*{instruction} (.*)$", TEXT)


@pytest.mark.needs("hadolint")
def test_its_linter_has_nothing_to_say() -> None:
    """Not even a hint."""
    assert approved("hadolint", "--failure-threshold", "style", DOCKERFILE) == ""


def test_it_is_built_of_what_is_named() -> None:
    """Bases by their version, packages by the lock file's hashes; what it copies is there and is let in."""
    bases = {line.split()[0] for line in told("FROM")}
    assert ["python"] == sorted({base.partition(":")[0] for base in bases})
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    assert "--require-hashes" in TEXT
    copied = [word for line in told("COPY") if "--from" not in line for word in line.split()[:-1]]
    let_in = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert [] == [path for path in copied if not (ROOT / path).exists() or f"!{path}" not in let_in]
    assert "*" in let_in


def test_nobody_in_particular_runs_it() -> None:
    """Last of all a user who is not root; SIGTERM, which drains; settings that exist."""
    assert ["10001:10001"] == told("USER")
    assert ["SIGTERM"] == told("STOPSIGNAL")
    assert [] == unknown_settings(re.findall(r"\b(PARLANCE_[A-Z_]+)=", TEXT))
    assert "PARLANCE_HOST=0.0.0.0" in TEXT


async def test_its_health_check_tells_a_server_from_none(town: Town) -> None:
    """The very words of the file, against a server and against a port that nobody listens on."""
    words: list[str] = json.loads(told("HEALTHCHECK")[0].partition("CMD ")[2])
    port = urlsplit(town.base).port
    assert "python" == words.pop(0)
    for variables, expected in (
        ({"PARLANCE_PORT": str(port)}, 0),
        ({"PORT": str(port)}, 0),
        ({"PARLANCE_PORT": "1"}, 1),
    ):
        kept = {name: value for name, value in os.environ.items() if name not in {"PARLANCE_PORT", "PORT"}}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, env={**kept, **variables}, stderr=subprocess.DEVNULL
        )
        assert expected == await process.wait()
