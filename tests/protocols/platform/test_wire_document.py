"""docs/wire/platform.md describes what the code does."""

from pathlib import Path
from typing import get_args

from parlance.protocols.platform.codes import CloseCode
from parlance.protocols.platform.commands import Command
from parlance.protocols.platform.payloads import ServerFrame

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "wire" / "platform.md").read_text(encoding="utf-8")


def test_every_message_is_described() -> None:
    """Whatever travels is on the page, by its name."""
    for struct in (*get_args(Command), *get_args(ServerFrame)):
        assert f"`{struct.__struct_config__.tag}`" in DOCUMENT, struct


def test_every_close_code_is_described() -> None:
    """With what to do about it."""
    for code in CloseCode:
        assert f"\n| {code.value} | " in DOCUMENT
