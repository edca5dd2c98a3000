"""docs/wire/platform.md and the code that cites it."""

import re
from pathlib import Path
from typing import get_args

from parlance.protocols.platform.codes import CloseCode
from parlance.protocols.platform.commands import Command
from parlance.protocols.platform.payloads import ServerFrame

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "wire" / "platform.md").read_text(encoding="utf-8")
ANCHORS = re.findall(r'<a id="([^"]+)"></a>', DOCUMENT)
CITATION = re.compile(r"wire: platform#([\w-]+)")


def test_every_citation_arrives() -> None:
    """In the code, and in the tests."""
    for folder in ("src", "tests"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for anchor in CITATION.findall(file.read_text(encoding="utf-8")):
                assert anchor in ANCHORS, f"{file.relative_to(ROOT)} cites {anchor}"


def test_every_link_within_arrives() -> None:
    """And no anchor is there twice."""
    assert len(set(ANCHORS)) == len(ANCHORS)
    for anchor in re.findall(r"\]\(#([^)]+)\)", DOCUMENT):
        assert anchor in ANCHORS


def test_every_link_to_a_file_arrives() -> None:
    """The picture among them."""
    for target in re.findall(r"\]\((\.\.?/[^)#]+)\)", DOCUMENT):
        assert (ROOT / "docs" / "wire" / target).is_file(), target


def test_every_message_is_described() -> None:
    """Whatever travels is on the page, by its name."""
    for struct in (*get_args(Command), *get_args(ServerFrame)):
        assert f"`{struct.__struct_config__.tag}`" in DOCUMENT, struct


def test_every_close_code_is_described() -> None:
    """With what to do about it."""
    for code in CloseCode:
        assert f"\n| {code.value} | " in DOCUMENT
