"""Session tokens."""

import pytest

from core.world import refused
from parlance.core.actions.tenancy import session_tokens, tokens
from parlance.core.actions.tenancy.session_tokens import Held
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.session import TOKEN_LIFETIME
from parlance.kernel.clock import HOUR, SECOND, StoppedClock
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId

ADA = ClientId("ada")
NOW = 1_800_000_000_123
APP = App(
    AppId("hall"), "", "public", "server-key", "a-secret-of-some-length-that-will-do", Policy.TOKEN, AppSettings(), 0, 0
)


def _signed(**changes: object) -> str:
    claims = {"sub": "ada", "app": "hall", "tag": None, "dev": None, "iat": NOW / SECOND, "exp": (NOW + 1) / SECOND}
    return tokens.signed({**claims, **changes}, session_tokens._key(APP))


def test_it_says_whose_it_is() -> None:
    """The client, when it was made to the millisecond, its tag and its device; it is good for 48 hours."""
    token = session_tokens.make(APP, ADA, "web", "d1", NOW)
    assert (48 * HOUR, 48 * 3600) == (TOKEN_LIFETIME, token.ttl)
    assert Held(ADA, NOW, "web", "d1") == session_tokens.read(APP, token.token, NOW + TOKEN_LIFETIME - 1)
    bare = session_tokens.make(APP, ADA, None, None, NOW)
    assert Held(ADA, NOW, None, None) == session_tokens.read(APP, bare.token, NOW)


def test_it_expires() -> None:
    """In the millisecond in which its time is over."""
    token = session_tokens.make(APP, ADA, None, None, NOW).token
    assert FaultCode.SESSION_EXPIRED is refused(lambda: session_tokens.read(APP, token, NOW + TOKEN_LIFETIME))


@pytest.mark.parametrize(
    "changes",
    [{"app": "annex"}, {"sub": 7}, {"sub": None}, {"iat": None}, {"exp": None}, {"exp": True}, {"iat": "x"}],
    ids=str,
)
def test_what_it_says_must_make_sense(changes: dict[str, object]) -> None:
    """Rightly signed nonsense is refused as well."""
    assert Held(ADA, NOW, None, None) == session_tokens.read(APP, _signed(tag=1, dev=[]), NOW)
    assert FaultCode.SESSION_EXPIRED is refused(lambda: session_tokens.read(APP, _signed(**changes), NOW))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ü", "." * 100, "x" * 10_000])
def test_garbage_is_refused(token: str) -> None:
    """Whatever it is."""
    assert FaultCode.SESSION_EXPIRED is refused(lambda: session_tokens.read(APP, token, NOW))


def test_it_is_no_client_token() -> None:
    """Nor is a client token one of these: their keys differ."""
    session = session_tokens.make(APP, ADA, None, None, NOW).token
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: tokens.verify(APP, session, StoppedClock(NOW)))
    client = tokens.sign(APP, ADA, NOW, NOW + HOUR)
    assert FaultCode.SESSION_EXPIRED is refused(lambda: session_tokens.read(APP, client, NOW))
