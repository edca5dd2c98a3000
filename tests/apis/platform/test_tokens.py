"""Client tokens: POST /im/tokens."""

import jwt

from cast import Town
from parlance.core.model.app import Policy


async def test_a_token_is_minted(town: Town) -> None:
    """It is a JWT signed with the app's secret, says whose it is, and is told with its end in milliseconds."""
    issued = (await town.backend.post("/im/tokens", {"client_id": "ada"})).data
    assert ["token", "expires_at"] == [*issued]
    claims = jwt.decode(issued["token"], town.hall.token_secret, algorithms=["HS256"])
    assert ("ada", "hall") == (claims["sub"], claims["app"])
    assert issued["expires_at"] // 1000 == claims["exp"]
    assert issued["expires_at"] > town.application.clock.now()


async def test_a_token_lets_in(town: Town) -> None:
    """What was minted is taken, without any other header."""
    token = (await town.backend.post("/im/tokens", {"client_id": "ada"})).data["token"]
    shown = town.bare.showing(Authorization=f"Bearer {token}")
    assert "ada" == (await shown.get("/im/users/ada")).data["client_id"]


async def test_a_token_makes_its_user(town: Town) -> None:
    """A client nobody has heard of is registered."""
    assert (200, 211) == (await town.backend.get("/im/users/zoe")).refusal
    await town.backend.post("/im/tokens", {"client_id": "zoe"})
    assert "zoe" == (await town.backend.get("/im/users/zoe")).data["client_id"]


async def test_a_client_mints_nothing(town: Town) -> None:
    """Not even for itself: 403."""
    assert (403, 1) == (await town.ada.rest.post("/im/tokens", {"client_id": "ada"})).refusal


async def test_an_open_app_mints_only_with_the_key(town: Town) -> None:
    """The app id is enough for everything else, not for this: 401."""
    app = await town.app("yard", Policy.OPEN)
    assert (401, 1) == (await town.bare.showing(app_id="yard").post("/im/tokens", {"client_id": "ada"})).refusal
    keyed = town.bare.showing(app_id="yard", app_key=app.master_key)
    assert 0 == (await keyed.post("/im/tokens", {"client_id": "ada"})).code


async def test_a_token_for_nobody(town: Town) -> None:
    """Without `client_id`: 4001; with one that is none: 4406; for somebody banned: 213."""
    assert (200, 4001) == (await town.backend.post("/im/tokens")).refusal
    assert (200, 4406) == (await town.backend.post("/im/tokens", {"client_id": "a b"})).refusal
    assert (200, 4406) == (await town.backend.post("/im/tokens", {"client_id": ""})).refusal
    await town.backend.post("/im/users/ben/ban")
    assert (200, 213) == (await town.backend.post("/im/tokens", {"client_id": "ben"})).refusal
