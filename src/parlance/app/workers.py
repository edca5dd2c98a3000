"""Several servers on one machine and one port, each in a process of its own; and who looks after them.

The kernel hands each connection to one of those that listen. Who dies is started again; who looks after them stores
nothing and serves nobody, and when it dies its servers end.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

import structlog

from parlance.app.config import POSTGRESQL, Config, ConfigError

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

WORKER_FLAG = "--worker-of"
"""Tells a server which process looks after it."""
MOST_WORKERS = 256
_PROGRAM = (sys.executable, "-c", "from parlance.cli.main import main; main()", "serve")
_LOOK_EVERY = 0.1
_PAUSE = 1.0
"""Seconds before one that has died is started again: what is wrong may be wrong still."""


def check_workers(config: Config, count: int) -> None:
    """Refuse what several processes cannot do together. Raises ConfigError."""
    if not 1 <= count <= MOST_WORKERS:
        raise ConfigError(f"--workers: expected 1 to {MOST_WORKERS}")
    if count > 1 and not (config.bus_url and config.database_url.startswith(POSTGRESQL)):
        raise ConfigError(
            "--workers: a file of SQLite is one process's, and several have to hear each other: "
            "set database_url (PostgreSQL) and bus_url (NATS), or leave it at 1"
        )


def supervise(config: Config, count: int, flags: Sequence[str]) -> int:
    """Run so many servers, started with `flags`, until SIGTERM or SIGINT; answer the exit code.

    Raises OSError if the port cannot be had.
    """
    with _reserved(config.host, config.port) as place:
        port = place.getsockname()[1]
        return _Crew([*_PROGRAM, *flags, "--port", str(port), WORKER_FLAG, str(os.getpid())]).run(count)


class _Crew:
    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._workers: list[subprocess.Popen[bytes]] = []
        self._due: list[float] = []
        self._stopping = False

    def run(self, count: int) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._due = [0.0] * count
        while self._workers or not self._stopping:
            self._look()
            time.sleep(_LOOK_EVERY)
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for worker in self._workers:
            worker.send_signal(signal.SIGTERM)

    def _look(self) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self._workers if worker.poll() is not None]:
            self._workers.remove(worker)
            if not self._stopping:
                _log.warning("a server has died", pid=worker.pid, code=worker.returncode)
                self._due.append(now + _PAUSE)
        due, self._due = [at for at in self._due if at <= now], [at for at in self._due if at > now]
        for _ in due:
            if not self._stopping:
                self._start()

    def _start(self) -> None:
        worker = subprocess.Popen(self._command)  # noqa: S603 - this program, with its own flags
        self._workers.append(worker)
        if self._stopping:
            # Whoever was asked to stop just now did not know of this one.
            worker.send_signal(signal.SIGTERM)


def _reserved(host: str, port: int) -> socket.socket:
    """A port that others may listen on, and that stays taken while none of them does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    place = socket.socket(family, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        place.bind((host, port))
    except BaseException:
        place.close()
        raise
    return place
