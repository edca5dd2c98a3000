"""The names that files come with: kept for the download, and for nothing else."""

import unicodedata

LONGEST_NAME = 200
LONGEST_EXTENSION = 16
NAMELESS = "file"

# Joiners are letters' company in Persian, Indic scripts and emoji; all other format characters are tricks.
_JOINERS = "\u200c\u200d"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """What may be shown of a file's name: no folders, no control or reordering characters, 200 characters at most.

    The extension survives the cut. What has nothing left is called "file".
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    composed = unicodedata.normalize("NFC", last)
    kept = "".join(letter for letter in composed if letter in _JOINERS or unicodedata.category(letter) not in _DROPPED)
    stem, extension = _parted(kept.strip())
    shown = stem.strip(" .")[: LONGEST_NAME - len(extension)].rstrip(" .") or NAMELESS
    return shown + extension


def extension_of(name: str) -> str:
    """The extension in lowercase, without its dot; "" if there is none."""
    return _parted(name)[1].lower().removeprefix(".")


def _parted(name: str) -> tuple[str, str]:
    """The name up to its extension, and the extension with its dot."""
    trimmed = name.rstrip(" .")
    stem, dot, extension = trimmed.rpartition(".")
    if not dot or not extension or len(extension) > LONGEST_EXTENSION:
        return trimmed, ""
    return stem, dot + extension
