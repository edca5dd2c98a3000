"""Who is asking: every policy with everything that can be shown."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from enum import Enum

import jwt
import pytest

from core.world import World, refusal
from parlance.core.actions.tenancy import tokens
from parlance.core.actions.tenancy.apps import KeyName
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId

ADA = ClientId("ada")


class As(Enum):
    """Who one is taken for."""

    BACKEND = "the backend"
    UNKEYED = "the backend, without the right to mint tokens"
    ADA = "ada"
    REFUSED = "nobody"


def _token(world: World, app: App | None = None, lifetime: int = 60 * SECOND) -> str:
    now = world.clock.now()
    return tokens.sign(app or world.hall, ADA, now, now + lifetime)


def _claims(world: World) -> dict[str, object]:
    now = world.clock.now() // SECOND
    return {"sub": "ada", "app": "hall", "iat": now, "exp": now + 60}


def _made(world: World, algorithm: str) -> str:
    """A token by hand: the library would not make some of what has to be refused."""
    parts = ({"alg": algorithm, "typ": "JWT"}, _claims(world))
    signed = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    digest = algorithm.lower().replace("hs", "sha")
    sealed = b"" if algorithm == "none" else hmac.digest(world.hall.token_secret.encode(), signed, digest)
    return f"{signed.decode()}.{urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


NOTHING = "nothing"
SHOWN: dict[str, Callable[[World], Credentials]] = {
    NOTHING: lambda w: Credentials("hall"),
    "the public key": lambda w: Credentials("hall", key=w.hall.app_key),
    "the public key said to be the server key": lambda w: Credentials("hall", key=w.hall.app_key, said_server_key=True),
    "the server key": lambda w: Credentials("hall", key=w.hall.master_key),
    "a wrong key": lambda w: Credentials("hall", key="wrong"),
    "an empty key": lambda w: Credentials("hall", key=""),
    "a key that is no text": lambda w: Credentials("hall", key="\udcff"),
    "another app's key": lambda w: Credentials("hall", key=w.annex.master_key),
    "the secret of tokens as a key": lambda w: Credentials("hall", key=w.hall.token_secret),
    "a token": lambda w: Credentials("hall", token=_token(w)),
    "a token and no app": lambda w: Credentials(token=_token(w)),
    "a token and the public key": lambda w: Credentials("hall", key=w.hall.app_key, token=_token(w)),
    "a token and the server key": lambda w: Credentials("hall", key=w.hall.master_key, token=_token(w)),
    "a token and a wrong key": lambda w: Credentials("hall", key="wrong", token=_token(w)),
    "the server key and a wrong token": lambda w: Credentials("hall", key=w.hall.master_key, token="wrong"),
    "an expired token": lambda w: Credentials("hall", token=_token(w, lifetime=0)),
    "an expired token and no app": lambda w: Credentials(token=_token(w, lifetime=0)),
    "an empty token": lambda w: Credentials("hall", token=""),
    "another app's token": lambda w: Credentials("hall", token=_token(w, w.annex)),
    "a token under another app's header": lambda w: Credentials("annex", token=_token(w)),
    "a token of our app signed by another": lambda w: Credentials(
        "hall", token=jwt.encode(_claims(w), w.annex.token_secret, algorithm="HS256")
    ),
    "a token without a signature": lambda w: Credentials("hall", token=_made(w, "none")),
    "a token made by hand": lambda w: Credentials("hall", token=_made(w, "HS256")),
    "a token signed with HS384": lambda w: Credentials("hall", token=_made(w, "HS384")),
    "a token signed with HS512": lambda w: Credentials("hall", token=_made(w, "HS512")),
    "an unknown scheme": lambda w: Credentials("hall", bad_scheme=True),
    "the server key and an unknown scheme": lambda w: Credentials("hall", key=w.hall.master_key, bad_scheme=True),
    "an unknown app": lambda w: Credentials("nowhere"),
    "an unknown app with a key": lambda w: Credentials("nowhere", key=w.hall.master_key),
}
ANYWHERE = {
    "the server key": As.BACKEND,
    "a token": As.ADA,
    "a token and no app": As.ADA,
    "a token made by hand": As.ADA,
    "a token and the public key": As.ADA,
    "a token and the server key": As.BACKEND,
}
"""What is right is right under every policy; everything else is wrong under every policy, save …"""
WHERE_OPEN = {NOTHING: As.UNKEYED, "the public key": As.UNKEYED}
"""… these, where the app id is enough."""


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("shown", list(SHOWN))
async def test_what_is_shown_decides(world: World, policy: Policy, shown: str) -> None:
    """Every policy with every credential: one table."""
    app = await world.actions.change_app("hall", policy=policy)
    expected = {**ANYWHERE, **(WHERE_OPEN if policy is Policy.OPEN else {})}.get(shown, As.REFUSED)
    asked = world.actions.authenticate(SHOWN[shown](world))
    match expected:
        case As.BACKEND:
            assert Caller(app) == await asked
        case As.UNKEYED:
            assert Caller(app, keyed=False) == await asked
        case As.ADA:
            assert Caller(app, ADA) == await asked
        case As.REFUSED:
            assert FaultCode.BAD_CREDENTIAL is await refusal(asked)


async def test_an_app_must_be_named(world: World) -> None:
    """By the header or by a token; a key alone names none."""
    for shown in (Credentials(), Credentials(""), Credentials(key=world.hall.master_key)):
        assert FaultCode.MISSING_APP is await refusal(world.actions.authenticate(shown))
    for shown in (Credentials(token="nonsense"), Credentials(token=_token(world)[5:])):
        assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.authenticate(shown))


async def test_the_banned_are_refused(world: World) -> None:
    """A banned client's token is right and does not help; the backend is nobody's."""
    await world.actions.ban(world.backend, ADA)
    assert FaultCode.BANNED is await refusal(world.actions.authenticate(Credentials("hall", token=_token(world))))
    both = Credentials("hall", key=world.hall.master_key, token=_token(world))
    assert (await world.actions.authenticate(both)).is_backend


async def test_keys_that_were_changed_do_not_help(world: World) -> None:
    """After a rotation the server notices what is right now, and what is not any more."""
    old_key, old_token = Credentials("hall", key=world.hall.master_key), Credentials("hall", token=_token(world))
    assert (await world.actions.authenticate(old_key)).is_backend
    app = await world.actions.change_app.rotate("hall", [KeyName.MASTER_KEY, KeyName.TOKEN_SECRET])
    await world.application.directory.refresh()
    for shown in (old_key, old_token):
        assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.authenticate(shown))
    assert Caller(app) == await world.actions.authenticate(Credentials("hall", key=app.master_key))
    assert Caller(app, ADA) == await world.actions.authenticate(Credentials("hall", token=_token(world, app)))


async def test_an_app_made_meanwhile_is_known_at_once(world: World) -> None:
    """Nobody waits for the next look at what has changed."""
    made = await world.actions.register_app("new")
    assert Caller(made) == await world.actions.authenticate(Credentials(AppId("new"), key=made.master_key))
