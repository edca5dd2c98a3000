"""A PostgreSQL for tests: its own server, on a free port, from the machine's programs; one database for each test.

It is started when the first test asks for it, once in each process of the test run, and does not outlive it.
"""

import asyncio
import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager, nullcontext
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from needs import lacking
from parlance.app.config import Config
from parlance.stores.sql.engines import postgres
from ports import free_port

Result = TypeVar("Result")

EVERYTHING = os.environ.get("PARLANCE_TEST_DATABASE", "sqlite") == "postgresql"
"""Whether this run has every server of every test keep its things in PostgreSQL."""
PATIENCE = 120
"""Seconds that starting or stopping it may take."""
OWNER = "parlance"
"""A role that may nothing but own databases."""
_LASTING = ThreadPoolExecutor(1)
"""A thread as long as the process: a server ends with the thread that started it, and that may be a sandbox's."""
_USUAL: property = vars(Config)["database"]
_TEMPLATE = "template_parlance"
# Emptying takes a millisecond; a copy takes a hundred.
_SEND_OUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_CATALOGUE = "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
_EMPTY = """DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT relname, relkind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
    LOOP
        IF each.relkind = 'r' THEN EXECUTE format('DELETE FROM %I', each.relname);
        ELSE EXECUTE format('ALTER SEQUENCE %I RESTART', each.relname);
        END IF;
    END LOOP;
END $$"""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # a test's machine does not lose power
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "autovacuum_naptime": "10s",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class PostgresServer:
    """A cluster of its own in a folder of its own."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="parlance-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        self._clean: list[str] = []
        self._catalogue: list[asyncpg.Record] = []
        self.port = free_port()
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {**_SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*_as_somebody(), "--pdeathsig", "QUIT", str(self._programs / "postgres"), "-D", self._data, *options]
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = _LASTING.submit(lambda: subprocess.Popen(command, stdout=log, stderr=log, cwd="/")).result()
        until = time.monotonic() + PATIENCE
        while self._asked("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)):
            assert self._process.poll() is None, log.name
            assert time.monotonic() < until, log.name
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends every session first, SIGQUIT lets everything fall."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(PATIENCE)

    def remove(self) -> None:
        """Stop it, and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder.parent / f"{self._folder.name}.log").unlink(missing_ok=True)

    def url(self, database: str, role: str = OWNER) -> str:
        """The URL of a database."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[str]:
        """A database with Parlance's tables and nothing in them, by its URL; emptied afterwards for the next test."""
        url = await self._taken()
        try:
            yield url
        finally:
            await self._given_back(url)

    @contextmanager
    def lent_to_a_test(self) -> Iterator[str]:
        """The same where no loop runs, or the loop is the test's own."""
        # Not by `lent`: a loop that ends closes the generators that began on it.
        url = _away_from_any_loop(self._taken)
        try:
            yield url
        finally:
            _away_from_any_loop(lambda: self._given_back(url))

    async def _taken(self) -> str:
        return self._clean.pop() if self._clean else await self.create(_TEMPLATE)

    async def _given_back(self, url: str) -> None:
        if await self._emptied(url):
            self._clean.append(url)
        else:
            await self.drop(url)

    async def create(self, template: str = "template0") -> str:
        """One more database, without tables."""
        url = self.url(f"test_{next(self._names)}")
        await self.tell(f"CREATE DATABASE {url.rpartition('/')[2]} TEMPLATE {template} OWNER {OWNER}")
        return url

    async def drop(self, url: str) -> None:
        """Take a database away, whoever is in it."""
        await self.tell(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    async def _emptied(self, url: str) -> bool:
        """Send everybody out and take everything away; whether it is as it was."""
        connection = await asyncpg.connect(self.url(url.rpartition("/")[2], "postgres"))
        try:
            await connection.execute(_SEND_OUT)
            if await connection.fetch(_CATALOGUE) != self._catalogue:
                return False
            await connection.execute(_EMPTY)
        finally:
            await connection.close()
        return True

    async def tell(self, statement: str) -> None:
        """Run something as who may do everything."""
        connection = await asyncpg.connect(self.url("postgres", "postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def prepare(self) -> None:
        """Make the role and the database that others are copied from."""
        await self.tell(f"CREATE ROLE {OWNER} LOGIN")
        await self.tell(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 OWNER {OWNER}")
        await postgres.migrate(self.url(_TEMPLATE))
        connection = await asyncpg.connect(self.url(_TEMPLATE))
        self._catalogue = await connection.fetch(_CATALOGUE)
        await connection.close()

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_somebody(), str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd="/")
        assert done.returncode == 0, done.stdout + done.stderr

    def _asked(self, program: str, *arguments: str) -> int:
        return subprocess.run([str(self._programs / program), *arguments], check=False, timeout=PATIENCE).returncode


class Lent:
    """Has every server that a test starts keep its things in PostgreSQL: a database for each data folder."""

    def __init__(self) -> None:
        self.urls: dict[Path, str] = {}
        self._lending = ExitStack()

    def take(self, data_dir: Path) -> str:
        """The database that stands for a data folder until the test is over."""
        self.urls[data_dir] = url = self._lending.enter_context(postgres_server().lent_to_a_test())
        return url

    def close(self) -> None:
        """Give everything back."""
        self._lending.close()


_lent: list[Lent] = []


def variables(data_dir: Path) -> dict[str, str]:
    """What a server in a process of its own is told, so that it keeps its things where this test wants them."""
    database = Config(data_dir=data_dir).database
    return {} if isinstance(database, Path) else {"PARLANCE_DATABASE_URL": database}


@contextmanager
def on_postgresql() -> Iterator[None]:
    """Whoever is configured without a database in here finds one on PostgreSQL."""
    lent = Lent()
    _lent.append(lent)

    def database(config: Config) -> Any:
        return _USUAL.__get__(config) if config.database_url else _url(config.data_dir)

    with _found_by(database):
        try:
            yield
        finally:
            _lent.remove(lent)
            lent.close()


@contextmanager
def on_sqlite() -> Iterator[None]:
    """Whoever is configured without a database in here finds a file, whatever the run is on."""
    with _found_by(_USUAL.__get__):
        yield


@contextmanager
def _found_by(database: Callable[[Config], Any]) -> Iterator[None]:
    before = vars(Config)["database"]
    setattr(Config, "database", property(database))  # noqa: B010 - a type checker knows it as read-only
    try:
        yield
    finally:
        setattr(Config, "database", before)  # noqa: B010 - see above


def _url(data_dir: Path) -> str:
    """What stands for a data folder already, be it for several tests; or one more for this test."""
    for lent in _lent:
        if data_dir in lent.urls:
            return lent.urls[data_dir]
    return _lent[-1].take(data_dir)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "on_every_database: a test that is run on SQLite, and on PostgreSQL again")
    config.addinivalue_line(
        "markers", "on_sqlite: a test of SQLite's own files, or one that names both, wherever the run is"
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Leave no server behind: processes of a test run that are told to end do not come to `atexit`."""
    if postgres_server.cache_info().currsize:
        postgres_server().remove()
        postgres_server.cache_clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run twice what is marked so."""
    if metafunc.definition.get_closest_marker("on_every_database") is not None:
        run_on_every_database(metafunc)


def run_on_every_database(metafunc: pytest.Metafunc) -> None:
    """On SQLite, and on PostgreSQL again; where everything is, once."""
    if not EVERYTHING:
        metafunc.parametrize("_wherever_the_run_is", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _wherever_servers_of_several_tests_are() -> Iterator[None]:
    """Before any of them is started."""
    with on_postgresql() if EVERYTHING else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _wherever_the_run_is(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL if PARLANCE_TEST_DATABASE, or the test, says so."""
    with _where(request):
        yield


def _where(request: pytest.FixtureRequest) -> AbstractContextManager[None]:
    if request.node.get_closest_marker("on_sqlite") is not None:
        return on_sqlite()
    return on_postgresql() if EVERYTHING or getattr(request, "param", "") == "postgresql" else nullcontext()


@cache
def postgres_server() -> PostgresServer:
    """The server of this test run; a test that cannot have one is ended as one that lacks a program."""
    programs = _programs()
    if programs is None:
        lacking("postgresql")
    server = PostgresServer(programs)
    atexit.register(server.remove)
    server.start()
    _away_from_any_loop(server.prepare)
    return server


def _away_from_any_loop(step: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(step())).result()


def _programs() -> Path | None:
    """The newest there are: Debian keeps them where no PATH leads."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def _as_somebody() -> list[str]:
    """PostgreSQL does not run as root."""
    if os.geteuid() == 0:
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    return ["setpriv"]
