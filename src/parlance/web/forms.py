"""Reading what a call was sent where it may come as JSON or as a form, with the rules of `web/bodies.py`.

A form says everything in text, so what a struct declares as a whole number is read as one, and a number left
empty is one that was not sent.
"""

from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.web.bodies import judge_text, numbers_of, read_object, whole_number
from parlance.web.uploads import read_form

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 1_000
NO_FIELD = "file"
"""A part of this name may be a file; nobody reads it."""

_BEGINS_JSON = frozenset(b"{[")


async def read_fields(request: web.Request, most: int, structs: tuple[type, ...]) -> dict[str, Any]:
    """The fields in a request's body, at most `most` bytes: JSON, or a form; {} if there is none.

    A body that says it is a form and begins as JSON does is JSON: curl's `-d` sends it so.
    """
    numbers = frozenset[str]().union(*map(numbers_of, structs))
    if request.content_type == MULTIPART:
        return _typed(await _in_parts(request, most), numbers)
    if request.content_type == FORM:
        body = await _whole(request, most)
        if body.lstrip()[:1] and body.lstrip()[0] not in _BEGINS_JSON:
            return _typed(_pairs(body), numbers)
    return _numbered(await read_object(request, most), numbers)


async def _whole(request: web.Request, most: int) -> bytes:
    if (request.content_length or 0) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    body = await request.read()
    if len(body) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    return body


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Fault(FaultCode.MALFORMED, "the body is not a form") from None


async def _in_parts(request: web.Request, most: int) -> list[tuple[str, str]]:
    async with read_form(request, most, NO_FIELD) as form:
        return list(form.fields.items())


def _typed(pairs: list[tuple[str, str]], numbers: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, raw in pairs:
        if name in found:
            raise bad_format(name, "sent twice")
        judge_text(name, "body")
        judge_text(raw, name)
        found[name] = raw
    return _numbered(found, numbers)


def _numbered(found: dict[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    """The same with numbers for the texts that are whole numbers, where a number is wanted."""
    for name in numbers:
        raw = found.get(name)
        if isinstance(raw, str):
            found[name] = None if not raw else whole_number(raw)
    return found
