"""Who may call: the app's id, its keys, client tokens, and the three policies."""

import warnings
from hashlib import md5
from io import BytesIO
from typing import Any

import jwt
import pytest

from cast import Reply, Rest, Town
from parlance.core.model.app import Policy

USERS = "/im/users"
TOKEN_HEADERS = ["Bearer", "bearer", "Token", "JWT"]


def group(town: Town) -> str:
    """A call that any member may make."""
    return f"/im/conversations/{town.group}/members"


def token(town: Town, secret: str | None = None, algorithm: str = "HS256", **claims: Any) -> str:
    """A token of Ada's made by hand."""
    now = town.clock.now() // 1000
    whole = {"sub": "ada", "app": "hall", "iat": now, "exp": now + 60, **claims}
    said = {name: value for name, value in whole.items() if value is not None}
    with warnings.catch_warnings():
        # Our secrets are long enough for HS256, which is all we take.
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        return jwt.encode(said, town.hall.token_secret if secret is None else secret, algorithm=algorithm)


@pytest.mark.parametrize("header", ["app-id", "IM-APP-ID", "X-LC-Id", "im-app-id", "APP-ID"])
async def test_the_app_is_named_in_a_header(town: Town, header: str) -> None:
    """In any of three spellings."""
    shown = Rest(town.session, town.base, {header: "hall", "app-key": town.hall.master_key})
    assert 0 == (await shown.get(group(town))).code


@pytest.mark.parametrize("shape", ["{}", "{},master"])
@pytest.mark.parametrize("header", ["app-key", "X-LC-Key"])
async def test_the_server_key(town: Town, header: str, shape: str) -> None:
    """In either header, marked as LeanCloud's clients mark it or not."""
    shown = Rest(town.session, town.base, {"app-id": "hall", header: shape.format(town.hall.master_key)})
    assert 3 == (await shown.get(USERS)).data["total"]


async def test_the_server_key_signed_with(town: Town) -> None:
    """As LeanCloud's clients do, so that the key itself is not sent."""
    digest = md5(f"1767225600000{town.hall.master_key}".encode(), usedforsecurity=False).hexdigest()
    shown = Rest(town.session, town.base, {"app-id": "hall", "X-LC-Sign": f"{digest},1767225600000,master"})
    assert 3 == (await shown.get(USERS)).data["total"]
    wrong = Rest(town.session, town.base, {"app-id": "hall", "X-LC-Sign": f"{digest},1767225600001,master"})
    await refused(await wrong.get(USERS))


@pytest.mark.parametrize("scheme", TOKEN_HEADERS)
async def test_a_client_token(town: Town, scheme: str) -> None:
    """Under any of its schemes, with and without the app's id."""
    for headers in ({}, {"app-id": "hall"}):
        shown = Rest(town.session, town.base, {**headers, "Authorization": f"{scheme} {town.ada.token}"})
        assert 0 == (await shown.get(group(town))).code


async def test_no_app(town: Town) -> None:
    """4002, whatever the call, and even for a body that is too large or no JSON."""
    for reply in (
        await town.bare.get(USERS),
        await town.bare.post("/im/conversations", {}),
        await town.bare.post("/im/conversations", data=b"{"),
        await town.bare.showing(app_key=town.hall.master_key).get(USERS),
        await town.bare.showing(app_id="").get(USERS),
    ):
        assert (200, 4002) == reply.refusal


async def refused(reply: Reply) -> None:
    """401 in the envelope, with the scheme that would be taken."""
    assert (401, 1) == reply.refusal
    assert "Bearer" == reply.headers["WWW-Authenticate"]


@pytest.mark.parametrize("app_id", ["nobody", "HALL", "'", "hall\u00e9", "x" * 4000])
async def test_an_unknown_app(town: Town, app_id: str) -> None:
    """401."""
    await refused(await town.bare.showing(app_id=app_id, app_key=town.hall.master_key).get(USERS))


@pytest.mark.parametrize("policy", list(Policy))
async def test_a_wrong_credential_is_refused_under_any_policy(town: Town, policy: Policy) -> None:
    """What is presented must be right, even where nothing need be presented."""
    app = await town.app("yard", policy)
    for headers in (
        {"app-key": "wrong"},
        {"app-key": town.hall.master_key},
        {"X-LC-Key": "wrong,master"},
        {"X-LC-Key": f"{app.app_key},master"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Digest x"},
        {"Authorization": app.master_key},
        {"Authorization": f"Bearer {town.ada.token}"},
        {"app-key": app.master_key, "Authorization": "Bearer wrong"},
    ):
        await refused(await Rest(town.session, town.base, {"app-id": "yard", **headers}).get(f"{USERS}/ada"))


async def test_tokens_that_are_not_right(town: Town) -> None:
    """Wrong secret, wrong algorithm, no signature, over, of another app, of nobody, for ever: 401 each."""
    now = town.clock.now() // 1000
    shown = [
        token(town, secret="s" * 40),
        token(town, secret=town.annex.token_secret),
        token(town, algorithm="HS512"),
        jwt.encode({"sub": "ada", "app": "hall", "iat": now, "exp": now + 60}, "", algorithm="none"),
        token(town, exp=now - 60),
        token(town, exp=None),
        token(town, exp="soon"),
        token(town, app="annex"),
        token(town, app=None),
        token(town, sub=None),
        token(town, sub=""),
        token(town, sub=7),
        token(town, sub="a b"),
        token(town, sub="a\ud800"),
        token(town, sub="a\x00"),
        "a.b.c",
        "…",
        town.ada.token[:-2],
        town.ada.token + "x",
    ]
    for one in shown:
        rest = Rest(town.session, town.base, {"app-id": "hall", "Authorization": f"Bearer {one}"})
        await refused(await rest.get(group(town)))


async def test_a_token_names_its_app(town: Town) -> None:
    """A token of one app under another's header is refused."""
    await refused(await town.bare.showing(app_id="annex", Authorization=f"Bearer {town.ada.token}").get(USERS))


async def test_a_token_ends(town: Town) -> None:
    """It lets in until its end, and not after."""
    shown = town.bare.showing(Authorization=f"Bearer {token(town)}")
    assert 0 == (await shown.get(group(town))).code
    town.clock.advance(3_600_000)
    await refused(await shown.get(group(town)))


async def test_an_open_app(town: Town) -> None:
    """The app's id is enough, and counts as the server key."""
    await town.app("yard", Policy.OPEN)
    shown = town.bare.showing(app_id="yard")
    assert "lili" == (await shown.post(USERS, {"unique_id": "lili"})).data["client_id"]
    assert 1 == (await shown.get(USERS)).data["total"]


@pytest.mark.parametrize("policy", [Policy.KEY, Policy.TOKEN])
async def test_an_app_that_is_not_open(town: Town, policy: Policy) -> None:
    """Without a credential 401, with the server key or a token all is well."""
    app = await town.app("yard", policy)
    await refused(await town.bare.showing(app_id="yard").get(USERS))
    keyed = town.bare.showing(app_id="yard", app_key=app.master_key)
    issued = (await keyed.post("/im/tokens", {"client_id": "lili"})).data["token"]
    assert 1 == (await keyed.get(USERS)).data["total"]
    assert "lili" == (await town.bare.showing(Authorization=f"Bearer {issued}").get(f"{USERS}/lili")).data["client_id"]


@pytest.mark.parametrize("header", ["app-key", "X-LC-Key"])
async def test_the_public_key_proves_nothing(town: Town, header: str) -> None:
    """It names the app: no wrong credential, and no right."""
    closed = Rest(town.session, town.base, {"app-id": "hall", header: town.hall.app_key})
    await refused(await closed.get(USERS))
    app = await town.app("yard", Policy.OPEN)
    opened = Rest(town.session, town.base, {"app-id": "yard", header: app.app_key})
    assert 0 == (await opened.get(USERS)).code
    await refused(await opened.post("/im/tokens", {"client_id": "lili"}))
    with_token = Rest(
        town.session,
        town.base,
        {"app-id": "hall", header: town.hall.app_key, "Authorization": f"Bearer {town.ada.token}"},
    )
    assert 0 == (await with_token.get(group(town))).code
    assert (200, 4014) == (await with_token.get(USERS)).refusal


async def test_refused_credentials_change_nothing(town: Town) -> None:
    """A refusal comes before anything is read."""
    shown = town.bare.showing(app_id="hall", app_key="wrong")
    await refused(await shown.post(USERS, {"unique_id": "lili"}))
    await refused(await shown.delete(f"/im/conversations/{town.group}"))
    await refused(await shown.post(USERS, data=BytesIO(b"x" * 2_000_000)))
    assert (200, 211) == (await town.backend.get(f"{USERS}/lili")).refusal
    assert 0 == (await town.backend.get(group(town))).code
