"""Servers of our own to be measured: on free loopback ports, with a fresh folder, and ended again."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import msgspec

from parlance.cli.bench import cpu
from parlance.cli.bench.plan import Address, Processes
from parlance.cli.bench.processes import HOST, await_readiness, end, free_port

_APP = "666666"
_SERVER_KEY = "master"
_PROGRAM = "from parlance.cli.main import main; main()"
_VARIABLES = {
    # Whatever is set around us, the load goes where it is told: empty counts as not set.
    "PARLANCE_CONFIG": "",
    "PARLANCE_DATABASE_URL_FILE": "",
    "PARLANCE_FILES_URL": "",
    # One client sends far more here than any person would.
    "PARLANCE_LIMITS_SENDS_PER_SECOND": "0",
    "PARLANCE_LIMITS_BURST": "0",
    "PARLANCE_LOG_LEVEL": "warning",
}


class Running(msgspec.Struct, frozen=True):
    """Where the servers are, and which processes they and what they stand on are."""

    addresses: list[Address]
    processes: Processes


class Standing(msgspec.Struct, frozen=True):
    """What servers are told to stand on; nothing is SQLite."""

    database_url: str = ""
    bus_url: str = ""
    database: int | None = None
    bus: int | None = None


@contextmanager
def own_servers(count: int, standing: Standing) -> Iterator[Running]:
    """`parlance dev`, so many times, ready when this is entered and gone when it is left.

    Each is held to a core, the last core being the generator's where there are two.
    """
    cores = cpu.cores()
    free: list[int | None] = [*cores[:-1]] or [None]
    with tempfile.TemporaryDirectory(prefix="parlance-bench-") as folder, ExitStack() as running:
        started = [
            running.enter_context(_server(Path(folder), number, free[number % len(free)], standing))
            for number in range(count)
        ]
        addresses = [Address(HOST, port, _APP, _SERVER_KEY) for port, _ in started]
        yield Running(addresses, Processes([pid for _, pid in started], standing.database, standing.bus))


@contextmanager
def _server(folder: Path, number: int, core: int | None, standing: Standing) -> Iterator[tuple[int, int]]:
    port, log = free_port(), folder / f"server{number}.log"
    told = {**_VARIABLES, "PARLANCE_DATABASE_URL": standing.database_url, "PARLANCE_BUS_URL": standing.bus_url}
    variables = [f"{name}={value}" for name, value in told.items()]
    command = [sys.executable, "-c", _PROGRAM, "dev", "--port", str(port), "--data", str(folder / "data")]
    with cpu.held_to(core), log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
            ["/usr/bin/env", *variables, *command], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        await_readiness("the server", process, log, lambda: _is_ready(port))
        yield port, process.pid
    finally:
        end(process)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
