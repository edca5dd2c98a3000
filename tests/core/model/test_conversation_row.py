"""Conversations as LeanCloud's rows."""

from typing import Any

import pytest

from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.conversation_query import FoundConversation
from parlance.core.model.conversation_row import RESERVED, conversation_row, object_of
from parlance.kernel.ids import AppId, ClientId, ConvId

MADE = 1767225600000
"""The first moment of 2026."""


def _row(kind: Kind = Kind.GROUP, members: tuple[str, ...] | None = None, **more: Any) -> dict[str, Any]:
    conversation = Conversation(
        1, AppId("hall"), ConvId("c1"), kind, more.pop("creator", ClientId("ada")), MADE, 9, **more
    )
    who = None if members is None else tuple(map(ClientId, members))
    return conversation_row(FoundConversation(conversation, who, who or ()))


def test_what_every_conversation_says() -> None:
    """Its id, its times and who made it."""
    at = "2026-01-01T00:00:00.000Z"
    assert {"objectId": "c1", "createdAt": at, "updatedAt": at, "c": "ada", "conv_type": 1} == _row()


def test_what_some_say() -> None:
    """A name, attributes, columns of the app's own, a newest message, an id to be found again by, and who is in it."""
    row = _row(
        members=("ada", "ben"),
        name="Club",
        ext='{"a":[1]}',
        columns='{"topic":"x"}',
        updated_at=MADE + 1,
        last_message_at=MADE + 1_002,
        unique_id="u1",
    )
    assert ("Club", {"a": [1]}, "x") == (row["name"], row["attr"], row["topic"])
    assert "2026-01-01T00:00:00.001Z" == row["updatedAt"]
    assert {"__type": "Date", "iso": "2026-01-01T00:00:01.002Z"} == row["lm"]
    assert (True, "u1") == (row["unique"], row["uniqueId"])
    assert (["ada", "ben"], ["ada", "ben"]) == (row["m"], row["mu"])


@pytest.mark.parametrize(
    ("kind", "flag", "number"),
    [(Kind.ROOM, "tr", 2), (Kind.SERVICE, "sys", 3), (Kind.TEMPORARY, "temp", 4), (Kind.DIRECT, None, 1)],
)
def test_kinds(kind: Kind, flag: str | None, number: int) -> None:
    """A kind has its number, and a flag that is there only if it is true."""
    row = _row(kind)
    assert number == row["conv_type"]
    assert {flag} - {None} == {name for name in ("tr", "sys", "temp") if row.get(name)}


def test_what_nobody_made_says_so() -> None:
    """Nothing is said of who made it, rather than an empty text."""
    assert "c" not in _row(creator=ClientId(""))


def test_columns_cannot_pretend() -> None:
    """Whatever stands under a name that says what is so, is not shown."""
    columns = ",".join(f'"{name}":"x"' for name in sorted(RESERVED))
    assert _row() == _row(columns=f"{{{columns}}}")


@pytest.mark.parametrize("ext", ["[1]", "1", "null", "{", '"x"', "{}", "[" * 100_000])
def test_what_is_no_object_is_no_attribute(ext: str) -> None:
    """What another dialect keeps there may be anything."""
    assert "attr" not in _row(ext=ext)
    assert {} == object_of(ext)


def test_a_subscription_is_shown() -> None:
    """Since when, in milliseconds."""
    conversation = Conversation(1, AppId("hall"), ConvId("c1"), Kind.SERVICE, ClientId("ada"), MADE, 9)
    row = conversation_row(FoundConversation(conversation, None, joined_at=MADE))
    assert (True, MADE) == (row["joined"], row["joinedAt"])
