"""A server of our own to be measured: started on a free loopback port, with a fresh folder, and ended again."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import msgspec

from parlance.cli.bench import cpu
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.plan import Address

_HOST = "127.0.0.1"
_APP = "666666"
_SERVER_KEY = "master"
_READY_WITHIN = 30.0
_ENDED_WITHIN = 15.0
_PROGRAM = "from parlance.cli.main import main; main()"
_VARIABLES = {
    # Whatever is set around us, the load goes into a folder of its own: empty counts as not set.
    "PARLANCE_CONFIG": "",
    "PARLANCE_DATABASE_URL": "",
    "PARLANCE_DATABASE_URL_FILE": "",
    "PARLANCE_FILES_URL": "",
    "PARLANCE_BUS_URL": "",
    # One client sends far more here than any person would.
    "PARLANCE_LIMITS_SENDS_PER_SECOND": "0",
    "PARLANCE_LIMITS_BURST": "0",
    "PARLANCE_LOG_LEVEL": "warning",
}


class RunningServer(msgspec.Struct, frozen=True):
    """Where it is, and which process."""

    address: Address
    pid: int


@contextmanager
def own_server(core: int | None, database: str = "") -> Iterator[RunningServer]:
    """`parlance dev`, held to `core`, ready when this is entered and gone when it is left.

    `database` is the URL of a PostgreSQL that it keeps everything in; what the load leaves behind stays there.
    """
    with tempfile.TemporaryDirectory(prefix="parlance-bench-") as folder:
        port = _free_port()
        log = Path(folder) / "server.log"
        process = _start(port, Path(folder) / "data", log, core, database)
        try:
            _wait_until_ready(process, port, log)
            yield RunningServer(Address(_HOST, port, _APP, _SERVER_KEY), process.pid)
        finally:
            _end(process)


def _start(port: int, data: Path, log: Path, core: int | None, database: str) -> subprocess.Popen[bytes]:
    variables = [f"{name}={value}" for name, value in {**_VARIABLES, "PARLANCE_DATABASE_URL": database}.items()]
    command = [sys.executable, "-c", _PROGRAM, "dev", "--port", str(port), "--data", str(data)]
    allowed = cpu.cores()
    cpu.hold_to(core)  # a child inherits where it may run, all its threads included
    try:
        with log.open("wb") as output:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
                ["/usr/bin/env", *variables, *command], stdout=output, stderr=subprocess.STDOUT
            )
    finally:
        if core is not None:
            os.sched_setaffinity(0, allowed)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        if _is_ready(port):
            return
        time.sleep(0.05)
    raise BenchFailure(f"the server did not become ready; its last words:\n{log.read_text(errors='replace')[-2000:]}")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
