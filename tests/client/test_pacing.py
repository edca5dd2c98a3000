"""When to come back."""

import pytest

from parlance.client.pacing import seconds


def test_a_server_says_how_long_to_wait() -> None:
    """In whole seconds."""
    assert [0.0, 7.0] == [seconds(words) for words in ("0", "7")]


@pytest.mark.parametrize(
    "words",
    ["", "soon", "-1", "1.5", "\u00b2", "\u0663", "9" * 400, "Fri, 20 Nov 2026 08:00:00 GMT"],
    ids=["nothing", "a word", "the past", "a fraction", "an exponent", "another script", "for ever", "a date"],
)
def test_what_says_no_such_time_is_passed_over(words: str) -> None:
    """A proxy may say what it likes."""
    assert seconds(words) is None
