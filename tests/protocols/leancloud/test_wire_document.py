"""docs/wire/leancloud.md describes what the code does."""

import re
from pathlib import Path

import pytest

from parlance.protocols.leancloud import pacing
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codes import CloseCode, ErrorCode
from parlance.protocols.leancloud.commands import conversations, members, messages
from parlance.protocols.leancloud.commands.command import DEEPEST, MOST_CHARACTERS_OF_AN_ID, Command
from parlance.protocols.leancloud.limits import Limits
from parlance.protocols.leancloud.reader import COMMANDS
from parlance.protocols.leancloud.subprotocols import SUBPROTOCOLS

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "wire" / "leancloud.md").read_text(encoding="utf-8")
TABLE = DOCUMENT.partition('<a id="commands"></a>')[2].partition('<a id="signatures"></a>')[0]


def words_of(row: str) -> set[str]:
    """The commands in the first cell of a row: `conv/add_shutup`, and `remove_shutup` for `conv/remove_shutup`."""
    names = re.findall(r"`([a-z_/]+)`", row.split("|")[1]) if row.startswith("|") else []
    kind = names[0].partition("/")[0] if names and "/" in names[0] else ""
    return {name if "/" in name or not kind else f"{kind}/{name}" for name in names}


@pytest.mark.parametrize("command", sorted(COMMANDS, key=str))
def test_every_command_is_in_the_table(command: type[Command]) -> None:
    """By the name that its own first line gives it."""
    described = set().union(*map(words_of, TABLE.splitlines()))
    [name] = re.findall(r"^`([a-z_/]+)`", command.__doc__ or "")
    assert name in described


def test_every_code_is_described() -> None:
    """With its reason, to the letter."""
    for code in ErrorCode:
        assert f"\n| {code.value} | `{code.name}` |" in DOCUMENT, code
    closing = DOCUMENT.partition('<a id="closing"></a>')[2].partition("## Commands")[0]
    assert {str(code.value) for code in CloseCode} == set(re.findall(r"(?m)^\| (\d{4}) \|", closing))


def test_close_codes_are_error_codes_of_the_same_name() -> None:
    """Where they are not WebSocket's own."""
    assert [] == [code for code in CloseCode if code >= 4000 and ErrorCode(code).name != code.name]


def test_limits_are_as_described() -> None:
    """The numbers of the table are those of the code."""
    limits = DOCUMENT.partition('<a id="limits"></a>')[2]
    defaults = Limits()
    for row in (
        f"| frame from a client | {defaults.frame_bytes // 1024} KiB,",
        f"| message with what is pushed for it | {defaults.message_bytes // 1024} KiB |",
        f"| client id | {MOST_CHARACTERS_OF_AN_ID} characters,",
        f"| clients on a socket | {defaults.sessions} |",
        f"| depth of `attr` and `where` | {DEEPEST} |",
        f"| frames in a row that cannot be read | {defaults.bad_frames} |",
        f"| wait for a login | {defaults.login_wait:.0f} s |",
        f"| silence | {defaults.idle:.0f} s |",
    ):
        assert row in limits
    for row in (
        f"| `logs`, in `l` or `limit` | {messages.LOGGED_UNLESS_SAID} | {messages.MOST_LOGGED} |",
        f"| `conv/query` | {conversations.QUERIED_UNLESS_SAID} | {conversations.MOST_QUERIED} |",
        f"| `conv/members` | {conversations.MEMBERS_AT_ONCE} | {conversations.MEMBERS_AT_ONCE} |",
        f"| `conv/query_shutup`, `blacklist/query` | {members.LISTED_UNLESS_SAID} | {members.MOST_LISTED} |",
    ):
        assert row in DOCUMENT


def test_pacing_is_as_described() -> None:
    """In milliseconds."""
    text = DOCUMENT.partition("## Pacing")[2]
    for words, seconds in (
        ("{} ms after `started`", pacing.START_PUSHES_AFTER),
        ("taken up {} ms later |", pacing.COMMAND_AFTER_HELD_PUSHES),
        ("the next command is taken up {} ms later", pacing.COMMAND_AFTER_PUSH),
        ("{} ms after `modified`", pacing.PATCH_PUSHES_AFTER),
    ):
        assert words.format(round(seconds * 1000)) in text


def test_every_capability_and_format_is_named() -> None:
    """Each bit by its number, each sub-protocol by its middle."""
    said = DOCUMENT.partition("**`configBitmap`**")[2].partition("\n\n")[0]
    assert [] == [bit for bit in Capabilities if not re.search(rf"\b{bit.value} ", said)]
    assert [] == [name for name in SUBPROTOCOLS if f"`{name.split('.')[1]}`" not in DOCUMENT]
