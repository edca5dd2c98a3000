"""What is shipped for those who run it, read as data."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from needs import found
from parlance.app.config import FILE_SUFFIX, variable_names

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def documents(path: Path) -> list[dict[str, Any]]:
    """Everything in a file of YAML."""
    parts = re.split(r"^---\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [found for part in parts if (found := msgspec.yaml.decode(part))]


def unknown_settings(names: Iterator[str] | list[str]) -> list[str]:
    """Variables that look like settings, and are none."""
    known = {each + end for each in variable_names().values() for end in ("", FILE_SUFFIX)}
    return sorted(name for name in names if name.startswith("PARLANCE_") and name not in known)


def approved(*words: str | Path, **more: Any) -> str:
    """Have a program look at something; what it says. Fails if it finds anything wrong."""
    program = found(str(words[0]))
    assert program is not None, words[0]
    command = [program, *map(str, words[1:])]
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, **more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
