"""How statements and values are spelled for PostgreSQL."""

import re
from collections.abc import Sequence
from functools import lru_cache

from parlance.stores.sql.engine import Value

_EACH_TEXT = re.compile(r"EACH_TEXT\((\$\d+)\)")
_EACH_NUMBER = re.compile(r"EACH_NUMBER\((\$\d+)\)")
_LIKE = re.compile(r"LIKE_TEXT\((.+?), (\$\d+)\)")

_EACH = r"(SELECT item.value, item.position FROM unnest(\1::{type}[]) WITH ORDINALITY AS item(value, position))"
_NUL, _NEVER_STORED = "\x00", "\uffff"


@lru_cache(maxsize=1024)
def spelled(text: str) -> str:
    """The text as PostgreSQL takes it (see `stores/sql/engine.py` for what it may contain)."""
    text = _EACH_TEXT.sub(_EACH.format(type="text"), text)
    text = _EACH_NUMBER.sub(_EACH.format(type="bigint"), text)
    # Without an escape; our texts have the collation "C", in which only ASCII letters have a case.
    text = _LIKE.sub(r"CAST(\1 AS text) ILIKE \2 ESCAPE ''", text)
    return text.replace("FOR_UPDATE", "FOR UPDATE")


def sought(values: Sequence[Value]) -> Sequence[Value]:
    """The values as they may be looked for: PostgreSQL takes no NUL, so nothing that is stored has one."""
    if any(isinstance(value, str | list) and _has_nul(value) for value in values):
        return [_without_nul(value) for value in values]
    return values


def _has_nul(value: str | Sequence[int] | Sequence[str]) -> bool:
    if isinstance(value, str):
        return _NUL in value
    return any(isinstance(item, str) and _NUL in item for item in value)


def _without_nul(value: Value) -> Value:
    if isinstance(value, str):
        return value.replace(_NUL, _NEVER_STORED)
    if isinstance(value, list):
        return [item.replace(_NUL, _NEVER_STORED) if isinstance(item, str) else item for item in value]
    return value
