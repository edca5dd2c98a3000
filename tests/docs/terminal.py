"""Does what a page says, as its reader would: in a fresh folder, with a server, one block after another."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from docs.blocks import Block
from docs.commands import shim
from ports import free_port

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
LONGEST = 240.0
"""Seconds that a page may take."""
MINE, KEY = "mine", "key-of-mine"
_REFUSED = re.compile(r'"code": ?[1-9]')
_BEGIN = """
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
logged_in() {{ curl -s {metrics} | sed -n 's/^parlance_connections_logged_in //p'; }}
"""
_BESIDE = """
before=$(logged_in)
( {command} ) > {log} 2>&1 &
until [ "$(logged_in)" != "$before" ]; do kill -0 $! || {{ cat {log}; exit 1; }}; sleep 0.1; done
"""
"""A terminal of its own, for a client: gone on from when that is in."""


class Terminal:
    """A folder in which a page is tried, with a server if it needs one; `commands` is where `docs.commands` serves."""

    def __init__(self, folder: Path, commands: Path) -> None:
        self._folder = folder
        self._data = folder / "data/dev"
        self._port = free_port()
        self._programs = folder / ".venv/bin"
        self._programs.mkdir(parents=True)
        for name in ("lib", "pyvenv.cfg", "bin/python", "bin/python3", "bin/pytest"):
            (folder / ".venv" / name).symlink_to(PROGRAMS.parent / name)
        shim(self._programs / "parlance", commands)
        (folder / "examples").symlink_to(ROOT / "examples")

    def play(self, page: list[Block]) -> str:
        """Do it all, and answer what was shown. Fails if a command did, or if the server refused something."""
        for block in page:
            if block.file:
                (self._folder / block.file).write_text(self._here(block.text), encoding="utf-8")
        runnable = [block for block in page if block.is_shell and not block.why_not]
        script = _BEGIN.format(metrics=f"http://127.0.0.1:{self._port}/metrics")
        logs = []
        for number, block in enumerate(runnable):
            text = self._here(block.text)
            if block.stays:
                logs.append(self._folder / f"terminal-{number}.log")
                text = _BESIDE.format(command=text.strip(), log=shlex.quote(str(logs[-1])))
            script += f"\necho '== line {block.line}'\n{text}"
        asked = "".join(self._here(block.text) for block in runnable)
        with self._server(asked):
            done = self._run(script)
        shown = done.stdout + "".join(log.read_text(encoding="utf-8") for log in logs)
        assert 0 == done.returncode, f"{shown}\n{done.stderr}"
        assert not _REFUSED.search(done.stdout), done.stdout
        return shown

    def _run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", script],
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARLANCE_", "PYTEST_"))}
        return kept | {"PATH": f"{self._programs}:{kept['PATH']}", "PYTHONUNBUFFERED": "1"}

    def _here(self, text: str) -> str:
        """The same for this folder and this server."""
        for written, meant in (
            ("127.0.0.1:8000", f"127.0.0.1:{self._port}"),
            ("localhost:8000", f"127.0.0.1:{self._port}"),
            ("/var/lib/parlance", str(self._data)),
            ("/backup/", f"{self._folder}/"),
            ("parlance listen", f"parlance listen --url http://127.0.0.1:{self._port}"),
            ("echo_bot.py", f"echo_bot.py http://127.0.0.1:{self._port}"),
            ("YOUR_APP_ID", MINE),
            ("YOUR_SERVER_KEY", KEY),
        ):
            text = text.replace(written, meant)
        return text

    @contextmanager
    def _server(self, asked: str) -> Iterator[None]:
        """What `make run` starts, if there is anything to ask it."""
        if str(self._port) not in asked and str(self._data) not in asked:
            yield
            return
        command = [str(self._programs / "parlance"), "dev", "--port", str(self._port), "--data", str(self._data)]
        environment = self._environment()
        with (
            (self._folder / "server.log").open("w") as log,
            subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=log) as server,
        ):
            try:
                _wait_for(f"http://127.0.0.1:{self._port}/readyz")
                made = ["app", "create", "--id", MINE, "--key", KEY, "--data", str(self._data)]
                subprocess.run([command[0], *made], check=True, capture_output=True, env=environment)
                kept = ["app", "set", "--id", MINE, "--setting", "keep_events=true", "--data", str(self._data)]
                subprocess.run([command[0], *kept], check=True, capture_output=True, env=environment)
                yield
            finally:
                server.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + LONGEST
    while True:
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - our own
                return
        except (URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < until, address
            time.sleep(0.05)
