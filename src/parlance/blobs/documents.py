"""Which office document a container holds: by the names listed in it, without unpacking anything."""

import os
import zipfile
from typing import BinaryIO

MOST_LISTED = 10_000
"""Members of an office document."""
LARGEST_LISTING = 1024 * 1024
"""Bytes that the list of its members may take."""
LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes that an office document may claim to unpack to."""

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535

_OPEN_XML = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_SEALED = "EncryptedPackage"
_DIRECTORY_ENTRY = 128


def zip_is_whole(content: BinaryIO) -> bool:
    """Whether the end of the archive, where its list of members is announced, is there."""
    return _end_of_zip(content) is not None


def shape_of_zip(content: BinaryIO) -> str | None:
    """The office document that a zip is; None if it is any other zip, or one too large to look into."""
    end = _end_of_zip(content)
    if end is None or int.from_bytes(end[12:16], "little") > LARGEST_LISTING or end.startswith(_END_64):
        return None
    try:
        content.seek(0)
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if len(members) > MOST_LISTED or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        return None
    return _office_shape(content, {member.filename for member in members})


def shape_of_ole(content: BinaryIO) -> str | None:
    """The old office document that a compound file is, by the streams in its directory; None if it is another."""
    names = _stream_names(content)
    if _SEALED in names:
        return "sealed-office"
    return next((shape for stream, shape in _STREAMS.items() if stream in names), None)


def _office_shape(content: BinaryIO, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        # With macros it would be a .docm: under the name of a .docx nobody expects them.
        if any(name.endswith("vbaProject.bin") for name in names):
            return None
        return next((shape for folder, shape in _OPEN_XML.items() if any(n.startswith(folder) for n in names)), None)
    if "content.xml" not in names:
        return None
    # The first member says what it is, and lies there unpacked so that nobody needs to unpack to know.
    content.seek(30)
    said = content.read(8 + max(map(len, _OPEN_DOCUMENT)))
    stated = (kind for kind in _OPEN_DOCUMENT if said.startswith(b"mimetype" + kind))
    return _OPEN_DOCUMENT.get(max(stated, key=len, default=b""))


def _end_of_zip(content: BinaryIO) -> bytes | None:
    """The record at the end of a zip; for one that needs 64 bits, that of its locator."""
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _END_LENGTH - _LONGEST_COMMENT - 20))
    tail = content.read()
    start = tail.rfind(_END)
    if start < 0 or len(tail) < start + _END_LENGTH:
        return None
    return tail[start - 20 :] if tail[max(0, start - 20) : start].startswith(_END_64) else tail[start:]


def _stream_names(content: BinaryIO) -> set[str]:
    """The names in a compound file's directory, following the chain of its sectors."""
    content.seek(0)
    header = content.read(512)
    shift = int.from_bytes(header[30:32], "little")
    if len(header) < 512 or shift not in {9, 12}:
        return set()
    sector_size, sector = 1 << shift, int.from_bytes(header[48:52], "little")
    fat = [int.from_bytes(header[at : at + 4], "little") for at in range(76, 512, 4)]
    names: set[str] = set()
    # The chain may be forged into a ring: a directory of 1024 sectors has room enough.
    for _ in range(1024):
        directory = _sector(content, sector, sector_size)
        names.update(_entry_name(directory, at) for at in range(0, len(directory), _DIRECTORY_ENTRY))
        per_sector = sector_size // 4
        if not directory or sector // per_sector >= len(fat):
            break
        links = _sector(content, fat[sector // per_sector], sector_size)
        at = sector % per_sector * 4
        sector = int.from_bytes(links[at : at + 4], "little")
    return names


def _sector(content: BinaryIO, number: int, size: int) -> bytes:
    if number >= 0xFFFFFFFA:
        return b""
    content.seek((number + 1) * size)
    return content.read(size)


def _entry_name(directory: bytes, at: int) -> str:
    length = int.from_bytes(directory[at + 64 : at + 66], "little")
    return directory[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
