"""The pages of a TIFF: how large they are, and whether their pixels are there."""

import struct
from typing import BinaryIO

from parlance.blobs.reading import Damaged, Picture, read_at, size_of

_MOST_PAGES = 200
_MOST_STRIPS = 200_000

_WIDTH, _HEIGHT = 256, 257
_PLACES = (273, 324)
_LENGTHS = (279, 325)
_SIZES = {3: ("H", 2), 4: ("I", 4)}


def tiff(content: BinaryIO) -> Picture:
    """The largest page; whole if the strips of every page lie within the file."""
    order = "<" if read_at(content, 0, 1) == b"I" else ">"
    size = size_of(content)
    (position,) = struct.unpack(f"{order}I", read_at(content, 4, 4))
    largest, strips = Picture(0, 0), 0
    for _ in range(_MOST_PAGES):
        if not position:
            return largest
        if position > size - 6:
            return Picture(largest.width or 1, largest.height or 1, whole=False)
        tags, position = _page(content, order, position)
        width, height = tags.get(_WIDTH, [0])[0], tags.get(_HEIGHT, [0])[0]
        if width * height >= largest.width * largest.height:
            largest = Picture(width, height, largest.whole)
        places, lengths = _strips(tags)
        strips += len(places)
        if strips > _MOST_STRIPS:
            raise Damaged
        if any(place + length > size for place, length in zip(places, lengths, strict=True)):
            largest = largest._replace(whole=False)
    raise Damaged


def _page(content: BinaryIO, order: str, position: int) -> tuple[dict[int, list[int]], int]:
    """The tags of a page that matter here, and where the next page is described."""
    (count,) = struct.unpack(f"{order}H", read_at(content, position, 2))
    listing = read_at(content, position + 2, count * 12 + 4)
    tags: dict[int, list[int]] = {}
    for at in range(0, count * 12, 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", listing, at)
        if tag not in {_WIDTH, _HEIGHT, *_PLACES, *_LENGTHS} or kind not in _SIZES:
            continue
        if not 0 < number <= _MOST_STRIPS:
            raise Damaged
        letter, each = _SIZES[kind]
        values = listing[at + 8 : at + 12]
        if number * each > 4:
            (elsewhere,) = struct.unpack(f"{order}I", values)
            values = read_at(content, elsewhere, number * each)
        tags[tag] = list(struct.unpack_from(f"{order}{number}{letter}", values))
    (following,) = struct.unpack_from(f"{order}I", listing, count * 12)
    return tags, following


def _strips(tags: dict[int, list[int]]) -> tuple[list[int], list[int]]:
    """Where a page's pixels lie, and how many bytes at each place."""
    places = [place for tag in _PLACES for place in tags.get(tag, [])]
    lengths = [length for tag in _LENGTHS for length in tags.get(tag, [])]
    if not places or len(places) != len(lengths):
        raise Damaged
    return places, lengths
