"""Who may call: the login user comes from a client token, the app from it or from the server's default."""

import warnings
from pathlib import Path

import jwt
import pytest

from apis.rong.parts import GROUP, NOT_SHOWN, REFUSED, answer, made, shown, with_ben
from cast import Reply, Rest, Town, running
from parlance.core.model.app import Policy
from parlance.kernel.clock import DAY

RETRIEVE = "/api/im/retrieve/1/"
CALLS = [
    ("GET", "/api/im/token/"),
    ("GET", GROUP),
    ("POST", GROUP),
    ("POST", f"{GROUP}1/join/"),
    ("POST", f"{GROUP}1/invite/"),
    ("GET", f"{GROUP}1/quit/"),
    ("POST", f"{GROUP}1/quit/"),
    ("GET", f"{GROUP}1/users/"),
    ("GET", f"{GROUP}1/dismiss/"),
    ("POST", f"{GROUP}1/dismiss/"),
]


def refused(reply: Reply) -> None:
    """It is 401, in this dialect's words, and says what to show."""
    assert (401, REFUSED) == answer(reply)
    assert "Token" == reply.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scheme", ["Token", "token", "JWT", "Bearer"])
async def test_a_client_token(town: Town, scheme: str) -> None:
    """Under any of its schemes; it names the app, too."""
    assert 200 == (await shown(town, town.ada, scheme).get(GROUP)).status


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_nothing_shown(town: Town, method: str, path: str) -> None:
    """401, whatever is asked, before anything else is looked at."""
    for nobody in (town.bare, town.bare.showing(app_id="hall")):
        reply = await nobody.call(method, path, data=b"no JSON")
        assert (401, NOT_SHOWN) == answer(reply)
        assert "Token" == reply.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_the_server_key(town: Town, method: str, path: str) -> None:
    """Speaks for no user: 401."""
    assert (401, NOT_SHOWN) == answer(await town.backend.call(method, path))


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_an_open_app(town: Town, method: str, path: str) -> None:
    """Has no login user either."""
    await town.app("trial", Policy.OPEN)
    assert (401, NOT_SHOWN) == answer(await town.bare.showing(app_id="trial").call(method, path))


@pytest.mark.parametrize("path", [GROUP, RETRIEVE])
@pytest.mark.parametrize(
    "shown_as",
    ["Token", "Token ", "Token x.y.z", "Basic YWRhOmFkYQ==", "Bearer 1 2", "Digest x", "Token {token}x", "{token}"],
)
async def test_a_wrong_credential(town: Town, shown_as: str, path: str) -> None:
    """401, even where nothing would have to be shown."""
    headers = {"Authorization": shown_as.format(token=town.ada.token), "app-id": "hall"}
    refused(await Rest(town.session, town.base, headers).get(path))


@pytest.mark.parametrize("path", [GROUP, RETRIEVE])
async def test_a_wrong_server_key(town: Town, path: str) -> None:
    """The same."""
    refused(await town.bare.showing(app_id="hall", app_key="guessed").get(path))


async def test_a_token_signed_by_somebody_else(town: Town) -> None:
    """Or not signed, or signed otherwise: 401."""
    now = town.clock.now() // 1000
    claims = {"sub": "ada", "app": "hall", "iat": now, "exp": now + 60}
    with warnings.catch_warnings():
        # Our secrets are long enough for HS256, which is all we take.
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        made_by_hand = [
            jwt.encode(claims, town.annex.token_secret, algorithm="HS256"),
            jwt.encode(claims, town.hall.token_secret, algorithm="HS512"),
            jwt.encode(claims, None, algorithm="none"),
            jwt.encode({**claims, "app": "nowhere"}, town.hall.token_secret, algorithm="HS256"),
        ]
    for token in made_by_hand:
        refused(await town.bare.showing(Authorization=f"Token {token}").get(GROUP))


async def test_an_expired_token(town: Town) -> None:
    """401."""
    town.clock.advance(8 * DAY)
    refused(await shown(town, town.ada).get(GROUP))


async def test_a_token_of_another_app(town: Town) -> None:
    """401 where the header names this one; by itself it sees its own app only."""
    refused(await shown(town, town.dora).get(GROUP, headers={"app-id": "hall"}))
    assert 0 == (await shown(town, town.dora).get(GROUP)).body["count"]


async def test_an_unknown_app(town: Town) -> None:
    """401."""
    refused(await town.bare.showing(app_id="nowhere").get(RETRIEVE))


async def test_no_app_at_all(town: Town) -> None:
    """Where the server has no default app, somebody must name one."""
    assert (401, NOT_SHOWN) == answer(await town.bare.get(RETRIEVE))


async def test_the_default_app(tmp_path: Path) -> None:
    """Is meant by who names none; a token's own app goes before it."""
    async with running(tmp_path, default_app="hall") as town:
        group = await made(shown(town, town.ada))
        address = f"/api/im/retrieve/{group['id']}/"
        assert (200, group) == answer(await town.bare.get(address))
        assert 404 == (await shown(town, town.dora).get(address)).status
        assert (401, NOT_SHOWN) == answer(await town.bare.get(GROUP))


async def test_what_is_open_to_everybody(town: Town) -> None:
    """Only `retrieve`, whatever the policy; the app's public key shown with it changes nothing."""
    await with_ben(town, code="1234")
    _, mine = answer(await shown(town, town.ada).get(GROUP))
    address = f"/api/im/retrieve/{mine['results'][-1]['id']}/"
    public = town.bare.showing(app_id="hall", app_key=town.hall.app_key)
    assert (200, "") == ((await public.get(address)).status, (await public.get(address)).body["code"])
    assert 401 == (await public.get(GROUP)).status
