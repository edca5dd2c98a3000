"""Refusals."""

import pytest

from parlance.kernel.faults import Fault, FaultCode, bad_format, missing


def test_codes_say_different_things() -> None:
    """No two refusals are said in the same words."""
    assert len(FaultCode) == len({code.value for code in FaultCode})


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault(FaultCode.FULL), "the conversation is full"),
        (Fault(FaultCode.FULL, "it takes at most 5"), "it takes at most 5"),
        (Fault(FaultCode.FULL, field="client_ids"), "client_ids: the conversation is full"),
        (Fault(FaultCode.FULL, "no room", field="client_ids"), "client_ids: no room"),
        (Fault(FaultCode.FULL, "client_ids are too many", field="client_ids"), "client_ids are too many"),
        (missing("text"), "text: a required field is missing"),
        (bad_format("page", "pages are numbered from 1"), "page: pages are numbered from 1"),
    ],
    ids=str,
)
def test_a_sentence_names_the_field_once(fault: Fault, sentence: str) -> None:
    """And says what is known most precisely."""
    assert sentence == fault.sentence


def test_shorthands() -> None:
    """What is sent wrongly most often has words of its own."""
    assert (FaultCode.MISSING_FIELD, "text") == (missing("text").code, missing("text").field)
    assert (FaultCode.BAD_FORMAT, "page") == (bad_format("page", "x").code, bad_format("page", "x").field)


def test_it_says_itself_in_a_traceback() -> None:
    """Where a refusal is not caught, it can be read."""
    assert ("unknown message", "gone") == (str(Fault(FaultCode.UNKNOWN_MESSAGE)), str(Fault(FaultCode.FULL, "gone")))


def test_it_says_when_to_try_again() -> None:
    """In seconds, if that is known."""
    assert (None, 3) == (Fault(FaultCode.FULL).retry_after, Fault(FaultCode.RATE_LIMITED, retry_after=3).retry_after)
