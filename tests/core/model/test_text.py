"""Texts that are to be kept."""

import pytest

from parlance.core.model.text import bytes_of
from parlance.kernel.faults import Fault, FaultCode


@pytest.mark.parametrize(("text", "expected"), [("", 0), ("hello", 5), ("é", 2), ("张三", 6), ("😀", 4)])
def test_they_are_measured_in_bytes(text: str, expected: int) -> None:
    """As they are written to a store."""
    assert expected == bytes_of(text, "text")


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "é\udfff", "\ude00\ud83d"], ids=ascii)
def test_some_are_none(text: str) -> None:
    """NUL, and halves of surrogate pairs, whatever they come with."""
    with pytest.raises(Fault) as caught:
        bytes_of(text, "nickname")
    assert (FaultCode.BAD_FORMAT, "nickname") == (caught.value.code, caught.value.field)
