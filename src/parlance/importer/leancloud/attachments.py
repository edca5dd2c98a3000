"""The files that rows and messages point to, fetched from where they lie."""

import os
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeGuard

import aiohttp
import msgspec

from parlance.importer.leancloud.answers import class_row, message_row
from parlance.importer.leancloud.errors import Refused, Unanswered

_BLOCK = 1 << 18
_TRIES = 3


class _File(msgspec.Struct):
    url: Any = None


class _Content(msgspec.Struct):
    """What is looked at in a message."""

    file: _File | None = msgspec.field(name="_lcfile", default=None)


_content = msgspec.json.Decoder(_Content)


def addresses(rows: Iterable[bytes]) -> Iterator[str]:
    """Where the files of the class `_File` are."""
    for line in rows:
        row = class_row(line)
        if row is not None and is_address(row.url):
            yield row.url


def addresses_in_messages(rows: Iterable[bytes]) -> Iterator[str]:
    """Where the files are that messages show."""
    for line in rows:
        # Most messages have none: they are not decoded.
        if b"_lcfile" not in line or (row := message_row(line)) is None or not isinstance(row.data, str):
            continue
        try:
            file = _content.decode(row.data).file
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
        if file is not None and is_address(file.url):
            yield file.url


async def fetch_file(http: aiohttp.ClientSession, url: str, path: Path, timeout: float) -> None:  # noqa: ASYNC109 - aiohttp's
    """Have the bytes at an address in a file, all of them. Raises Refused or Unanswered."""
    for left in reversed(range(_TRIES)):
        try:
            async with http.get(url, timeout=aiohttp.ClientTimeout(total=None, sock_read=timeout)) as answer:
                if answer.status != HTTPStatus.OK:
                    raise Refused(answer.status, None, f"{url} answers {answer.status}")
                await _store(answer, path)
                return
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            if not left:
                raise Unanswered(f"{url}: {error or 'says nothing for too long'}") from None


async def _store(answer: aiohttp.ClientResponse, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        async for block in answer.content.iter_chunked(_BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def is_address(url: Any) -> TypeGuard[str]:
    """Whether it is where something may be fetched."""
    return isinstance(url, str) and url.startswith(("http://", "https://"))
