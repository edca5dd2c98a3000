"""What a server that others can reach refuses to start with."""

import pytest
from structlog.testing import capture_logs

from parlance.app.config import Config
from parlance.app.safety import Finding, Gravity, findings, guard, on_loopback, reachable
from parlance.core.model.app import App, AppSettings, Policy
from parlance.kernel.ids import AppId

PUBLIC = Config(host="0.0.0.0", public_url="https://chat.example")  # noqa: S104 - that is the case to try
GOOD_KEY = "k" * 40


def an_app(policy: Policy, master_key: str = GOOD_KEY, app_id: str = "shop") -> App:
    """An app of that policy."""
    return App(AppId(app_id), "", "a", master_key, "t", policy, AppSettings(), 1, 1)


def refusals(found: list[Finding]) -> list[str]:
    """The sentences that keep it from starting."""
    return [each.sentence for each in found if each.gravity is Gravity.REFUSAL]


def test_on_loopback_everything_goes() -> None:
    """Where only this machine can reach it, an open app with a known key is what the examples use."""
    assert [] == findings(Config(), [an_app(Policy.OPEN, "master")], 0o777)


def test_a_sound_setup_has_nothing_to_hear() -> None:
    """Token policy, long keys, a public URL, a private folder."""
    assert [] == findings(PUBLIC, [an_app(Policy.TOKEN)], 0o700)


def test_an_open_app_is_refused_with_three_ways_out() -> None:
    """The sentence names the app and what can be done."""
    (sentence,) = refusals(findings(PUBLIC, [an_app(Policy.OPEN), an_app(Policy.TOKEN, app_id="other")]))
    for part in ("app shop is open", "--id shop --policy token", "127.0.0.1", "PARLANCE_ALLOW_OPEN=shop"):
        assert part in sentence
    assert "other" not in sentence


def test_an_open_app_may_be_allowed_by_name() -> None:
    """Allowing one app does not allow the next."""
    config = Config(host=PUBLIC.host, public_url=PUBLIC.public_url, allow_open=("shop",))
    assert [] == findings(config, [an_app(Policy.OPEN)])
    assert 1 == len(refusals(findings(config, [an_app(Policy.OPEN), an_app(Policy.OPEN, app_id="other")])))


def test_a_key_app_is_warned_of_unless_allowed() -> None:
    """Sockets without a token are for private networks: said, not refused."""
    (warned,) = findings(PUBLIC, [an_app(Policy.KEY)])
    assert (Gravity.WARNING, True) == (warned.gravity, "PARLANCE_ALLOW_KEY=shop" in warned.sentence)
    allowed = Config(host=PUBLIC.host, public_url=PUBLIC.public_url, allow_key=("shop",))
    assert [] == findings(allowed, [an_app(Policy.KEY)])


def test_an_app_opened_later_is_served_closed() -> None:
    """A server that runs already does not become open by a change of an app; keys and the rest stay."""
    opened = an_app(Policy.OPEN)
    assert an_app(Policy.TOKEN) == guard(PUBLIC)(opened)
    assert opened == guard(Config())(opened)
    assert opened == guard(Config(host=PUBLIC.host, allow_open=("shop",)))(opened)
    assert an_app(Policy.KEY) == guard(PUBLIC)(an_app(Policy.KEY))


def test_the_operator_is_told_once_that_an_app_is_served_closed() -> None:
    """One line for each change of the app, however often it is looked at."""
    with capture_logs() as lines:
        guarded = guard(PUBLIC)
        for _ in range(3):
            guarded(an_app(Policy.OPEN))
    assert ["shop"] == [line["app_id"] for line in lines]


@pytest.mark.parametrize("key", ["master", "MASTER", "short", "1234567", "password", ""])
def test_a_key_that_can_be_guessed_is_refused(key: str) -> None:
    """Whatever the policy: the server key acts for the whole app. The key itself is not repeated."""
    (sentence,) = refusals(findings(PUBLIC, [an_app(Policy.TOKEN, key)]))
    assert "parlance app rotate --id shop --master-key" in sentence
    assert not key or key not in sentence.replace("--master-key", "")


def test_missing_public_url_and_readable_data_are_warned_of() -> None:
    """Neither keeps a server from starting."""
    found = findings(Config(host="::"), [], 0o755)
    assert [Gravity.WARNING, Gravity.WARNING] == [each.gravity for each in found]
    assert "PARLANCE_PUBLIC_URL" in found[0].sentence
    assert "chmod 700 data" in found[1].sentence


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - that is the case to try
        ("::", False),
        ("192.168.1.2", False),
        ("chat.example", False),
        ("localhost.example", False),
    ],
)
def test_what_counts_as_loopback(host: str, expected: bool) -> None:
    """Only addresses that never leave the machine; a name could mean anything."""
    assert expected == on_loopback(host)


def test_a_public_address_makes_a_server_on_loopback_reachable() -> None:
    """Behind a proxy a server listens on loopback, and lies open to the world all the same."""
    config = Config(public_url="https://chat.example.org")
    assert (True, False) == (reachable(config), reachable(Config(public_url="http://127.0.0.1:8000")))
