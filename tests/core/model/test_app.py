"""Apps."""

import msgspec
import pytest

from parlance.core.model.app import AppSettings, Policy


@pytest.mark.parametrize(
    ("policy", "credential", "login_token"),
    [(Policy.OPEN, False, False), (Policy.KEY, True, False), (Policy.TOKEN, True, True)],
)
def test_policies_ask_for_more_and_more(policy: Policy, credential: bool, login_token: bool) -> None:
    """REST and sockets each have their column in the table of policies."""
    assert (credential, login_token) == (policy.asks_for_credential, policy.asks_for_login_token)


def test_settings_take_no_unknown_words() -> None:
    """A setting that is misspelt is not silently nothing."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"recall_windw": 5}, AppSettings)
