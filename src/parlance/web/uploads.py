"""Reading an uploaded file: a multipart form, streamed into a temporary place and never into memory whole.

- The limit holds while the body arrives, whatever its header announces, and for all of it.
- The temporary file has no name (where the system can do that) and goes with the `async with` that read it,
  whatever ends that: a refusal, a lost connection, or this process.
- The file's name is decoded here and cleaned by who keeps it; it never becomes part of a path.
"""

import asyncio
import io
import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import BinaryIO, cast
from urllib.parse import unquote_to_bytes

from aiohttp import BodyPartReader, MultipartReader, StreamReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict, CIMultiDictProxy

from parlance.kernel.faults import Fault, FaultCode, bad_format, missing

IN_MEMORY = 1024 * 1024
"""Bytes up to which a file stays in memory."""
CHUNK = 64 * 1024
BESIDES = 64 * 1024
"""Bytes of a form that may go to everything but its file: boundaries, headers, other fields."""
MOST_FIELDS = 32
MOST_LINES = 2_000
"""Lines of a form that are not of its file: a flood of short ones costs more than it weighs."""
STALL = 60.0
"""Seconds for which a body that is being sent may pause."""

_PARAMETER = re.compile(r';\s*([\w*.-]+)\s*=\s*("(?:\\.|[^"\\])*"|[^;"]*)', re.ASCII)
_ESCAPED = re.compile(r'\\(["\\])')
_PIECE = re.compile(r"filename\*(\d{1,2})(\*?)")
_PLAIN_ENCODINGS = frozenset({"", "binary", "8bit", "7bit"})


class Spool:
    """Bytes that have arrived: in memory while they are few, then in a temporary file."""

    def __init__(self) -> None:
        self.content: BinaryIO = io.BytesIO()
        self.size = 0
        self._in_memory = True

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes in."""
        self.size += len(chunk)
        if self._in_memory and self.size > IN_MEMORY:
            self.content = await asyncio.to_thread(_moved_to_disk, cast("io.BytesIO", self.content))
            self._in_memory = False
        if self._in_memory:
            self.content.write(chunk)
        else:
            await asyncio.to_thread(self.content.write, chunk)

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of it from the start."""
        self.content.seek(0)
        while (
            chunk := self.content.read(CHUNK) if self._in_memory else await asyncio.to_thread(self.content.read, CHUNK)
        ):
            yield chunk

    def close(self) -> None:
        """Give the place back."""
        self.content.close()


class ReadUpload:
    """A file that was sent, and the form's other fields."""

    def __init__(self, name: str, spool: Spool, fields: Mapping[str, str]) -> None:
        self.name = name
        self.fields = fields
        self._spool = spool

    @property
    def size(self) -> int:
        """How many bytes."""
        return self._spool.size

    @property
    def content(self) -> BinaryIO:
        """The bytes, to look at in any order."""
        return self._spool.content

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes from the first to the last."""
        return self._spool.chunks()


class ReadForm:
    """A form: its fields, and the file that may come with it."""

    def __init__(self, fields: Mapping[str, str], file: ReadUpload | None) -> None:
        self.fields = fields
        self.file = file


@asynccontextmanager
async def read_upload(request: web.Request, most: int, field: str = "file") -> AsyncIterator[ReadUpload]:
    """Read the form in a request's body; its file has at most `most` bytes and stands in `field`.

    Raises BODY_TOO_LARGE, MISSING_FIELD, MALFORMED, or BAD_FORMAT for a field sent twice.
    """
    if not request.body_exists:
        raise missing(field)
    async with read_form(request, most, field) as form:
        if form.file is None:
            raise missing(field)
        yield form.file


@asynccontextmanager
async def read_form(request: web.Request, most: int, field: str) -> AsyncIterator[ReadForm]:
    """Read a multipart form that may have a file of at most `most` bytes in `field`.

    What stands in `field` is a file, be it nameless and empty. A form without it is no fault; else as `read_upload`.
    """
    if (request.content_length or 0) > most + BESIDES:
        raise Fault(FaultCode.BODY_TOO_LARGE, f"files have at most {most} bytes", field=field)
    if request.content_type != "multipart/form-data":
        raise Fault(FaultCode.MALFORMED, "the body is not a multipart form")
    spool = Spool()
    try:
        try:
            name, fields = await _read_form(request, spool, most, field)
        except TimeoutError:
            raise Fault(FaultCode.MALFORMED, "the body stopped arriving") from None
        except (ValueError, HttpProcessingError, web.RequestPayloadError) as damage:
            raise Fault(FaultCode.MALFORMED, "the multipart form is damaged") from damage
        yield ReadForm(fields, None if name is None else ReadUpload(name, spool, fields))
    finally:
        spool.close()


@asynccontextmanager
async def read_bytes(request: web.Request, most: int, name: str) -> AsyncIterator[ReadUpload]:
    """Read a body that is a file and nothing else, of at most `most` bytes. Raises BODY_TOO_LARGE, MALFORMED."""
    if (request.content_length or 0) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE, f"files have at most {most} bytes", field="file")
    spool = Spool()
    try:
        try:
            while chunk := await asyncio.wait_for(request.content.read(CHUNK), STALL):
                if spool.size + len(chunk) > most:
                    raise Fault(FaultCode.BODY_TOO_LARGE, f"files have at most {most} bytes", field="file")
                await spool.write(chunk)
        except TimeoutError:
            raise Fault(FaultCode.MALFORMED, "the body stopped arriving") from None
        yield ReadUpload(name, spool, {})
    finally:
        spool.close()


@asynccontextmanager
async def spooled(content: bytes, name: str) -> AsyncIterator[ReadUpload]:
    """A file whose bytes came within something else."""
    spool = Spool()
    try:
        await spool.write(content)
        yield ReadUpload(name, spool, {})
    finally:
        spool.close()


async def _read_form(request: web.Request, spool: Spool, most: int, field: str) -> tuple[str | None, dict[str, str]]:
    body = cast("StreamReader", _Bounded(request.content, most + BESIDES))
    reader = _FormReader(request.headers, body, max_field_size=8_190, max_headers=16)
    name: str | None = None
    fields: dict[str, str] = {}
    while (part := await reader.next()) is not None:
        own, filename = _named(reader.disposition)
        if own == field:
            if name is not None:
                raise bad_format(field, "sent twice")
            name = filename
            await _spool(cast("BodyPartReader", part), spool, most)
        elif own in fields:
            raise bad_format(own, "sent twice")
        elif len(fields) >= MOST_FIELDS:
            raise Fault(FaultCode.MALFORMED, "the form has too many fields")
        else:
            fields[own] = (await _whole(cast("BodyPartReader", part), own)).decode()
    return name, fields


async def _spool(part: BodyPartReader, spool: Spool, most: int) -> None:
    while chunk := await part.read_chunk(CHUNK):
        if spool.size + len(chunk) > most:
            raise Fault(FaultCode.BODY_TOO_LARGE, f"files have at most {most} bytes", field="file")
        await spool.write(chunk)


async def _whole(part: BodyPartReader, field: str) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        read += chunk
        if len(read) > BESIDES:
            raise Fault(FaultCode.BODY_TOO_LARGE, field=field)
    return bytes(read)


def _moved_to_disk(memory: io.BytesIO) -> BinaryIO:
    place = tempfile.TemporaryFile(prefix="parlance-")  # noqa: SIM115 - the spool's owner closes it
    place.write(memory.getbuffer())
    return cast("BinaryIO", place)


class _FormReader(MultipartReader):
    """aiohttp's reader, but for the header that names a part.

    That one is read by us: aiohttp warns of every spelling it does not like, and Python remembers each
    warning for good, so that strangers could fill the memory with them.
    """

    disposition = ""

    async def fetch_next_part(self) -> MultipartReader | BodyPartReader:
        """Take the next part, and its name away from it."""
        part = await super().fetch_next_part()
        if isinstance(part, MultipartReader):
            raise Fault(FaultCode.MALFORMED, "a form holds no other forms")
        if part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "").strip().lower() not in _PLAIN_ENCODINGS:
            raise Fault(FaultCode.MALFORMED, "files are sent as they are, in no transfer encoding")
        self.disposition = part.headers.get(hdrs.CONTENT_DISPOSITION, "")
        kept = CIMultiDict(part.headers)
        kept.popall(hdrs.CONTENT_DISPOSITION, None)
        part.headers = CIMultiDictProxy(kept)
        return part


class _Bounded:
    """A body that ends with a fault when it grows too long, has too many lines, or stands still."""

    def __init__(self, content: StreamReader, most: int) -> None:
        self._content = content
        self._most = most
        self._lines = 0
        self.at_eof = content.at_eof
        self.unread_data = content.unread_data

    async def read(self, size: int = -1) -> bytes:
        async with asyncio.timeout(STALL):
            read = await self._content.read(size)
        self._check()
        return read

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        self._lines += 1
        if self._lines > MOST_LINES:
            raise Fault(FaultCode.MALFORMED, "the form has too many lines besides its file")
        async with asyncio.timeout(STALL):
            read = await self._content.readline(max_line_length=max_line_length)
        self._check()
        return read

    def _check(self) -> None:
        if self._content.total_bytes > self._most:
            raise Fault(FaultCode.BODY_TOO_LARGE)


def _named(disposition: str) -> tuple[str, str]:
    """A part's field and its file's name, as a `Content-Disposition` header has them; "" where there is none."""
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(disposition):
        value = found[2].strip()
        if value.startswith('"'):
            value = _ESCAPED.sub(r"\1", value[1:-1])
        parameters.setdefault(found[1].lower(), value)
    return _read_as_sent(parameters.get("name", "")), _file_name(parameters)


def _file_name(parameters: Mapping[str, str]) -> str:
    extended = parameters.get("filename*")
    if extended is not None and extended.count("'") >= 2:
        charset, _, quoted = extended.split("'", 2)
        return _decoded(unquote_to_bytes(quoted), charset)
    pieces = sorted(
        (int(found[1]), bool(found[2]), value)
        for key, value in parameters.items()
        if (found := _PIECE.fullmatch(key)) is not None
    )
    if pieces:
        return _in_pieces(pieces)
    return _read_as_sent(parameters.get("filename", ""))


def _in_pieces(pieces: list[tuple[int, bool, str]]) -> str:
    """A long name that was sent in numbered pieces (RFC 2231), some percent-encoded, some not."""
    charset, joined = "utf-8", b""
    for number, encoded, value in pieces:
        quoted = value
        if encoded and number == 0 and value.count("'") >= 2:
            charset, _, quoted = value.split("'", 2)
        joined += unquote_to_bytes(quoted) if encoded else _bytes(quoted)
    return _decoded(joined, charset)


def _read_as_sent(value: str) -> str:
    """A name sent plainly: in UTF-8, in GBK as old clients do, or percent-encoded as browsers and others do."""
    plain = _bytes(value)
    if b"%" in plain:
        try:
            return unquote_to_bytes(plain).decode()
        except UnicodeDecodeError:
            pass
    return _decoded(plain, "utf-8")


def _bytes(value: str) -> bytes:
    """The header's bytes: aiohttp hides those that are no UTF-8 in lone surrogates."""
    return value.encode("utf-8", "surrogateescape")


def _decoded(raw: bytes, charset: str) -> str:
    for codec in (charset, "utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")
