"""Texts that are to be kept."""

from parlance.kernel.faults import bad_format


def bytes_of(text: str, field: str) -> int:
    """How many bytes a text takes; BAD_FORMAT, naming `field`, for what not every store could keep."""
    if "\x00" in text:
        raise bad_format(field, "NUL is not text")
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise bad_format(field, "half of a surrogate pair is not text") from None
