"""Files that lay at LeanCloud, and lie here now: what points to them points here."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.file_names import extension_of
from parlance.importer.leancloud.attachments import is_address

_BLOCK = 1 << 18
_FILE = '"_lcfile"'


class NowhereError(Exception):
    """Nobody has said at which address this server's files will be found."""


class SavedFile:
    """A file of the folder, as an upload."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.size = path.stat().st_size
        self.content: BinaryIO = path.open("rb")

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `Upload.chunks`."""
        self.content.seek(0)
        while block := self.content.read(_BLOCK):
            yield block

    def close(self) -> None:
        """Let go of it."""
        self.content.close()


class Homes:
    """Knows where files lie now."""

    def __init__(self, actions: Actions, caller: Caller, public_url: str) -> None:
        self._actions = actions
        self._caller = caller
        self._public_url = public_url.rstrip("/")

    async def of(self, addresses: Iterable[str]) -> dict[str, str]:
        """By where they lay, as far as they are here. Raises NowhereError."""
        asked = list(dict.fromkeys(addresses))
        if not asked:
            return {}
        keys = await self._actions.take_over_files.keys(self._caller, asked)
        if keys and not self._public_url:
            raise NowhereError
        return {address: f"{self._public_url}/storage/{key}" for address, key in keys.items()}


def address_in(data: str) -> str | None:
    """Where the file lies that a message shows."""
    # Most messages have none: they are not decoded.
    fields = _fields(data) if _FILE in data else None
    file = fields.get("_lcfile") if fields else None
    url = file.get("url") if isinstance(file, dict) else None
    return url if is_address(url) else None


def rehomed(data: str, homes: Mapping[str, str]) -> str:
    """The same content with the file's address here."""
    address = address_in(data) if homes else None
    if address is None or address not in homes:
        return data
    fields = msgspec.json.decode(data)
    fields["_lcfile"]["url"] = homes[address]
    return msgspec.json.encode(fields).decode()


def addresses_in(value: Any) -> Iterator[str]:
    """Every address in a row, at whatever depth."""
    if isinstance(value, dict):
        for each in value.values():
            yield from addresses_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses_in(each)
    elif is_address(value):
        yield value


def row_rehomed(value: Any, homes: Mapping[str, str]) -> Any:
    """The same row with addresses of here."""
    if isinstance(value, dict):
        return {name: row_rehomed(each, homes) for name, each in value.items()}
    if isinstance(value, list):
        return [row_rehomed(each, homes) for each in value]
    return homes.get(value, value) if isinstance(value, str) else value


def name_of(address: str, told: str | None) -> str:
    """What a file is called: as somebody has said, with the ending that its address has if that has none."""
    last = os.path.basename(unquote(urlsplit(address).path))  # noqa: PTH119 - of an address, and no path
    if not told:
        return last
    return told if extension_of(told) or not extension_of(last) else f"{told}.{extension_of(last)}"


def _fields(data: str) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
