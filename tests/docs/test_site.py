"""The site is made of the pages without a warning, leads nowhere that is not there, and asks nothing of others."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.site_pages import PAGES, ROOT

BUILT = ROOT / "build/docs"
"""Made once, and again when a page has changed: seconds, or none."""
_LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src", "video": "src"}
_NOT_LOADED = frozenset({"canonical", "alternate", "next", "prev", "search", "index", "author"})
_ADDRESS_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What a page links to, loads, and can be linked to at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.language = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of it."""
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        address = given.get(_LOADED.get(tag, ""))
        if address and given.get("rel", "") not in _NOT_LOADED:
            self.loads.append(address)


@pytest.fixture(scope="module")
def site() -> dict[Path, Page]:
    """Every page that was made."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/site/build.py"), str(BUILT)], capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    return {path: Page(path) for path in sorted((BUILT / "html").rglob("*.html"))}


def test_every_page_is_there(site: dict[Path, Page]) -> None:
    """In its language, and says so to who reads it aloud or looks it up."""
    made = {path.relative_to(BUILT / "html").as_posix() for path in site}
    assert {"index.html", "start.html", "apis/platform.html", "zh-CN/index.html", "zh-CN/client.html"} <= made
    assert len(PAGES) <= len(made)
    assert {"en"} == {page.language for path, page in site.items() if "zh-CN" not in path.parts}
    assert {"zh-CN"} == {page.language for path, page in site.items() if "zh-CN" in path.parts}


def test_every_link_arrives(site: dict[Path, Page]) -> None:
    """At a page or file that is there, and at a place that is in it."""
    lost = [
        f"{path.relative_to(BUILT)}: {link}"
        for path, page in site.items()
        for link in page.links
        if "://" not in link and not link.startswith("mailto:") and not arrives(site, path, unquote(link))
    ]
    assert [] == lost


def arrives(site: dict[Path, Page], path: Path, link: str) -> bool:
    """Whether a link leads somewhere."""
    address, _, place = link.partition("#")
    target = (path.parent / address.partition("?")[0]).resolve() if address else path
    if target.is_dir():
        target /= "index.html"
    if target not in site:
        return target.is_file()
    return not place or place in site[target].places


def test_nothing_comes_from_elsewhere(site: dict[Path, Page]) -> None:
    """No script, style, font or picture: the pages work on a machine without a network."""
    foreign = [(path.name, address) for path, page in site.items() for address in page.loads if "//" in address]
    assert [] == foreign
    for style in (BUILT / "html").rglob("*.css"):
        found = [one or other for one, other in _ADDRESS_IN_STYLE.findall(style.read_text(encoding="utf-8"))]
        assert [] == [address for address in found if address.startswith(("http:", "https:", "//"))], style


def test_each_page_leads_to_the_other_language(site: dict[Path, Page]) -> None:
    """To the same page where there is one, else to the first."""
    html = BUILT / "html"
    assert "zh-CN/client.html" in site[html / "client.html"].links
    assert "../zh-CN/index.html" in site[html / "wire/platform.html"].links
    assert "../client.html" in site[html / "zh-CN/client.html"].links
