"""Reading here and there in a file that nobody vouches for."""

import os
from typing import BinaryIO, NamedTuple

_BLOCK = 256 * 1024


class Damaged(Exception):
    """The bytes contradict themselves."""


class Picture(NamedTuple):
    """What the skeleton of a picture tells."""

    width: int
    height: int
    whole: bool = True


def read_at(content: BinaryIO, position: int, length: int) -> bytes:
    """Up to so many bytes from there: fewer at the end of the file."""
    content.seek(position)
    return content.read(length)


def contains(content: BinaryIO, position: int, wanted: bytes) -> bool:
    """Whether it comes anywhere from there on."""
    content.seek(position)
    carried = b""
    while block := content.read(_BLOCK):
        if wanted in carried + block:
            return True
        carried = block[1 - len(wanted) :]
    return False


def size_of(content: BinaryIO) -> int:
    """How many bytes there are."""
    return content.seek(0, os.SEEK_END)
