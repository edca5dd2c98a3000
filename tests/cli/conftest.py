"""The command line as its users have it: in this process for what ends at once, in one of its own for servers."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import databases
from parlance.cli.main import main

PROGRAM = [sys.executable, "-c", "from parlance.cli.main import main; main()"]
ENDS_WITHIN = 120.0

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
def start(tmp_path: Path, data: Path) -> Iterator[Callable[..., Running]]:
    """Starts servers, and ends those that the test has left running."""
    started: list[subprocess.Popen[str]] = []
    readers: list[threading.Thread] = []

    def run(*words: str, **variables: str) -> Running:
        # Its own folder: nothing is found or left where the tests were started.
        process = subprocess.Popen(
            [*PROGRAM, *words],
            env=clean_environment(**databases.variables(data), **variables),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        server = Running(process, *listening(process))
        # A pipe that nobody reads fills up, and then the server waits.
        assert process.stdout is not None
        readers.append(threading.Thread(target=process.stdout.read))
        readers[-1].start()
        return server

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
    for reader in readers:
        reader.join()
    for process in started:
        assert process.stdout is not None
        process.stdout.close()


def listening(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """The address at which it listens, once it does, and what it said until then."""
    said: list[str] = []
    url = ""
    # Silence for too long ends it, and so the loop below.
    patience = threading.Timer(ENDS_WITHIN, process.kill)
    patience.start()
    assert process.stdout is not None
    try:
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            url = _address(line) or url
            if url and (not _is_trial(process) or line.startswith("API pages")):
                return url, said
    finally:
        patience.cancel()
    raise AssertionError("\n".join(["it ended instead of listening:", *said]))


def _address(line: str) -> str | None:
    """The server's address, if the line is the one in the log that says so."""
    if not line.startswith("{"):
        return None
    event = json.loads(line)
    return f"http://127.0.0.1:{event['port']}" if event["event"] == "listening" else None


def _is_trial(process: subprocess.Popen[str]) -> bool:
    """Whether it says more after it listens."""
    return isinstance(process.args, list) and "dev" in process.args
