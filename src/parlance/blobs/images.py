"""Whether a picture is one, whole, and of a size that somebody can unpack.

Only the skeleton is read: no pixel is decoded, nothing grows with what a header claims, and every walk is
bounded, so that the worst file costs about as much as a good one of its size (decision 0005).
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from parlance.blobs.reading import Damaged, Picture, contains, read_at, size_of
from parlance.blobs.tiff import tiff
from parlance.kernel.faults import Fault, FaultCode

_HEADER_BOXES = 1024 * 1024
_MOST_JPEG_SEGMENTS = 4_096
_MOST_PNG_CHUNKS = 200_000
_MOST_GIF_BLOCKS = 600_000


def check_image(content: BinaryIO, shape: str, most_pixels: int) -> None:
    """Raises WRONG_FILE_FORMAT if it is no such picture, is cut short, or has more pixels than that."""
    try:
        picture = _READERS[shape](content)
    except (Damaged, IndexError, struct.error) as damage:
        raise _wrong("the image is damaged") from damage
    if not 0 < picture.width * picture.height <= most_pixels:
        raise _wrong(f"images have at most {most_pixels} pixels")
    if not picture.whole:
        raise _wrong("the image is cut short")


def _jpeg(content: BinaryIO) -> Picture:
    """Go from segment to segment up to the first scan; an end marker must follow.

    Coded pixels never contain that marker, and a thumbnail's lies inside of a segment.
    """
    position, width, height = 2, 0, 0
    for _ in range(_MOST_JPEG_SEGMENTS):
        segment = read_at(content, position, 9)
        if len(segment) < 4:
            return Picture(width or 1, height or 1, whole=False)
        kind = segment[1]
        if segment[0] != 0xFF or kind < 0xC0 or 0xD0 <= kind <= 0xD9:
            raise Damaged
        if kind == 0xFF:
            position += 1
            continue
        if kind == 0xDA:
            return Picture(width, height, whole=contains(content, position, b"\xff\xd9"))
        if kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", segment, 5)
        position += 2 + int.from_bytes(segment[2:4], "big")
    raise Damaged


def _png(content: BinaryIO) -> Picture:
    """Go from chunk to chunk, checking each one's checksum, up to the last."""
    content.seek(8)
    width = height = 0
    for number in range(_MOST_PNG_CHUNKS):
        header = content.read(8)
        if len(header) < 8:
            return Picture(width, height, whole=False)
        length, kind = struct.unpack(">I4s", header)
        checksum, beginning = _chunk_checksum(content, length, kind)
        stated = content.read(4)
        if len(stated) < 4:
            return Picture(width or 1, height or 1, whole=False)
        if int.from_bytes(stated, "big") != checksum or (kind == b"IHDR") != (number == 0):
            raise Damaged
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", beginning)
        if kind == b"IEND":
            return Picture(width, height)
    raise Damaged


def _chunk_checksum(content: BinaryIO, length: int, kind: bytes) -> tuple[int, bytes]:
    """The checksum of a chunk, and how it begins."""
    checksum, beginning = zlib.crc32(kind), b""
    while length > 0:
        block = content.read(min(length, 65_536))
        if not block:
            break
        checksum, beginning = zlib.crc32(block, checksum), beginning or block
        length -= len(block)
    return checksum, beginning


def _gif(content: BinaryIO) -> Picture:
    """Go from block to block until the trailer; the largest frame counts."""
    width, height, flags = struct.unpack("<HHB", read_at(content, 6, 5))
    content.seek(13 + _palette(flags))
    steps = iter(range(_MOST_GIF_BLOCKS))
    for _ in steps:
        introducer = content.read(1)
        if introducer == b";":
            return Picture(width, height)
        if introducer == b",":
            left, top, wide, high, flags = struct.unpack("<HHHHB", content.read(9))
            width, height = max(width, left + wide), max(height, top + high)
            content.seek(_palette(flags) + 1, 1)
        elif introducer == b"!":
            content.seek(1, 1)
        else:
            return Picture(width or 1, height or 1, whole=False)
        _pass_over_blocks(content, steps)
    raise Damaged


def _pass_over_blocks(content: BinaryIO, steps: Iterator[int]) -> None:
    for _ in steps:
        length = content.read(1)
        if length in {b"", b"\0"}:
            return
        content.seek(length[0], 1)
    raise Damaged


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(content: BinaryIO) -> Picture:
    """The first chunk has the size, in one of three ways."""
    head = read_at(content, 0, 30)
    whole = int.from_bytes(head[4:8], "little") + 8 <= size_of(content)
    kind = head[12:16]
    if kind == b"VP8X":
        return Picture(int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1, whole)
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return Picture((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, whole)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return Picture(width & 0x3FFF, height & 0x3FFF, whole)
    raise Damaged


def _bmp(content: BinaryIO) -> Picture:
    """The header says where the pixels begin and how many bytes they take."""
    head = read_at(content, 0, 38)
    start, header = struct.unpack_from("<II", head, 10)
    if header == 12:
        width, height, _, depth = struct.unpack_from("<HHHH", head, 18)
        packed = 0
    else:
        width, height, _, depth, packed = struct.unpack_from("<iiHHI", head, 18)
    if width < 0 or depth not in {1, 2, 4, 8, 16, 24, 32}:
        raise Damaged
    height = abs(height)
    # 1, 2, 4 and 5 are compressed: only then does the header have to say how long it came to be.
    length = (
        struct.unpack_from("<I", head, 34)[0] if packed in {1, 2, 4, 5} else (width * depth + 31) // 32 * 4 * height
    )
    return Picture(width, height, whole=start + length <= size_of(content))


def _iso(content: BinaryIO) -> Picture:
    """The largest picture that the container says it holds. Its pixels lie where only a decoder finds them."""
    boxes = read_at(content, 0, _HEADER_BOXES)
    sizes = [struct.unpack(">II", found[1]) for found in re.finditer(rb"ispe\0\0\0\0(.{8})", boxes, re.DOTALL)]
    if not sizes:
        raise Damaged
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Picture(width, height)


_READERS: Final[dict[str, Callable[[BinaryIO], Picture]]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "webp": _webp,
    "bmp": _bmp,
    "tiff": tiff,
    "heif": _iso,
    "avif": _iso,
}
SHAPES = frozenset(_READERS)
"""The shapes that are looked into here."""


def _wrong(reason: str) -> Fault:
    return Fault(FaultCode.WRONG_FILE_FORMAT, reason, field="file")
