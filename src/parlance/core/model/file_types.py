"""What kinds of files are taken, by what their bytes must be, and which of them a browser may show.

A name proves nothing. A file is taken if its extension is in the table, the table's list of accepted
types has it, and the *shape* that was found in its bytes is one that such a file has. What is served is
the table's content type, never one that a request named. What browsers run (HTML, SVG, XML, scripts) is
not in the table at all: see decision 0005.
"""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

import msgspec


class Family(StrEnum):
    """The kinds of files that the configuration can name together."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    TEXT = "text"
    ARCHIVE = "archive"


class Sniffed(msgspec.Struct, frozen=True):
    """What was found in the bytes of a file: every shape they have (a .docx is a zip, too)."""

    shapes: frozenset[str]
    charset: str | None = None
    """For text: how it is encoded."""


class FileType(msgspec.Struct, frozen=True):
    """One kind of file. The first extension is for files that come without one."""

    family: Family
    content_type: str
    extensions: tuple[str, ...]
    shapes: frozenset[str]

    def served_as(self, sniffed: Sniffed) -> str:
        """The content type to serve such a file with."""
        return f"{self.content_type}; charset={sniffed.charset}" if self.family is Family.TEXT else self.content_type


def _type(family: Family, content_type: str, extensions: str, shapes: str) -> FileType:
    return FileType(family, content_type, tuple(extensions.split()), frozenset(shapes.split()))


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

# Where several have a shape in common, the first is what a file without an extension is taken for.
# Phones name ISO media files as they please (.mp4 for .m4a, .mov for .mp4): they count as one shape.
TYPES: tuple[FileType, ...] = (
    _type(Family.IMAGE, "image/jpeg", "jpg jpeg jpe jfif", "jpeg"),
    _type(Family.IMAGE, "image/png", "png", "png"),
    _type(Family.IMAGE, "image/gif", "gif", "gif"),
    _type(Family.IMAGE, "image/webp", "webp", "webp"),
    _type(Family.IMAGE, "image/bmp", "bmp", "bmp"),
    _type(Family.IMAGE, "image/tiff", "tiff tif", "tiff"),
    _type(Family.IMAGE, "image/heic", "heic heif", "heif"),
    _type(Family.IMAGE, "image/avif", "avif", "avif"),
    _type(Family.VIDEO, "video/mp4", "mp4 m4v", "iso-media"),
    _type(Family.VIDEO, "video/quicktime", "mov qt", "quicktime iso-media"),
    _type(Family.VIDEO, "video/3gpp", "3gp 3gpp", "iso-media"),
    _type(Family.VIDEO, "video/webm", "webm", "matroska"),
    _type(Family.VIDEO, "video/x-matroska", "mkv", "matroska"),
    _type(Family.VIDEO, "video/x-msvideo", "avi", "avi"),
    _type(Family.VIDEO, "video/x-ms-wmv", "wmv", "asf"),
    _type(Family.VIDEO, "video/x-flv", "flv", "flv"),
    _type(Family.VIDEO, "video/mpeg", "mpg mpeg", "mpeg-video"),
    _type(Family.AUDIO, "audio/mpeg", "mp3", "mp3"),
    _type(Family.AUDIO, "audio/mp4", "m4a", "iso-media"),
    _type(Family.AUDIO, "audio/aac", "aac", "adts iso-media"),
    _type(Family.AUDIO, "audio/amr", "amr", "amr"),
    _type(Family.AUDIO, "audio/wav", "wav", "wav"),
    _type(Family.AUDIO, "audio/ogg", "ogg oga opus", "ogg"),
    _type(Family.VIDEO, "video/ogg", "ogv", "ogg"),
    _type(Family.AUDIO, "audio/webm", "weba", "matroska"),
    _type(Family.AUDIO, "audio/flac", "flac", "flac"),
    _type(Family.AUDIO, "audio/x-ms-wma", "wma", "asf"),
    _type(Family.DOCUMENT, "application/pdf", "pdf", "pdf"),
    _type(Family.DOCUMENT, f"{_OPEN_XML}.wordprocessingml.document", "docx", "docx sealed-office"),
    _type(Family.DOCUMENT, f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx", "xlsx sealed-office"),
    _type(Family.DOCUMENT, f"{_OPEN_XML}.presentationml.presentation", "pptx", "pptx sealed-office"),
    _type(Family.DOCUMENT, f"{_OPEN_DOCUMENT}.text", "odt", "odt"),
    _type(Family.DOCUMENT, f"{_OPEN_DOCUMENT}.spreadsheet", "ods", "ods"),
    _type(Family.DOCUMENT, f"{_OPEN_DOCUMENT}.presentation", "odp", "odp"),
    _type(Family.DOCUMENT, "application/msword", "doc", "doc rtf"),
    _type(Family.DOCUMENT, "application/vnd.ms-excel", "xls", "xls"),
    _type(Family.DOCUMENT, "application/vnd.ms-powerpoint", "ppt", "ppt"),
    _type(Family.DOCUMENT, "application/vnd.ms-works", "wps", "doc"),
    _type(Family.DOCUMENT, "application/vnd.ms-excel", "et", "xls"),
    _type(Family.DOCUMENT, "application/vnd.ms-powerpoint", "dps", "ppt"),
    _type(Family.DOCUMENT, "application/rtf", "rtf", "rtf"),
    _type(Family.TEXT, "text/plain", "txt text md markdown log", "text"),
    _type(Family.TEXT, "text/csv", "csv", "text"),
    _type(Family.TEXT, "text/tab-separated-values", "tsv", "text"),
    _type(Family.ARCHIVE, "application/zip", "zip", "zip"),
    _type(Family.ARCHIVE, "application/vnd.rar", "rar", "rar"),
    _type(Family.ARCHIVE, "application/x-7z-compressed", "7z", "7z"),
    _type(Family.ARCHIVE, "application/x-tar", "tar", "tar"),
    _type(Family.ARCHIVE, "application/gzip", "gz tgz", "gzip"),
    _type(Family.ARCHIVE, "application/x-bzip2", "bz2 tbz2", "bzip2"),
    _type(Family.ARCHIVE, "application/x-xz", "xz txz", "xz"),
)

_BY_EXTENSION = {extension: known for known in TYPES for extension in known.extensions}

# Pictures, sound and film that browsers show themselves and in which nothing can run, and plain text.
# A PDF is not here: it may carry scripts, and a sandboxed page does not show it anyway.
_SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/avif",
        "image/heic",
        "text/plain",
        *(known.content_type for known in TYPES if known.family in {Family.AUDIO, Family.VIDEO}),
    }
)

_KEY = re.compile(r"uploads/[0-9a-f]{32}\.[a-z0-9]{1,8}", re.ASCII)


class FileTypes:
    """The types that this server takes: some of the table, or all of it."""

    def __init__(self, accepted: Collection[str] = frozenset(_BY_EXTENSION)) -> None:
        self._accepted = frozenset(accepted)

    def named(self, extension: str) -> FileType | None:
        """The type that an extension (lowercase, without its dot) promises, if it is taken."""
        return _BY_EXTENSION.get(extension) if extension in self._accepted else None

    def only(self, family: Family) -> "FileTypes":
        """Those of them that are of one family."""
        return FileTypes({extension for extension in self._accepted if _BY_EXTENSION[extension].family is family})

    def found(self, sniffed: Sniffed) -> FileType | None:
        """The type of a file that came without an extension."""
        fitting = (known for known in TYPES if known.shapes & sniffed.shapes and known.extensions[0] in self._accepted)
        return next(fitting, None)


def file_types(words: Iterable[str]) -> FileTypes:
    """The types that a configuration names by family ("image") or extension ("pdf", ".pdf").

    Raises ValueError for a word that is neither.
    """
    accepted: set[str] = set()
    for word in words:
        plain = word.strip().lower().removeprefix(".")
        in_family = {extension for extension, known in _BY_EXTENSION.items() if known.family == plain}
        if not in_family and plain not in _BY_EXTENSION:
            raise ValueError(f"{word!r} is neither a family of files ({', '.join(Family)}) nor a known extension")
        accepted |= in_family or {plain}
    return FileTypes(accepted)


def shown_in_browser(content_type: str) -> bool:
    """Whether a browser may show such a file; all else is handed out as a download."""
    return content_type.partition(";")[0] in _SHOWN


def file_key(digits: str, extension: str) -> str:
    """The place of a new file: in the blobs, and in its public address."""
    return f"uploads/{digits}.{extension}"


def is_file_key(key: str) -> bool:
    """Whether `file_key` can have made it."""
    return _KEY.fullmatch(key) is not None
