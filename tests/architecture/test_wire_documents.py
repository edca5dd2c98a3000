"""The rules of the wire and the code that cites them: every page of docs/wire."""

import re
from pathlib import Path

import pytest

from architecture.test_house import sources

ROOT = Path(__file__).parents[2]
PAGES = {page.stem: page for page in sorted((ROOT / "docs" / "wire").glob("*.md")) if page.stem != "README"}
CITATION = re.compile(r"wire: ([a-z]+)#([\w-]+)")


def anchors(page: str) -> list[str]:
    """The rules of a page, by name."""
    return re.findall(r'<a id="([^"]+)"></a>', PAGES[page].read_text(encoding="utf-8"))


def test_every_citation_arrives() -> None:
    """In the code, and in the tests."""
    rules = {(page, anchor) for page in PAGES for anchor in anchors(page)}
    lost = [
        f"{file.relative_to(ROOT)} cites {page}#{anchor}"
        for file in sources("src", "tests")
        for page, anchor in CITATION.findall(file.read_text(encoding="utf-8"))
        if (page, anchor) not in rules
    ]
    assert [] == lost


@pytest.mark.parametrize("page", PAGES)
def test_no_rule_has_the_name_of_another(page: str) -> None:
    """Or a citation would arrive at two places."""
    assert len(set(anchors(page))) == len(anchors(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_arrives(page: str) -> None:
    """Within the page, and to the files beside it, the picture among them."""
    text = PAGES[page].read_text(encoding="utf-8")
    assert set() == set(re.findall(r"\]\(#([^)]+)\)", text)) - set(anchors(page))
    targets = re.findall(r"\]\((\.\.?/[^)#]+)\)", text)
    assert [] == [target for target in targets if not (PAGES[page].parent / target).is_file()]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_listed(page: str) -> None:
    """In the README beside it."""
    assert f"]({page}.md)" in (ROOT / "docs" / "wire" / "README.md").read_text(encoding="utf-8")
