"""What a page did while a test looked at it: errors, refusals, and every request."""

import fcntl
import io
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from needs import lacking

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "docs" / "screenshots"
SEVERE = {"error", "warning"}
OF_NO_SERVER = (
    "net::ERR_CONNECTION_",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING",
    "net::ERR_CONTENT_LENGTH_MISMATCH",
)
"""What a browser says of a server that is gone, at whatever moment of an answer it went."""


@dataclass
class Watch:
    """A page and what went wrong in it: nothing may, unless the test says so with `forgive`."""

    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    """Every address that was asked for."""
    wrong: list[str] = field(default_factory=list)
    _forgiven: list[str] = field(default_factory=list)

    def forgive(self, *words: str) -> None:
        """Take back what the test has brought about itself: everything wrong in which one of the words stands.

        Also what the browser comes to say of it later: it tells of an answer and of what became of it on two ways.
        """
        self._forgiven += words

    @property
    def unforgiven(self) -> list[str]:
        """All that went wrong and was not to."""
        return [each for each in self.wrong if not any(word in each for word in self._forgiven)]

    def forgive_absence(self) -> None:
        """The server was gone, and the browser said so."""
        self.forgive(*OF_NO_SERVER, "WebSocket connection to")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.home, self.home.replace("http", "ws", 1), "data:", "blob:")):
            self.wrong.append(f"asked {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status} from {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in SEVERE:
            self.wrong.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


def watching(page: Page, home: str) -> Watch:
    """Look at a page from its beginning. Violations of the content policy are errors in its console."""
    watch = Watch(page, home)
    page.on("request", watch._asked)
    page.on("response", watch._answered)
    page.on("console", watch._said)
    page.on("pageerror", lambda error: watch.wrong.append(f"raised {error}"))
    page.on("websocket", lambda socket: watch.requests.append(socket.url))
    return watch


def accessible(page: Page) -> list[str]:
    """What axe finds wrong with a page: contrast, names, roles, order. A line each.

    The page's policy lets no other script in, so it is put there by the browser's own hand.
    """
    script = (_axe() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:160]} — {json.dumps(node['any'][0]['message'] if node['any'] else each['help'])}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def shot(page: Page, name: str) -> None:
    """Keep a picture of a page for the READMEs, if pictures are asked for; in 256 colours, a third of the bytes."""
    if os.environ.get("PARLANCE_TEST_SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        small = taken.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(SCREENSHOTS / f"{name}.png", optimize=True)


def tab_order(page: Page, count: int) -> Sequence[str]:
    """What the Tab key reaches, one after the other: each by its name."""
    named = "e => e.getAttribute('aria-label') || e.textContent.trim() || e.placeholder || e.tagName"
    order = []
    for _ in range(count):
        page.keyboard.press("Tab")
        order.append(str(page.locator(":focus").evaluate(named)))
    return order


def _axe() -> Path:
    """The folder with axe in it, in exactly the version of its lock; one worker installs for all."""
    stamp, lock = HERE / "node_modules" / ".parlance", (HERE / "package-lock.json").read_text(encoding="utf-8")
    with (HERE / "package.json").open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
            npm = shutil.which("npm")
            assert npm is not None
            words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            if subprocess.run(words, cwd=HERE, check=False, timeout=300, capture_output=True).returncode != 0:
                lacking("axe-core from a package index (npm ci)")
            stamp.write_text(lock, encoding="utf-8")
    return HERE
