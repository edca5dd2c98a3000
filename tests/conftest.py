"""What every test has: `town`, a real server with the standing cast, and the mark `needs`."""

import gc
import io
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

import cast
from cast import Town, running

pytest_plugins = ("needs", "databases")

# The same examples in every run, however slow the machine. `--hypothesis-profile=elsewhere` looks for others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usual", _PATIENT, derandomize=True, database=None)
settings.register_profile("elsewhere", _PATIENT, max_examples=2_000)
settings.load_profile("usual")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and Ctrl-C what it is: programs of a run in the background inherit that it is nothing."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if cast.SERVERS > 1 and os.environ.get("PARLANCE_TEST_DATABASE") != "postgresql":
        raise pytest.UsageError("PARLANCE_TEST_SERVERS needs PARLANCE_TEST_DATABASE=postgresql")
    config.addinivalue_line("markers", "by_one_server: a test of what each server does by itself, or counts")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say by how many servers the town of a test is to be served."""
    cast.servers = 1 if item.get_closest_marker("by_one_server") else cast.SERVERS


def pytest_collection_finish() -> None:
    """Look through what was imported once, and not again and again beside every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A running server with Ada, Ben and Cy of `hall`, and Dora of `annex`."""
    async with running(tmp_path / "data") as town:
        yield town


@pytest.fixture
def log_stream() -> Iterator[io.StringIO]:
    """Where a test may send the log; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    logging.getLogger("aiohttp.access").disabled = False
    logging.getLogger("alembic").setLevel(logging.NOTSET)
    structlog.reset_defaults()
