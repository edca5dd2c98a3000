"""What is said about a conversation, as LeanCloud names it: columns, and changes to them by dotted keys.

The column `name` is the conversation's name, `attr` its extension as long as that is an object. Everything else that
an app keeps about it stands in its `columns`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from parlance.core.model.conversation import LARGEST_EXT, Conversation, judge_ext
from parlance.core.model.conversation_row import RESERVED, object_of
from parlance.core.model.text import bytes_of
from parlance.kernel.faults import bad_format

UNTOUCHED = RESERVED | frozenset(
    (
        *("className", "__type"),
        *("msg", "bin", "msg_from", "msg_mid", "msg_timestamp", "patch_timestamp", "mention_all", "mention_pids"),
    )
)
"""Columns that say what is so; nobody sets them."""

DEEPEST = 100
"""Parts of a dotted key."""

_NOTHING: Any = object()
_LARGEST_NUMBER = 1 << 63


class Said(msgspec.Struct, frozen=True):
    """The three places in which columns are kept; `ext` and `columns` are JSON text."""

    name: str
    ext: str | None
    columns: str | None


def columns_of(conversation: Conversation) -> dict[str, Any]:
    """What is said about a conversation, by columns; "" and nothing are left out."""
    found: dict[str, Any] = {"name": conversation.name} if conversation.name else {}
    found.update(object_of(conversation.columns))
    if attributes := object_of(conversation.ext):
        found["attr"] = attributes
    return found


def said_by(columns: Mapping[str, Any]) -> Said:
    """Where columns are kept; those that are reserved are left out. Raises BAD_FORMAT for what cannot be kept."""
    kept = {name: value for name, value in columns.items() if name not in UNTOUCHED and value is not None}
    name = kept.pop("name", "")
    if not isinstance(name, str):
        raise bad_format("name", "a name is a string")
    ext = _text(kept.pop("attr")) if isinstance(kept.get("attr"), Mapping) else None
    said = Said(name, ext, _text(kept) if kept else None)
    judge_said(said)
    return said


def judge_said(said: Said) -> None:
    """Refuse what is too large, or no text: BAD_FORMAT."""
    judge_ext(said.ext)
    for field, text in (("name", said.name), ("columns", said.columns or "")):
        if bytes_of(text, field) > LARGEST_EXT:
            raise bad_format(field, f"what is said about a conversation has at most {LARGEST_EXT} bytes")


def applied(conversation: Conversation, changes: Mapping[str, Any]) -> tuple[Conversation, dict[str, Any]]:
    """The conversation after `changes`, and what the changed keys have come to (deleted ones are left out).

    A key may lead into a column by dots; a value `{"__op": …}` changes what is there. What is reserved is not
    touched. Raises BAD_FORMAT, naming the key.
    """
    columns = columns_of(conversation)
    asked = asked_of(changes)
    for key, change in asked.items():
        _apply(columns, key, change)
    said = said_by(columns)
    # What was not asked to be changed stays as it was written.
    ext = said.ext if any(_column(key) == "attr" for key in asked) else conversation.ext
    after = msgspec.structs.replace(conversation, name=said.name, ext=ext, columns=said.columns)
    now = columns_of(after)
    found = ((key, _at(now, key.split("."))) for key in asked)
    return after, {key: value for key, value in found if value is not _NOTHING}


def asked_for(before: Conversation, after: Conversation) -> tuple[dict[str, Any], dict[str, Any]] | tuple[None, None]:
    """The changes by which the one becomes the other, and what they come to; None if no column differs."""
    was, now = columns_of(before), columns_of(after)
    modified = {key: value for key, value in now.items() if key not in was or was[key] != value}
    asked = modified | {key: {"__op": "Delete"} for key in was if key not in now}
    return (asked, modified) if asked else (None, None)


def asked_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes without those of reserved columns."""
    return {key: change for key, change in changes.items() if _column(key) not in UNTOUCHED}


def _column(key: str) -> str:
    return key.partition(".")[0]


def _apply(columns: dict[str, Any], key: str, change: object) -> None:
    parts = key.split(".")
    if not all(parts) or len(parts) > DEEPEST:
        raise bad_format(key[:100], f"a key is 1 to {DEEPEST} names, joined by dots")
    place: dict[str, Any] = columns
    for part in parts[:-1]:
        inner = place.get(part)
        if inner is not None and not isinstance(inner, Mapping):
            raise bad_format(key[:100], f"{part} is no object")
        if inner is None and _is_deletion(change):
            return
        # It may be somebody else's object, so it is copied on the way down.
        place[part] = place = dict(inner or {})
    last = parts[-1]
    value = _operated(key, place.get(last), change) if _is_operation(change) else change
    if value is _NOTHING:
        place.pop(last, None)
    else:
        place[last] = value


def _is_operation(change: object) -> bool:
    return isinstance(change, Mapping) and "__op" in change


def _is_deletion(change: object) -> bool:
    return isinstance(change, Mapping) and change.get("__op") == "Delete"


def _operated(key: str, before: object, change: Any) -> Any:
    name = change["__op"]
    operation = _OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise bad_format(key[:100], "unknown operation")
    try:
        return operation(before, change)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise bad_format(key[:100], f"{name} cannot be done there") from None


def _incremented(before: Any, change: Mapping[str, Any]) -> int | float:
    return _sum(before, change.get("amount", 1))


def _decremented(before: Any, change: Mapping[str, Any]) -> int | float:
    return _sum(before, -_number(change.get("amount", 1)))


def _sum(before: Any, amount: Any) -> int | float:
    total = _number(0 if before is None else before) + _number(amount)
    if not (math.isfinite(total) and -_LARGEST_NUMBER <= total < _LARGEST_NUMBER):
        raise ValueError("too large")
    return total


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return value


def _added(before: Any, change: Mapping[str, Any]) -> list[Any]:
    return [*_list(before), *_list(change["objects"])]


def _added_once(before: Any, change: Mapping[str, Any]) -> list[Any]:
    found = _list(before).copy()
    there = set(map(_key, found))
    for value in _list(change["objects"]):
        if _key(value) not in there:
            there.add(_key(value))
            found.append(value)
    return found


def _removed(before: Any, change: Mapping[str, Any]) -> list[Any]:
    gone = set(map(_key, _list(change["objects"])))
    return [value for value in _list(before) if _key(value) not in gone]


def _key(value: Any) -> bytes:
    """By which equal values are told: 1 and true are not equal."""
    return msgspec.json.encode(value, order="deterministic")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _bits(combine: Callable[[int, int], int]) -> Callable[[Any, Mapping[str, Any]], int]:
    def combined(before: Any, change: Mapping[str, Any]) -> int:
        mine, theirs = (0 if before is None else before), change["value"]
        if type(mine) is not int or type(theirs) is not int:
            raise TypeError("not a number")
        return combine(mine, theirs)

    return combined


def _deleted(_: Any, __: Mapping[str, Any]) -> Any:
    return _NOTHING


_OPERATIONS: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "Delete": _deleted,
    "Increment": _incremented,
    "Decrement": _decremented,
    "Add": _added,
    "AddUnique": _added_once,
    "Remove": _removed,
    "BitAnd": _bits(lambda mine, theirs: mine & theirs),
    "BitOr": _bits(lambda mine, theirs: mine | theirs),
    "BitXor": _bits(lambda mine, theirs: mine ^ theirs),
}


def _at(columns: Mapping[str, Any], parts: list[str]) -> Any:
    value: Any = columns
    for part in parts:
        if not isinstance(value, Mapping) or part not in value:
            return _NOTHING
        value = value[part]
    return value


def _text(value: Mapping[str, Any]) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError, UnicodeEncodeError):
        raise bad_format("columns", "that is no JSON") from None
