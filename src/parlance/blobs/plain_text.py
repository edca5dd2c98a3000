"""Whether bytes are text that somebody can read, and in which encoding."""

import codecs
import re
from typing import BinaryIO, Final

_BLOCK = 256 * 1024
_BEGINNING = 1024

# Everything below the space but tab, line feed, form feed, carriage return and escape (coloured logs).
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# What begins like this is a page or a program, whatever its name says.
_ACTIVE = ("<!doctype", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?xml", "<?php", "<%", "#!")
# GB18030 holds all of GBK, and browsers read GBK as if it were GB18030.
_CHARSETS: Final = {"utf-8": "utf-8", "gb18030": "gb18030"}


def charset_of(content: BinaryIO) -> str | None:
    """The encoding to serve the text with; None if it is no text, or is a page or script."""
    charset = next((charset for charset, codec in _CHARSETS.items() if _decodes(content, codec)), None)
    if charset is None:
        return None
    content.seek(0)
    beginning = content.read(_BEGINNING).decode(_CHARSETS[charset], "ignore")
    return None if beginning.lstrip("\ufeff \t\r\n\f").lower().startswith(_ACTIVE) else charset


def _decodes(content: BinaryIO, codec: str) -> bool:
    """Read all of it, a block at a time."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while block := content.read(_BLOCK):
            if _CONTROL.search(block):
                return False
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
