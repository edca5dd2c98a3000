"""Reading `where`: a list of `[field, op, value]`, all of which must hold."""

from collections.abc import Callable
from typing import Any

from parlance.apis.platform.ids import read_json, read_written_time
from parlance.core.model.search import Condition, Field, Op
from parlance.core.model.user import client_id
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import bad_format, missing

MOST_CONDITIONS = 32
MOST_VALUES = 1_000
LONGEST_VALUE = 256
LARGEST_NUMBER = 2**63 - 1

WHERE = "where"
TIMES = (Field.CREATED, Field.UPDATED)
CLIENTS = (Field.CREATOR, Field.MEMBER)
ALSO_CALLED = {"user_id": Field.MEMBER}

# A time written out names a whole second: what is said of it is said of its first or last millisecond.
_SECONDS: dict[Op, Callable[[int], tuple[tuple[Op, int], ...]]] = {
    Op.EQUAL: lambda at: ((Op.GREATER_OR_EQUAL, at), (Op.LESS, at + SECOND)),
    Op.GREATER: lambda at: ((Op.GREATER_OR_EQUAL, at + SECOND),),
    Op.GREATER_OR_EQUAL: lambda at: ((Op.GREATER_OR_EQUAL, at),),
    Op.LESS: lambda at: ((Op.LESS, at),),
    Op.LESS_OR_EQUAL: lambda at: ((Op.LESS, at + SECOND),),
}


def conditions(raw: Any) -> list[Condition]:
    """Read a `where`, which may be JSON in a string. Raises MISSING_FIELD, BAD_FORMAT."""
    if raw is None or raw == "":
        raise missing(WHERE)
    found = read_json(raw, WHERE)
    if not isinstance(found, list):
        raise bad_format(WHERE, "a list of [field, op, value] is expected")
    if len(found) > MOST_CONDITIONS:
        raise bad_format(WHERE, f"at most {MOST_CONDITIONS} conditions")
    return [condition for one in found for condition in _condition(one)]


def some_conditions(raw: Any) -> list[Condition]:
    """Read a `where` that decides what is changed: an empty one is not taken for "everything"."""
    found = conditions(raw)
    if not found:
        raise missing(WHERE)
    return found


def _condition(raw: Any) -> list[Condition]:
    if not isinstance(raw, list) or len(raw) != 3:
        raise bad_format(WHERE, "a condition is [field, op, value]")
    field, op = _field(raw[0]), _op(raw[1])
    if op is Op.IN:
        if not isinstance(raw[2], list) or not 1 <= len(raw[2]) <= MOST_VALUES:
            raise bad_format(WHERE, f"in takes a list of 1 to {MOST_VALUES} values")
        return [Condition(field, op, tuple(_value(field, op, value) for value in raw[2]))]
    at = read_written_time(raw[2]) if field in TIMES and isinstance(raw[2], str) else None
    if at is not None:
        if op not in _SECONDS:
            raise bad_format(WHERE, f"a time written out is not compared with {op}")
        return [Condition(field, compared, (with_it,)) for compared, with_it in _SECONDS[op](at)]
    return [Condition(field, op, (_value(field, op, raw[2]),))]


def _field(raw: Any) -> Field:
    try:
        return ALSO_CALLED[raw] if raw in ALSO_CALLED else Field(raw)
    except (ValueError, TypeError):
        raise bad_format(WHERE, "unknown field") from None


def _op(raw: Any) -> Op:
    try:
        return Op(raw)
    except ValueError:
        raise bad_format(WHERE, "unknown op") from None


def _value(field: Field, op: Op, raw: Any) -> str | int:
    """A value in the type that the field is compared in."""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise bad_format(WHERE, f"{field} is compared with a text or a number")
    if isinstance(raw, str) and len(raw) > LONGEST_VALUE:
        raise bad_format(WHERE, f"a value has at most {LONGEST_VALUE} characters")
    if field.is_number:
        return _number(field, raw)
    if field in CLIENTS and op is not Op.LIKE:
        return client_id(raw, WHERE)
    return str(raw)


def _number(field: Field, raw: str | int) -> int:
    try:
        number = int(raw)
    except ValueError:
        raise bad_format(WHERE, f"{field} is compared with a number") from None
    if abs(number) > LARGEST_NUMBER:
        raise bad_format(WHERE, f"{field} is compared with a smaller number")
    return number
