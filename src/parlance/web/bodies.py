"""Reading what a call was sent: JSON bodies and query strings, into the struct that the call declares.

Everything that can be wrong with them is a `Fault` that names the field. Rules, for every dialect:

- A field sent as null is a field not sent.
- A name sent twice is refused, wherever it stands: two readers could take different ones.
- Text has no NUL and no half of a surrogate pair: not every store could keep it.
- A JSON body is judged by what it is, not by its Content-Type, which curl's `-d` gets wrong.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

import msgspec
from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode, bad_format, missing

Fields = TypeVar("Fields")

DEEPEST = 64
"""How deeply lists and objects may be nested in each other."""

_MISSING = re.compile(r"missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_AT = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_PLACE_IN_LIST = re.compile(r"\[[^]]*\]")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,1000}")
"""As long as JSON may have them, within reason: a page that far out is empty, and no other kind of wrong."""


async def read_object(request: web.Request, most: int) -> dict[str, Any]:
    """The JSON object in a request's body, at most `most` bytes; {} if there is no body."""
    if not request.body_exists:
        return {}
    if (request.content_length or 0) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    body = await request.read()
    if len(body) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    if not body:
        return {}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Fault(FaultCode.MALFORMED, "the body is not UTF-8") from None
    found = parse(text, "body")
    if not isinstance(found, dict):
        raise Fault(FaultCode.MALFORMED, "the body is not a JSON object")
    return found


def parse(text: str, field: str) -> Any:
    """Decode JSON that was sent from outside; `field` is named if it is none.

    Raises MALFORMED, or BAD_FORMAT for a name sent twice, for what is no text, and for nesting too deep.
    """
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise Fault(FaultCode.MALFORMED, f"{field} is not JSON") from None
    if isinstance(found, dict):
        for name, value in found.items():
            _judge(value, name, 2)
        if "\\u" in text:
            _judge_names(found)
    else:
        _judge(found, field, 1)
    return found


def query_of(request: web.Request, structs: tuple[type, ...]) -> dict[str, Any]:
    """The query string's fields; those that `structs` declare as whole numbers become numbers."""
    query = request.query
    if not query:
        return {}
    numbers = frozenset[str]().union(*map(numbers_of, structs))
    found: dict[str, Any] = {}
    for name, raw in query.items():
        if name in found:
            raise bad_format(name, "sent twice")
        judge_text(raw, name)
        found[name] = whole_number(raw) if name in numbers else raw
    return found


def whole_number(raw: str) -> int | str:
    """The number that a text is; the text itself if it is none."""
    return int(raw) if _WHOLE_NUMBER.fullmatch(raw) else raw


def judge_text(value: str, field: str) -> None:
    """Refuse what no store could keep as text, naming `field`."""
    _judge(value, field, 1)


def read(fields: Mapping[str, Any], reads: type[Fields]) -> Fields:
    """Make the struct a call declares of the fields that were sent."""
    sent = {name: value for name, value in fields.items() if value is not None} if None in fields.values() else fields
    try:
        return msgspec.convert(sent, reads)
    except msgspec.ValidationError as error:
        raise fault_of(str(error)) from None


def fault_of(words: str) -> Fault:
    """The fault behind msgspec's words, with the field read off the path at their end."""
    at = _AT.search(words)
    path = _PLACE_IN_LIST.sub("", at[1]) if at else ""
    absent = _MISSING.search(words)
    if absent:
        return missing(f"{path}.{absent[1]}" if path else absent[1])
    stranger = _UNKNOWN.search(words)
    if stranger:
        return bad_format(f"{path}.{stranger[1]}" if path else stranger[1], "cannot be set")
    reason = words[: at.start()] if at else words
    return bad_format(path or "body", (reason[:1].lower() + reason[1:]).replace("`", ""))


def numbers_of(reads: type) -> frozenset[str]:
    """The names of a struct's fields that are whole numbers, in whatever way they are declared."""
    known = _NUMBERS.get(reads)
    if known is None:
        kinds = {field.encode_name: _kinds(field.type) for field in msgspec.structs.fields(reads)}
        known = frozenset(name for name, kind in kinds.items() if int in kind and str not in kind)
        _NUMBERS[reads] = known
    return known


_NUMBERS: dict[type, frozenset[str]] = {}


def _kinds(declared: Any) -> set[Any]:
    """The plain types in a declaration such as `Annotated[int, …] | None` or `Literal[0, 1]`."""
    parts = get_args(declared)
    if not parts:
        return {declared if isinstance(declared, type) else type(declared)}
    if getattr(declared, "__metadata__", None):
        return _kinds(parts[0])
    if isinstance(declared, type) or getattr(declared, "__origin__", None) in (list, dict, tuple):
        return {declared}
    return set[Any]().union(*map(_kinds, parts))


def _judge(value: Any, field: str, depth: int) -> None:
    """Refuse what is no text, and what is nested too deeply, anywhere in a value."""
    if isinstance(value, str):
        if _NOT_TEXT.search(value):
            raise bad_format(field, "NUL and lone surrogates are not text")
        return
    if not isinstance(value, dict | list):
        return
    if depth > DEEPEST:
        raise bad_format(field, "nested too deeply")
    if isinstance(value, dict):
        for name, inner in value.items():
            _judge(name, field, depth)
            _judge(inner, field, depth + 1)
    else:
        for inner in value:
            _judge(inner, field, depth + 1)


def _judge_names(found: dict[str, Any]) -> None:
    for name in found:
        _judge(name, "body", 1)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in made if names.count(name) > 1)
        raise bad_format(twice, "sent twice")
    return made


def _finite(raw: str) -> float:
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError(raw)
    return number


def _no_constant(raw: str) -> float:
    raise ValueError(raw)


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once, parse_float=_finite, parse_constant=_no_constant)
