import io
import struct
import zlib
from collections.abc import Iterable

import pytest

from conformance.blobs import samples
from parlance.blobs.inspection import ByteInspector
from parlance.core.model.file_types import TYPES, FileTypes, Sniffed
from parlance.kernel.faults import Fault, FaultCode

PIXELS = 100_000_000
KNOWN = frozenset({"zip", "ole"}).union(*(known.shapes for known in TYPES))

GOOD = {
    "photo.jpg": (samples.picture("JPEG"), "image/jpeg"),
    "photo.jpeg": (samples.picture("JPEG", progressive=True), "image/jpeg"),
    "shot.png": (samples.picture("PNG"), "image/png"),
    "fun.gif": (samples.picture("GIF"), "image/gif"),
    "still.webp": (samples.picture("WEBP"), "image/webp"),
    "exact.webp": (samples.picture("WEBP", lossless=True), "image/webp"),
    "old.bmp": (samples.picture("BMP"), "image/bmp"),
    "scan.tiff": (samples.picture("TIFF"), "image/tiff"),
    "packed.tif": (samples.picture("TIFF", compression="tiff_lzw"), "image/tiff"),
    "new.avif": (samples.picture("AVIF"), "image/avif"),
    "phone.heic": (samples.heic(), "image/heic"),
    "song.mp3": (samples.MP3_TAGGED, "audio/mpeg"),
    "bare.mp3": (samples.MP3_BARE, "audio/mpeg"),
    "low.mp3": (samples.MP3_MPEG2, "audio/mpeg"),
    "voice.amr": (samples.AMR, "audio/amr"),
    "wide.amr": (samples.AMR_WIDE, "audio/amr"),
    "voice.wav": (samples.wav(), "audio/wav"),
    "voice.ogg": (samples.OGG, "audio/ogg"),
    "voice.opus": (samples.OGG, "audio/ogg"),
    "voice.m4a": (samples.M4A, "audio/mp4"),
    "voice.aac": (samples.AAC, "audio/aac"),
    "song.flac": (samples.FLAC, "audio/flac"),
    "clip.mp4": (samples.MP4, "video/mp4"),
    "clip.mov": (samples.MOV, "video/quicktime"),
    "renamed.mov": (samples.MP4, "video/quicktime"),
    "old.mov": (samples.MOV_OLD, "video/quicktime"),
    "clip.3gp": (samples.THREE_GP, "video/3gpp"),
    "clip.webm": (samples.WEBM, "video/webm"),
    "film.mkv": (samples.WEBM, "video/x-matroska"),
    "film.avi": (samples.AVI, "video/x-msvideo"),
    "film.wmv": (samples.WMV, "video/x-ms-wmv"),
    "film.mpg": (samples.MPEG, "video/mpeg"),
    "paper.pdf": (samples.PDF, "application/pdf"),
    "letter.docx": (
        samples.docx(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "letter.odt": (samples.odt(), "application/vnd.oasis.opendocument.text"),
    "letter.doc": (samples.ole("WordDocument"), "application/msword"),
    "really-rtf.doc": (samples.RTF, "application/msword"),
    "sums.xls": (samples.ole("SummaryInformation", "Workbook"), "application/vnd.ms-excel"),
    "talk.ppt": (samples.ole("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "letter.rtf": (samples.RTF, "application/rtf"),
    "notes.txt": (samples.TEXT, "text/plain; charset=utf-8"),
    "chinese.txt": (samples.TEXT_GBK, "text/plain; charset=gb18030"),
    "read.md": (b"# Title\n\n<p align=center>hello</p>\n", "text/plain; charset=utf-8"),
    "people.csv": (samples.CSV, "text/csv; charset=utf-8"),
    "free.txt": (b"I'm free tonight", "text/plain; charset=utf-8"),
    "all.zip": (samples.zipped("a.txt", "b/c.txt"), "application/zip"),
    "letter-as.zip": (samples.docx(), "application/zip"),
    "all.rar": (samples.RAR, "application/vnd.rar"),
    "all.7z": (samples.SEVEN_ZIP, "application/x-7z-compressed"),
    "all.tar.gz": (samples.GZIP, "application/gzip"),
    "all.bz2": (samples.BZIP2, "application/x-bzip2"),
    "all.xz": (samples.XZ, "application/x-xz"),
    "all.tar": (samples.TAR, "application/x-tar"),
}

DISGUISED = {
    "page.jpg": samples.HTML,
    "page.txt": samples.HTML,
    "late-page.txt": b"\xef\xbb\xbf \r\n\t<HTML><script>",
    "drawing.png": samples.SVG,
    "drawing.txt": samples.SVG,
    "program.pdf": samples.EXE,
    "program.txt": samples.EXE,
    "program.mp3": samples.ELF,
    "script.txt": b"#!/bin/sh\nrm -rf /\n",
    "picture.gif": samples.picture("PNG"),
    "picture.png": samples.picture("JPEG"),
    "words.jpg": samples.TEXT,
    "paper.pdf": samples.docx(),
    "sound.wav": samples.AVI,
    "film.avi": samples.wav(),
    "film.mp4": samples.heic(),
    "photo.heic": samples.MP4,
    "archive.docx": samples.zipped("a.txt"),
    "wrong.xlsx": samples.docx(),
    "macros.docx": samples.zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "installer.doc": samples.ole("Property", "Binary.exe"),
    "letter.xls": samples.ole("WordDocument"),
    "nul.txt": b"hello\0there",
    "binary.csv": bytes(range(256)),
    "latin.txt": "café\n".encode("latin-1"),
    "two-bytes.mp3": b"\xff\xfb",
    "once.mp3": b"\xff\xfb\x90\x64" + b"\x7f" * 2000,
}


def cut(whole: bytes, by: int = 20) -> bytes:
    """All but the last bytes."""
    return whole[:-by]


DAMAGED = {
    "cut jpeg": cut(samples.picture("JPEG")),
    "cut jpeg in its header": samples.picture("JPEG")[:40],
    "cut png": cut(samples.picture("PNG")),
    "cut gif": cut(samples.picture("GIF")),
    "cut webp": cut(samples.picture("WEBP")),
    "cut bmp": cut(samples.picture("BMP")),
    "cut tiff": samples.picture("TIFF")[: 64 * 48],
    "png with a wrong checksum": samples.picture("PNG").replace(b"IDAT", b"IDAt", 1),
    "png with nothing in it": b"\x89PNG\r\n\x1a\n",
    "jpeg with nothing in it": b"\xff\xd8\xff\xe0",
    "gif with nothing in it": b"GIF89a",
    "webp with nothing in it": b"RIFF\x04\0\0\0WEBP",
    "bmp with nothing in it": b"BM\0\0\0\0\0\0\0\0",
    "tiff with nothing in it": b"II*\0",
    "tiff in a ring": b"II*\0\x08\0\0\0" + struct.pack("<H", 0) + struct.pack("<I", 8),
    "heic without a picture": samples.heic()[:24] + bytes(64),
    "cut zip": cut(samples.zipped("a.txt", "b.txt")),
}

BOMBS = {
    "png": samples.png_bomb(),
    "png of the largest size there is": samples.png_bomb(0x7FFFFFFF, 0x7FFFFFFF),
    "gif": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + samples.picture("GIF")[10:],
    "gif with a large frame": samples.picture("GIF").replace(b",\0\0\0\0\x40\0\x30\0", b",\0\0\0\0\xff\xff\xff\xff"),
    "bmp": samples.picture("BMP")[:18] + struct.pack("<ii", 60_000, -60_000) + samples.picture("BMP")[26:],
    "heic": samples.heic(60_000, 60_000),
    "webp": b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2,
}


async def inspect(content: bytes, pixels: int = PIXELS) -> Sniffed:
    """What the inspector says."""
    return await ByteInspector(pixels).inspect(io.BytesIO(content))


async def shapes(content: bytes) -> frozenset[str] | None:
    """What was found; None if the file was refused as it should be."""
    try:
        return (await inspect(content)).shapes
    except Fault as fault:
        if fault.code is not FaultCode.WRONG_FILE_FORMAT:
            raise
        return None


def extension(name: str) -> str:
    """What stands behind the last dot."""
    return name.rpartition(".")[2]


@pytest.mark.parametrize("name", GOOD)
async def test_a_file_is_what_its_name_says(name: str) -> None:
    """Real files agree with their extension, and are served as what they are."""
    content, content_type = GOOD[name]
    sniffed = await inspect(content)
    promised = FileTypes().named(extension(name))
    assert promised is not None
    assert promised.shapes & sniffed.shapes
    assert content_type == promised.served_as(sniffed)


@pytest.mark.parametrize("name", DISGUISED)
async def test_a_disguise_is_seen_through(name: str) -> None:
    """A file under the name of another kind either agrees with nothing or is refused at once."""
    promised = FileTypes().named(extension(name))
    assert promised is not None
    assert frozenset() == promised.shapes & (await shapes(DISGUISED[name]) or set())


@pytest.mark.parametrize("name", DAMAGED)
async def test_what_is_cut_short_or_contradicts_itself_is_refused(name: str) -> None:
    """Nobody gets to see half a picture, or to unpack half an archive."""
    with pytest.raises(Fault) as refused:
        await inspect(DAMAGED[name])
    assert FaultCode.WRONG_FILE_FORMAT is refused.value.code


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_known_by_its_header(name: str) -> None:
    """A picture that would unpack to too many pixels is refused before anything is unpacked."""
    with pytest.raises(Fault, match="pixels"):
        await inspect(BOMBS[name])


async def test_the_limit_of_pixels_is_the_configured_one() -> None:
    """A picture of exactly the limit is taken, one of a pixel more is not."""
    assert frozenset({"png"}) == (await inspect(samples.picture("PNG", 10, 10), 100)).shapes
    with pytest.raises(Fault, match="at most 99 pixels"):
        await inspect(samples.picture("PNG", 10, 10), 99)


async def test_phones_append_things_to_pictures() -> None:
    """A JPEG followed by a film, as phones make them, is whole."""
    assert frozenset({"jpeg"}) == (await inspect(samples.picture("JPEG") + samples.MP4)).shapes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
async def test_no_cut_passes_and_none_breaks_the_reader(kind: str) -> None:
    """Cut at any byte, a picture is refused or, at the very start, nothing that is known."""
    whole = samples.picture(kind, 16, 16)
    for length in range(1, len(whole) - 8, 7):
        assert not await shapes(whole[:length]) or length < 16


def broken(whole: bytes) -> Iterable[bytes]:
    """The file with one byte after another turned around."""
    for at in range(0, min(len(whole), 600), 3):
        yield whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]


@pytest.mark.parametrize(
    "whole",
    [
        samples.picture("JPEG", 16, 16),
        samples.picture("GIF", 16, 16),
        samples.picture("TIFF", 16, 16),
        samples.picture("BMP", 16, 16),
        samples.picture("WEBP", 16, 16),
        samples.docx(),
        samples.odt(),
        samples.ole("Workbook"),
    ],
)
async def test_broken_bytes_only_ever_bring_about_a_refusal(whole: bytes) -> None:
    """Whatever is wrong with a file, the inspector answers or refuses."""
    for content in broken(whole):
        assert (await shapes(content) or frozenset()) <= KNOWN


async def test_hostile_files_cost_no_more_than_good_ones() -> None:
    """A walk that goes on for ever is given up: fill bytes, tiny blocks, tiny chunks, rings of pages."""
    strip = struct.pack("<HHII", 273, 4, 100_000, 0) + struct.pack("<HHII", 279, 4, 100_000, 0)
    page = struct.pack("<H", 2) + strip + struct.pack("<I", 8)
    empty_chunk = struct.pack(">I4sI", 0, b"IDAT", zlib.crc32(b"IDAT"))
    header = samples.png_bomb(8, 8)[:33]
    for content in (
        b"\xff\xd8" + b"\xff" * 5_000_000,
        samples.picture("GIF")[:-1] + b"!\xfe" + b"\x01a" * 2_000_000,
        header + empty_chunk * 300_000,
        b"II*\0\x08\0\0\0" + page + bytes(500_000),
        samples.zipped(*(f"{number}" for number in range(30_000))),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + samples.ole("x")[8:].ljust(100_000, b"\0"),
    ):
        assert (await shapes(content) or frozenset()) <= {"zip", "ole"}


async def test_an_office_document_that_unpacks_to_too_much_is_none() -> None:
    """A zip that claims more than a gigabyte inside is taken as a zip, not as a document."""
    packed = bytearray(samples.docx())
    entry = packed.rfind(b"PK\x01\x02")
    struct.pack_into("<I", packed, entry + 24, 0xFFFFFF00)
    assert frozenset({"zip"}) == (await inspect(bytes(packed))).shapes


async def test_an_encrypted_document_is_a_document() -> None:
    """A .docx with a password is a compound file that says no more than that it is sealed."""
    promised = FileTypes().named("docx")
    assert promised is not None
    assert promised.shapes & (await inspect(samples.ole("EncryptedPackage"))).shapes
