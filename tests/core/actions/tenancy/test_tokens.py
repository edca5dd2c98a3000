"""Client tokens."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from typing import Any

import jwt
import pytest

from core.world import refused
from parlance.core.actions.tenancy.tokens import app_named_in, sign, verify
from parlance.core.model.app import App, AppSettings, Policy
from parlance.kernel.clock import SECOND, StoppedClock
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId

ADA = ClientId("ada")
SECRET = "s" * 40
HALL = App(AppId("hall"), "", "p" * 40, "k" * 40, SECRET, Policy.TOKEN, AppSettings(), 0, 0)


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that stands."""
    return StoppedClock()


def _made(clock: StoppedClock, *without: str, **claims: Any) -> str:
    now = clock.now() // SECOND
    whole = {"sub": "ada", "app": "hall", "iat": now, "exp": now + 60, **claims}
    # By hand: the library would not sign some of what has to be refused.
    return _with_body({name: value for name, value in whole.items() if name not in without})


def _with_body(body: Any) -> str:
    signed = jwt.api_jws.encode(json.dumps(body).encode(), SECRET, algorithm="HS256")
    assert signed.count(".") == 2
    return signed


def test_what_is_signed_is_verified(clock: StoppedClock) -> None:
    """A token speaks for the client it was made for, up to its last second."""
    token = sign(HALL, ADA, clock.now(), clock.now() + 60 * SECOND)
    assert ADA == verify(HALL, token, clock)
    clock.advance(60 * SECOND - 1)
    assert ADA == verify(HALL, token, clock)
    clock.advance(1)
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: verify(HALL, token, clock))


def test_its_claims_are_the_contracts(clock: StoppedClock) -> None:
    """An app's own backend makes the same ones."""
    token = sign(HALL, ADA, 1_500_000, 2_500_999)
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert {"sub": "ada", "app": "hall", "iat": 1500, "exp": 2500} == claims


def test_an_apps_own_backend_mints_too(clock: StoppedClock) -> None:
    """Whatever else it claims, and whether or not it says when it was made."""
    now = clock.now() // SECOND
    for token in (
        _made(clock, "iat"),
        _made(clock, aud="somebody", jti="1", iss="the school"),
        _made(clock, iat=now + 3_600),
        _made(clock, exp=now + 0.5),
        _made(clock, nbf=now),
    ):
        assert ADA == verify(HALL, token, clock)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 0},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": True},
        {"exp": 1e300},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": [1]},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
        {"sub": ["ada"]},
        {"app": "annex"},
        {"app": None},
        {"app": ["hall"]},
        {"nbf": 1e12},
        {"nbf": "now"},
    ],
    ids=str,
)
def test_odd_claims_are_refused(clock: StoppedClock, claims: dict[str, Any]) -> None:
    """Even with the right signature."""
    token = _made(clock, **claims)
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: verify(HALL, token, clock))


@pytest.mark.parametrize("name", ["exp", "sub", "app"])
def test_missing_claims_are_refused(clock: StoppedClock, name: str) -> None:
    """A token without end, without a client or without an app is none."""
    token = _made(clock, name)
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: verify(HALL, token, clock))


@pytest.mark.parametrize("body", [[], "text", 7, None], ids=repr)
def test_a_body_that_is_no_object_is_refused(clock: StoppedClock, body: Any) -> None:
    """Well signed nonsense is nonsense."""
    token = _with_body(body)
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: verify(HALL, token, clock))
    assert None is app_named_in(token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "no token",
        "\udcff",
        "é.é.é",
        "ey" * 10_000,
        urlsafe_b64encode(b"[" * 60_000).decode() + ".e30.e30",
    ],
    ids=lambda token: token[:10].encode("ascii", "replace").decode(),
)
def test_nonsense_is_refused(clock: StoppedClock, token: str) -> None:
    """Whatever the bytes are, it is a refusal."""
    assert FaultCode.BAD_CREDENTIAL is refused(lambda: verify(HALL, token, clock))
    assert None is app_named_in(token)


def test_a_changed_token_is_refused(clock: StoppedClock) -> None:
    """One letter of any part is enough."""
    token = _made(clock)
    for at in (3, token.index(".") + 5, token.rindex(".") + 5):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert FaultCode.BAD_CREDENTIAL is refused(partial(verify, HALL, changed, clock))


def test_a_token_names_its_app(clock: StoppedClock) -> None:
    """Before anything of it is believed."""
    assert "hall" == app_named_in(_made(clock))
    assert None is app_named_in(_made(clock, "app"))
    assert None is app_named_in(_made(clock, app=7))
