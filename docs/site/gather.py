"""Puts the pages where Sphinx finds them, their links turned from files of the repository into pages of the site."""

import posixpath
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from pages import CHINESE, ROOT, Page, contents, pages

_FENCE = re.compile(r"^( *)(```+)[^\n]*\n.*?^ *\2 *$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^)\s]+)\)")
_ANCHOR = re.compile(r'<a id="([^"]+)">')
FILES = "files"
"""Where files of the repository lie that are no pages, and are linked to."""


def gather(language: str, into: Path, extra: Path) -> None:
    """Write one language's pages `into` a folder; files that they link to go in `extra`."""
    known = pages()
    written = set()
    for part in contents(language):
        for page in part.pages:
            turned = _Turned(page, known, into, extra)
            text = _outside_fences((ROOT / page.file).read_text(encoding="utf-8"), turned)
            text += _table_of_contents(language, page)
            written.add(_write(into / f"{page.name}.md", text))
    for old in set(into.rglob("*.md")) - written:
        old.unlink()


def _table_of_contents(language: str, page: Page) -> str:
    """What stands, unseen, behind the first page, and behind the first of the decisions."""
    if page.name == "decisions/index":
        return _toctree("", [each.name for each in pages().values() if each.name.startswith("decisions/0")])
    if page.name != "index":
        return ""
    parts = [(part.title, [each.name for each in part.pages]) for part in contents(language)]
    shown = [
        (title, [name for name in names if name != "index" and not name.startswith("decisions/0")])
        for title, names in parts
    ]
    return "".join(_toctree(title, names) for title, names in shown if names)


def _toctree(title: str, names: list[str]) -> str:
    caption = f":caption: {title}\n" if title else ""
    return f"\n\n```{{toctree}}\n:hidden:\n{caption}\n" + "".join(f"/{name}\n" for name in names) + "```\n"


class _Turned:
    """Turns the links of one page."""

    def __init__(self, page: Page, known: dict[str, Page], into: Path, extra: Path) -> None:
        self._page = page
        self._known = known
        self._into = into
        self._extra = extra

    def __call__(self, text: str) -> str:
        return _LINK.sub(self._link, text)

    def _link(self, found: re.Match[str]) -> str:
        image, text, target = found["image"], found["text"], found["target"]
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        path, _, fragment = target.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(self._page.file), path)) if path else self._page.file
        if image:
            return f"![{text}](/{self._picture(file)})"
        page = self._known.get(file)
        if page is None:
            return self._file(text, file)
        if page.language != self._page.language:
            return f"[{text}]({_address(self._across(page), fragment)})"
        if fragment and fragment in _anchors(file):
            here = page.file == self._page.file
            return f"[{text}]({_address('' if here else self._beside(page.name + '.html'), fragment)})"
        return f"[{text}]({'' if not path else '/' + page.name + '.md'}{'#' if fragment else ''}{fragment})"

    def _picture(self, file: str) -> str:
        copy = self._into / "pictures" / posixpath.basename(file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, copy)
        return f"pictures/{copy.name}"

    def _file(self, text: str, file: str) -> str:
        """A file that is no page can be had as it is; a folder cannot."""
        if not (ROOT / file).is_file():
            return text
        copy = self._extra / FILES / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, copy)
        up = "../" if self._page.language == CHINESE else ""
        return f"[{text}](site:{up}{self._beside(f'{FILES}/{file}')})"

    def _beside(self, address: str) -> str:
        return posixpath.relpath(address, posixpath.dirname(self._page.name) or ".")

    def _across(self, page: Page) -> str:
        """The address of a page of the other language."""
        folder = f"{CHINESE}/" if page.language == CHINESE else "../"
        back = "../" * self._page.name.count("/")
        return f"{back}{folder}{page.name}.html"


def _address(path: str, fragment: str) -> str:
    """An address that Sphinx leaves as it is; `conf.py` knows both words."""
    return f"place:{path}#{fragment}" if fragment else f"site:{path}"


def _anchors(file: str) -> set[str]:
    """The places of a page that were given a name by hand."""
    return set(_ANCHOR.findall((ROOT / file).read_text(encoding="utf-8")))


def _outside_fences(text: str, turned: Callable[[str], str]) -> str:
    """Turn everything but examples."""
    found, at = [], 0
    for fence in _FENCE.finditer(text):
        found += [turned(text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*found, turned(text[at:])])


def _write(path: Path, text: str) -> Path:
    """Only what is new, so that Sphinx reads only that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
