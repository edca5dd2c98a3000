"""Which rows need to be looked at: what of a question a store can answer by itself."""

import operator
from collections.abc import Callable
from typing import Any

import msgspec

from parlance.core.model.text import bytes_of
from parlance.core.model.where.conditions import Among, Compared, Condition, Every, HasAll, Not
from parlance.core.model.where.ordering import Ordering
from parlance.core.model.where.reading import Where

_SPANS: dict[str, str] = {"createdAt": "created", "lm": "last_message"}
_TEXTS: dict[str, str] = {"objectId": "conv_ids", "name": "names", "c": "creators", "uniqueId": "unique_ids"}
_KINDS: dict[str, str] = {"tr": "rooms", "sys": "services"}
_EARLIEST, _LATEST = -(1 << 62), 1 << 62

Texts = tuple[str, ...]
Span = tuple[int, int]
"""Milliseconds, both ends included."""


class Narrowing(msgspec.Struct, frozen=True):
    """What has to hold for a conversation to be looked at; what is None holds for all."""

    members: tuple[Texts, ...] = ()
    """Of each of these, one at least is in it; what has no members that are told of has nobody in it."""
    conv_ids: Texts | None = None
    names: Texts | None = None
    creators: Texts | None = None
    unique_ids: Texts | None = None
    created: Span | None = None
    last_message: Span | None = None
    rooms: bool | None = None
    services: bool | None = None
    temporary: bool = False
    """Look among temporary conversations, and else among all but those."""


class Narrowed(msgspec.Struct, frozen=True):
    """`exact`: no row that is found this way need be looked at again."""

    narrowing: Narrowing
    exact: bool


def narrowed(where: Where) -> Narrowed:
    """What a store can answer of a question."""
    found: dict[str, Any] = {"members": ()}
    taken = [_taken(part, found) for part in _flat(where.parts)]
    return Narrowed(Narrowing(**found), exact=all(taken))


def in_order_of_store(orderings: tuple[Ordering, ...]) -> Ordering | None:
    """The one column by which a store can put conversations in order; None if it takes more than that."""
    return orderings[0] if len(orderings) == 1 and orderings[0].column.is_time else None


def _flat(parts: tuple[Condition, ...]) -> list[Condition]:
    flat: list[Condition] = []
    for part in parts:
        flat += _flat(part.parts) if isinstance(part, Every) else [part]
    return flat


def _taken(part: Condition, found: dict[str, Any]) -> bool:
    """Whether a condition is wholly answered by what `found` says now."""
    if isinstance(part, Among | HasAll) and part.column.steps == ("m",):
        return _members(part, found)
    if isinstance(part, Among) and len(part.column.steps) == 1:
        return _among(part, found)
    if isinstance(part, Compared):
        return _compared(part, found)
    if isinstance(part, Not) and isinstance(part.part, Among):
        return _not_among(part.part, found)
    return False


def _members(part: Among | HasAll, found: dict[str, Any]) -> bool:
    texts = _texts(part)
    if texts is None or (isinstance(part, HasAll) and not texts):
        return False
    found["members"] += (texts,) if isinstance(part, Among) else tuple((text,) for text in texts)
    return True


def _among(part: Among, found: dict[str, Any]) -> bool:
    name = part.column.name
    if name in _KINDS:
        return _kind(part, found, yes=True)
    field = _TEXTS.get(name)
    texts = _texts(part)
    if field is None or texts is None or field in found:
        return False
    found[field] = texts
    return True


def _not_among(part: Among, found: dict[str, Any]) -> bool:
    return part.column.name in _KINDS and len(part.column.steps) == 1 and _kind(part, found, yes=False)


def _kind(part: Among, found: dict[str, Any], *, yes: bool) -> bool:
    field = _KINDS[part.column.name]
    true = ("bool", True) in part.worths
    if field in found or (true and None in part.worths) or not (true or None in part.worths):
        return False
    found[field] = true is yes
    return True


def _texts(part: Among | HasAll) -> Texts | None:
    """The texts that are asked for; None if nothing, or something else, is as well."""
    if any(not isinstance(wanted, str) or not wanted for wanted in part.worths):
        return None
    texts = tuple(sorted(wanted for wanted in part.worths if isinstance(wanted, str)))
    for text in texts:
        bytes_of(text, "where")
    return texts


def _compared(part: Compared, found: dict[str, Any]) -> bool:
    field = _SPANS.get(part.column.name)
    if field is None or not part.column.is_time:
        return False
    time: int = part.bound[1]
    first, last = found.get(field) or (_EARLIEST, _LATEST)
    found[field] = _CUT[part.holding](first, last, max(_EARLIEST, min(time, _LATEST)))
    return True


_CUT: dict[Callable[[Any, Any], bool], Callable[[int, int, int], Span]] = {
    operator.lt: lambda first, last, time: (first, min(last, time - 1)),
    operator.le: lambda first, last, time: (first, min(last, time)),
    operator.gt: lambda first, last, time: (max(first, time + 1), last),
    operator.ge: lambda first, last, time: (max(first, time), last),
}
