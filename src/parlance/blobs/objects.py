"""File bytes in a folder, or in a bucket that speaks S3 (MinIO, OSS, COS, …), through one API.

Which of the two it is decides an address: a path or `file://…` is a folder; `s3://bucket/prefix` a bucket.
What a bucket needs besides stands in the query (`endpoint`, `region`, `virtual_hosted_style_request`,
`allow_http`), its keys in the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), where addresses
that end up in logs cannot show them.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from parlance.core.model.file_types import is_file_key
from parlance.core.ports.blobs import Blobs
from parlance.kernel.faults import Fault, FaultCode

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

CHUNK = 512 * 1024
"""Bytes handed on at once when reading."""
PARTS_AT_ONCE = 2
"""Parts of 5 MiB, of one upload, that may be under way (and in memory) at the same time."""
LONGEST_TRYING = timedelta(seconds=10)
"""How long a bucket that does not answer is asked again before the caller is told."""

_BUCKET_OPTIONS = frozenset({"endpoint", "region", "virtual_hosted_style_request", "allow_http"})


class ObjectBlobs:
    """`Blobs` in anything that obstore reaches. `settle(key)` makes durable what was put, where putting does not."""

    def __init__(self, store: ObjectStore, settle: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._settle = settle

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """See `Blobs.put`."""
        counted = _Counted(chunks)
        try:
            await self._store.put_async(_own(key), counted, max_concurrency=PARTS_AT_ONCE)
            if self._settle is not None:
                await asyncio.to_thread(self._settle, key)
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return counted.size

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Blobs.read`."""
        first = await self._part(key, start, end)
        return self._parts(key, first, start, end)

    async def _parts(self, key: str, first: bytes, start: int, end: int) -> AsyncIterator[bytes]:
        """Part after part, each asked for when it is wanted: slow readers hold no answer of a bucket open.

        The stream that obstore offers besides never ends if the file under it was cut.
        """
        part = first
        while part:
            yield part
            start += len(part)
            part = await self._part(key, start, end)

    async def _part(self, key: str, start: int, end: int) -> bytes:
        if start >= end:
            return b""
        try:
            part = await self._store.get_range_async(_own(key), start=start, end=min(end, start + CHUNK))
        except FileNotFoundError as gone:
            raise Fault(FaultCode.UNKNOWN_FILE) from gone
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return part.to_bytes()

    async def delete(self, key: str) -> None:
        """See `Blobs.delete`."""
        try:
            await self._store.delete_async(_own(key))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure

    async def exists(self, key: str) -> bool:
        """See `Blobs.exists`."""
        try:
            await self._store.head_async(_own(key))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return True


def open_blobs(place: str | Path) -> Blobs:
    """The blobs at a folder's path, a `file://` address or an `s3://` address.

    Raises ValueError for an address that is none of them; a folder is made if it is missing.
    """
    parts = urlsplit(str(place))
    if isinstance(place, Path) or not parts.scheme or len(parts.scheme) == 1:
        return _folder(Path(place))
    if parts.scheme == "file":
        return _folder(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return ObjectBlobs(_bucket(parts.netloc, parts.path.strip("/"), dict(parse_qsl(parts.query))))
    raise ValueError(f"files can lie in a folder or at s3://bucket/prefix, not at {parts.scheme}://")


def _folder(folder: Path) -> ObjectBlobs:
    (folder / "uploads").mkdir(parents=True, exist_ok=True)

    def settle(key: str) -> None:
        # The store renames a finished file into place without waiting for the disk. Until we say that the
        # file is kept nobody knows its name, so it is enough to wait now: for the bytes, and for the name.
        _fsync(folder / key)
        _fsync((folder / key).parent)

    return ObjectBlobs(LocalStore(prefix=folder.resolve()), settle)


def _bucket(bucket: str, prefix: str, options: dict[str, str]) -> S3Store:
    unknown = sorted(options.keys() - _BUCKET_OPTIONS)
    if unknown:
        raise ValueError(
            f"an s3:// address has no option {unknown[0]!r}; it takes {', '.join(sorted(_BUCKET_OPTIONS))}"
        )
    config: S3Config = {
        "virtual_hosted_style_request": options.get("virtual_hosted_style_request") == "true",
        # Files go one by one: the request that deletes many is one that not every bucket knows.
        "disable_bulk_delete": True,
    }
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    if "region" in options:
        config["region"] = options["region"]
    client: ClientConfig = {"allow_http": options.get("allow_http") == "true"}
    retry: RetryConfig = {"max_retries": 3, "retry_timeout": LONGEST_TRYING}
    return S3Store(bucket, prefix=prefix or None, config=config, client_options=client, retry_config=retry)


def _fsync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _own(key: str) -> str:
    """`key`, if it is one of ours: no path that comes from elsewhere ever reaches a disk."""
    if not is_file_key(key):
        raise ValueError(f"not a key of ours: {key!r}")
    return key


def _unavailable(failure: Exception) -> Fault:
    return Fault(FaultCode.UNAVAILABLE, f"the files cannot be reached ({type(failure).__name__})")


class _Counted:
    """Chunks on their way in, counted. Empty ones are passed over: they would end the stream."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.size = 0

    def __aiter__(self) -> "_Counted":
        return self

    async def __anext__(self) -> bytes:
        chunk = b""
        while not chunk:
            chunk = await anext(self._chunks)
        self.size += len(chunk)
        return chunk
