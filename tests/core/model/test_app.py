"""Apps."""

import msgspec
import pytest

from parlance.core.model.app import AppSettings, Policy, judge_settings
from parlance.kernel.faults import Fault, FaultCode


@pytest.mark.parametrize(
    ("policy", "credential", "login_token"),
    [(Policy.OPEN, False, False), (Policy.KEY, True, False), (Policy.TOKEN, True, True)],
)
def test_policies_ask_for_more_and_more(policy: Policy, credential: bool, login_token: bool) -> None:
    """REST and sockets each have their column in the table of policies."""
    assert (credential, login_token) == (policy.asks_for_credential, policy.asks_for_login_token)


@pytest.mark.parametrize("name", ["recall_window", "group_capacity", "temporary_lifetime", "hook_wait"])
@pytest.mark.parametrize("number", [-1, 1 << 99])
def test_numbers_have_their_ranges(name: str, number: int) -> None:
    """What nothing could be stored with, or would wait forever, is no setting."""
    judge_settings(AppSettings())
    with pytest.raises(Fault) as refused:
        judge_settings(msgspec.convert({name: number}, AppSettings))
    assert (FaultCode.BAD_FORMAT, name) == (refused.value.code, refused.value.field)


def test_settings_take_no_unknown_words() -> None:
    """A setting that is misspelt is not silently nothing."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"recall_windw": 5}, AppSettings)
