"""A real server in a process of its own, a real browser, and pages that may not go wrong unseen.

There is one server for all, and one browser a module (longer, its loop would be in the way of other tests'). A page of
its own, in a context of its own, is what every test gets.
"""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.watching import Watch, watching
from cli.conftest import PROGRAM, Running, clean_environment, listening
from databases import variables

FLAGS = (
    # Containers run as root, and where there is no graphics card.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # A browser has business of its own with servers elsewhere.
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds that something on a page is waited for: a busy machine takes its time."""

Open = Callable[..., Watch]

expect.set_options(timeout=PATIENCE)


class Served:
    """`parlance dev` on a data folder; it can end, and come back at the same address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._running: Running | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def said(self) -> list[str]:
        """What it printed until it listened, and what came with that."""
        return [] if self._running is None else self._running.said

    def start(self) -> None:
        """Begin, or come back."""
        self.data.mkdir(exist_ok=True)
        process = subprocess.Popen(
            [*PROGRAM, "dev", "--port", str(self._port), "--data", str(self.data / "data")],
            env=clean_environment(**variables(self.data / "data")),
            cwd=self.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._running = Running(process, *listening(process))
        self._port = int(self._running.url.rpartition(":")[2])
        assert process.stdout is not None
        self._reader = threading.Thread(target=process.stdout.read)
        self._reader.start()

    def stop(self) -> None:
        """End, as an operator ends it."""
        if self._running is not None:
            assert 0 == self._running.stop()
            self._reader.join()
            assert self._running.process.stdout is not None
            self._running.process.stdout.close()
            self._running = None


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server, from the first test that wants it to the end."""
    server = Served(tmp_path_factory.mktemp("browser"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or whose name stands in the path."""
    where = shutil.which("chromium")
    assert where is not None
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=where, args=FLAGS, timeout=2 * PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(served: Served, browser: Browser) -> Iterator[Open]:
    """Opens pages, in a browser that remembers nothing; what went wrong in one fails the test.

    `wide`, `high`: pixels of the window. What a browser's context takes besides may be given, too.
    """
    opened: list[Watch] = []

    def run(wide: int = 1280, high: int = 860, **more: object) -> Watch:
        context = browser.new_context(
            reduced_motion="reduce",  # what is on its way in is fainter for a moment
            base_url=served.url,
            viewport={"width": wide, "height": high},
            permissions=["clipboard-read", "clipboard-write"],
            **more,  # type: ignore[arg-type] # playwright says which
        )
        context.set_default_timeout(PATIENCE)
        opened.append(watching(context.new_page(), served.url))
        return opened[-1]

    yield run
    for watch in opened:
        watch.page.context.close()
    for watch in opened:
        assert [] == watch.unforgiven


@pytest.fixture
def watch(open_page: Open) -> Watch:
    """One page, at the width of a laptop, with everything that went wrong in it."""
    return open_page()


@contextmanager
def away(served: Served) -> Iterator[None]:
    """Have the server gone for a while."""
    served.stop()
    try:
        yield
    finally:
        served.start()
