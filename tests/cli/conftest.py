"""The command line as its users have it: in this process for what ends at once, in one of its own for servers."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parlance.cli.main import main

PROGRAM = [sys.executable, "-c", "from parlance.cli.main import main; main()"]
ENDS_WITHIN = 15.0

Command = Callable[..., Result]


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without anybody's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "PORT"}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def parlance(data: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command on the data folder, in this process."""
    for name in [name for name in os.environ if name.startswith("PARLANCE_")]:
        monkeypatch.delenv(name)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(data)], catch_exceptions=False)

    return run


@dataclass
class Running:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    said: list[str]
    """What it printed until it listened."""

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts servers, and ends those that the test has left running."""
    started: list[subprocess.Popen[str]] = []

    def run(*words: str, **variables: str) -> Running:
        # Its own folder: nothing is found or left where the tests were started.
        process = subprocess.Popen(
            [*PROGRAM, *words],
            env=clean_environment(**variables),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return Running(process, *_listening(process))

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _listening(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """The address at which it listens, once it does, and everything up to the first line that is empty after it."""
    said: list[str] = []
    url = ""
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        listening = re.search(r'"port":(\d+),"event":"listening"', line)
        if listening:
            url = f"http://127.0.0.1:{listening[1]}"
        if url and ("dev" not in str(process.args) or line.startswith("API pages")):
            return url, said
    raise AssertionError("\n".join(["it ended instead of listening:", *said]))
