"""What a page says to type is typed, in a fresh folder, with a real server; what cannot be is at least read."""

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.blocks import Block, blocks
from docs.site_pages import PAGES
from docs.terminal import ROOT, Terminal

SHOWS = {"docs/start.md": ("msg.new", "Hello, Jerry!")}
"""What has to appear in some terminal."""


def names(page: Path) -> str:
    """The page as a reader knows it."""
    return page.relative_to(ROOT).as_posix()


def runs(block: Block) -> bool:
    """Whether it is for a shell, and is run here."""
    return block.is_shell and not block.why_not


TRIED = [page for page in PAGES if ".zh-CN" not in page.name and any(runs(block) for block in blocks(page))]
"""In English: the same is shown in Chinese, as is tried below."""
NOT_RUN = [block for page in PAGES for block in blocks(page) if block.is_shell and block.why_not]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where `parlance` is had quickly."""
    address = tmp_path_factory.mktemp("commands") / "line"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    with subprocess.Popen([sys.executable, "-m", "docs.commands", str(address)], env=environment) as process:
        while not address.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield address
        process.terminate()


@pytest.mark.parametrize("page", TRIED, ids=names)
def test_what_a_page_says_works(page: Path, tmp_path: Path, commands: Path) -> None:
    """One block after the other, as its reader would."""
    shown = Terminal(tmp_path, commands).play(blocks(page))
    assert [] == [words for words in SHOWS.get(names(page), ()) if words not in shown], shown


@pytest.mark.parametrize("block", NOT_RUN, ids=lambda block: f"{names(block.page)}:{block.line}")
def test_what_is_not_run_can_be_read(block: Block) -> None:
    """By a shell, at least. (That `parlance` knows the commands and flags, tests/architecture tries on every page.)"""
    subprocess.run(["bash", "-n", "-c", re.sub("<[^>]*>", "x", block.text)], check=True, capture_output=True)


def test_nothing_for_a_shell_hides() -> None:
    """What looks like shell says that it is, and so is run."""
    hidden = [
        f"{names(block.page)}:{block.line}"
        for page in PAGES
        for block in blocks(page)
        if block.looks_like_shell and not block.is_shell
    ]
    assert [] == hidden


def test_every_mark_is_known() -> None:
    """A block that is not run says why; another mark would be a slip of the pen."""
    marks = [block for page in PAGES for block in blocks(page) if block.mark]
    assert [] == [names(block.page) for block in marks if not (block.stays or block.why_not)]


@pytest.mark.parametrize("page", ["docs/client.md", "docs/client.zh-CN.md"])
def test_the_bot_on_the_page_is_the_bot(page: str) -> None:
    """Word for word the example that is run elsewhere."""
    (bot,) = [block for block in blocks(ROOT / page) if block.file == "echo_bot.py"]
    assert (ROOT / "examples/echo_bot.py").read_text(encoding="utf-8") == bot.text.partition("\n")[2]


def test_both_languages_show_the_same() -> None:
    """Examples of the two differ in words, not in what they do."""
    for page in PAGES:
        other = page.with_name(page.stem + ".zh-CN.md")
        if other in PAGES:
            assert [shape(block) for block in blocks(page)] == [shape(block) for block in blocks(other)], names(page)


def shape(block: Block) -> tuple[str, str, list[str]]:
    """What does not depend on the language it is explained in."""
    if block.language == "python":
        tree = ast.parse(block.text)
        return block.language, block.mark, [type(node).__name__ for node in ast.walk(tree)]
    return block.language, block.mark, [line.partition("#")[0].strip()[:30] for line in block.text.splitlines()]
