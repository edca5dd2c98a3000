"""PostgreSQL and NATS of our own: from this machine's programs, on free ports, with their usual settings.

Nothing of them stays. What is not on the machine is named: see `MissingError`.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from parlance.cli.bench import cpu
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.processes import HOST, await_readiness, end, free_port

_OWNER = "parlance"
_DEBIAN = Path("/usr/lib/postgresql")
_BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin")


class MissingError(BenchFailure):
    """A program that a row cannot do without is not on this machine."""


class OwnPostgres:
    """One that runs."""

    def __init__(self, port: int, pid: int) -> None:
        self.pid = pid
        self._port = port
        self._names = count(1)

    def database(self) -> str:
        """The URL of one more database, with nothing in it."""
        name = f"bench_{next(self._names)}"
        asyncio.run(self._tell(f"CREATE DATABASE {name}"))
        return self._url(name)

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            asyncio.run(self._tell("SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    async def _tell(self, statement: str) -> None:
        connection = await asyncpg.connect(self._url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _url(self, database: str) -> str:
        return f"postgresql://{_OWNER}@{HOST}:{self._port}/{database}"


@contextmanager
def own_postgres(core: int | None) -> Iterator[OwnPostgres]:
    """A PostgreSQL as `initdb` makes it: what is committed is on the disk."""
    programs = _postgres_programs()
    with TemporaryDirectory(prefix="parlance-bench-", ignore_cleanup_errors=True) as folder:
        # It refuses to be run by root.
        user = "postgres" if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
        data, log = Path(folder) / "data", Path(folder) / "postgres.log"
        made = [str(programs / "initdb"), "-D", str(data), "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C"]
        done = subprocess.run(made, capture_output=True, text=True, check=False, cwd="/", user=user, group=user)  # noqa: S603
        if done.returncode != 0:
            raise BenchFailure(f"initdb: {done.stderr.strip()}")
        port = free_port()
        listening = {"port": str(port), "listen_addresses": HOST, "unix_socket_directories": folder}
        options = [word for name, value in listening.items() for word in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), *options]
        with cpu.held_to(core), log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", user=user, group=user)  # noqa: S603
        try:
            postgres = OwnPostgres(port, process.pid)
            await_readiness("PostgreSQL", process, log, postgres.answers)
            yield postgres
        finally:
            end(process, signal.SIGINT)


@contextmanager
def own_nats(core: int | None) -> Iterator[tuple[str, int]]:
    """A NATS: its URL, and its process."""
    program = _found("nats-server")
    with TemporaryDirectory(prefix="parlance-bench-") as folder:
        port, log = free_port(), Path(folder) / "nats.log"
        with cpu.held_to(core), log.open("wb") as output:
            process = subprocess.Popen([program, "-a", HOST, "-p", str(port)], stdout=output, stderr=output)  # noqa: S603
        try:
            await_readiness("NATS", process, log, lambda: _greets(port))
            yield f"nats://{HOST}:{port}", process.pid
        finally:
            end(process)


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), 1) as line:
            return line.recv(5) == b"INFO "
    except OSError:
        return False


def _postgres_programs() -> Path:
    """The newest there are: Debian keeps them where no PATH leads."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else Path(_found("initdb")).resolve().parent


def _found(program: str) -> str:
    path = os.pathsep.join((os.defpath, *_BESIDE_PATH))
    place = shutil.which(program) or shutil.which(program, path=path)
    if place is None:
        raise MissingError(f"needs {program}, which is not on this machine")
    return place
