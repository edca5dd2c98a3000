"""Files as they come: made by real programs where there are any at hand, else by their first bytes."""

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image, ImageDraw


def picture(kind: str, width: int = 64, height: int = 48, **options: object) -> bytes:
    """A small picture, saved by Pillow."""
    image = Image.new("RGB", (width, height), "navy")
    ImageDraw.Draw(image).line((0, 0, width, height), fill="white", width=3)
    saved = io.BytesIO()
    image.save(saved, kind, **options)
    return saved.getvalue()


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few bytes that claim to unpack to gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(64 * 1024))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def heic(width: int = 4_032, height: int = 3_024) -> bytes:
    """What a phone's picture begins with."""
    size = b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", width, height)
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x40meta\0\0\0\0" + size + bytes(64)


def zipped(*members: str, **contents: bytes) -> bytes:
    """A zip of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, contents.get(member, b"<xml/>" * 20))
    return packed.getvalue()


def docx() -> bytes:
    """A word processor's document."""
    return zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml")


def odt() -> bytes:
    """The other word processor's document: its first member says what it is, unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<xml/>", zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def ole(*streams: str) -> bytes:
    """A compound file with these streams in its directory."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    links = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b"".join(_entry(name) for name in ("Root Entry", *streams)).ljust(512, b"\0")
    return bytes(header) + links + directory + bytes(1024)


def _entry(name: str) -> bytes:
    written = name.encode("utf-16-le")
    return written.ljust(64, b"\0") + struct.pack("<H", len(written) + 2) + bytes(62)


def wav() -> bytes:
    """A tenth of a second of silence."""
    saved = io.BytesIO()
    with wave.open(saved, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(1_600))
    return saved.getvalue()


MP3_FRAME = b"\xff\xfb\x90\x64" + bytes(413)
MP3_BARE = MP3_FRAME * 3
MP3_MPEG2 = (b"\xff\xf3\x40\xc4" + bytes(100)) * 3
MP3_TAGGED = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + MP3_BARE
AMR = b"#!AMR\n" + b"\x3c" * 320
AMR_WIDE = b"#!AMR-WB\n" + b"\x3c" * 320
AAC = b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(100)
OGG = b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead\x01" + bytes(20)
FLAC = b"fLaC\0\0\0\x22" + bytes(40)
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0" + bytes(60)
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free" + bytes(40)
MOV = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  \0\0\0\x08wide" + bytes(40)
MOV_OLD = b"\0\0\x10\0moov" + bytes(90)
THREE_GP = b"\0\0\0\x18ftyp3gp4\0\0\x02\x003gp43gp6" + bytes(40)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(40)
AVI = b"RIFF\x24\0\0\0AVI LIST" + bytes(60)
WMV = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(50)
MPEG = b"\0\0\x01\xba\x44" + bytes(50)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
RTF = rb"{\rtf1\ansi hello}"
RAR = b"Rar!\x1a\x07\x01\0" + bytes(30)
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(30)
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(20)
BZIP2 = b"BZh91AY&SY" + bytes(20)
XZ = b"\xfd7zXZ\0\0\x04" + bytes(20)
TAR = b"a.txt".ljust(257, b"\0") + b"ustar\x0000" + bytes(500)
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(100)
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TEXT = "Good morning.\nGuten Morgen.\n早上好。\n".encode()
TEXT_GBK = "早上好，世界。\r\n今天开会吗？".encode("gbk")
CSV = "姓名,电话\n张三,123\n".encode("utf-8-sig")
