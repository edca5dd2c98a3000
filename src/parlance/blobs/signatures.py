"""What the first bytes of a file say it is.

A table of our own: the databases of such signatures know thousands of shapes, many of them by two or
four bytes only, and then take every AVI for a WAV and miss a phone's plain MP3 (decision 0005).
"""

from typing import Final

HEAD = 4096
"""How many bytes from the start `shapes_of_head` wants to see."""

# Each shape, and the pieces that must stand at those offsets.
_SIGNATURES: Final[tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...]] = (
    ("jpeg", ((0, b"\xff\xd8\xff"),)),
    ("png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("gif", ((0, b"GIF87a"),)),
    ("gif", ((0, b"GIF89a"),)),
    ("webp", ((0, b"RIFF"), (8, b"WEBP"))),
    ("bmp", ((0, b"BM"), (6, b"\0\0\0\0"))),
    ("tiff", ((0, b"II*\0"),)),
    ("tiff", ((0, b"MM\0*"),)),
    ("wav", ((0, b"RIFF"), (8, b"WAVE"))),
    ("avi", ((0, b"RIFF"), (8, b"AVI "))),
    ("amr", ((0, b"#!AMR\n"),)),
    ("amr", ((0, b"#!AMR-WB\n"),)),
    ("ogg", ((0, b"OggS\0"),)),
    ("flac", ((0, b"fLaC"),)),
    ("mp3", ((0, b"ID3\x02"),)),
    ("mp3", ((0, b"ID3\x03"),)),
    ("mp3", ((0, b"ID3\x04"),)),
    ("matroska", ((0, b"\x1aE\xdf\xa3"),)),
    ("asf", ((0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")),)),
    ("flv", ((0, b"FLV\x01"),)),
    ("mpeg-video", ((0, b"\0\0\x01\xba"),)),
    ("mpeg-video", ((0, b"\0\0\x01\xb3"),)),
    ("pdf", ((0, b"%PDF-"),)),
    ("rtf", ((0, b"{\\rtf"),)),
    ("ole", ((0, bytes.fromhex("d0cf11e0a1b11ae1")),)),
    ("zip", ((0, b"PK\x03\x04"),)),
    ("zip", ((0, b"PK\x05\x06"),)),
    ("rar", ((0, b"Rar!\x1a\x07\0"),)),
    ("rar", ((0, b"Rar!\x1a\x07\x01\0"),)),
    ("7z", ((0, b"7z\xbc\xaf\x27\x1c"),)),
    ("gzip", ((0, b"\x1f\x8b\x08"),)),
    ("bzip2", ((0, b"BZh"), (4, b"1AY&SY"))),
    ("xz", ((0, b"\xfd7zXZ\0"),)),
    ("tar", ((257, b"ustar"),)),
)

# What an ISO media file, or an old QuickTime film, begins with, after the length of it. The first byte of that
# length is low in any file of a size that is taken, and never in a text ("I'm free").
_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})

# MPEG-1 and MPEG-2 layer III, kbit/s by the index in the frame's header.
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def shapes_of_head(head: bytes) -> set[str]:
    """Every shape whose signature the first bytes bear; no text, which has none."""
    found = {shape for shape, pieces in _SIGNATURES if all(head.startswith(magic, offset) for offset, magic in pieces)}
    if head[4:8] in _ATOMS and head[0] < 9:
        found.add(_iso_shape(head) if head[4:8] == b"ftyp" else "quicktime")
    if _is_mp3_frame(head):
        found.add("mp3")
    if len(head) >= 7 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 0xF < 13:
        found.add("adts")
    return found


def _iso_shape(head: bytes) -> str:
    """Still pictures and films share one container; the brands in its first box tell them apart."""
    box = head[: min(int.from_bytes(head[:4], "big"), len(head))]
    brands = {box[8:12], *(box[start : start + 4] for start in range(16, len(box), 4))}
    if box[8:12] in _HEIF_BRANDS | _AVIF_BRANDS:
        return "avif" if brands & _AVIF_BRANDS else "heif"
    return "iso-media"


def _is_mp3_frame(head: bytes) -> bool:
    """A sound frame, and after it, as far as can be seen, another one: two bytes alone could be anything."""
    length = _mp3_frame_length(head)
    return length is not None and (len(head) < length + 4 or _mp3_frame_length(head[length : length + 4]) is not None)


def _mp3_frame_length(header: bytes) -> int | None:
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bitrate in {0, 15} or rate == 3:
        return None
    bits = (_BITRATES_1 if version == 3 else _BITRATES_2)[bitrate] * 1000
    return (144 if version == 3 else 72) * bits // _RATES[version][rate] + (header[2] >> 1 & 1)
