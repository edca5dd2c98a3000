"""Logging in."""

import asyncio

import pytest

from core.world import World, refusal, with_settings
from parlance.core.actions.presence.log_in import LoginAsked
from parlance.core.actions.tenancy import tokens
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA, NEW = ClientId("ada"), ClientId("new")


async def _changed(world: World, **changes: object) -> App:
    """`hall` with something else written about it, as the server sees it."""
    app = await world.actions.change_app("hall", **changes)  # type: ignore[arg-type]
    await world.application.directory.refresh()
    return app


def _token(app: App, world: World, client: ClientId = ADA, lifetime: int = 60 * SECOND) -> str:
    return tokens.sign(app, client, world.clock.now(), world.clock.now() + lifetime)


async def test_a_token_lets_its_client_in(world: World) -> None:
    """And who is let in speaks for itself."""
    caller = await world.actions.log_in(LoginAsked("hall", ADA, _token(world.hall, world)))
    assert Caller(world.hall, ADA) == caller


async def test_a_user_is_made_on_first_login(world: World) -> None:
    """Somebody nobody has heard of gets a user, with what the login says of it; the next login may add to it."""
    for profile in (Profile(nickname="Newt"), Profile(avatar="https://x/a.png")):
        await world.actions.log_in(LoginAsked("hall", NEW, _token(world.hall, world, NEW), profile))
    user = await world.actions.find_user(world.backend, NEW)
    assert ("Newt", "https://x/a.png", 4) == (user.nickname, user.avatar, user.uid)


@pytest.mark.parametrize("policy", [Policy.OPEN, Policy.KEY])
async def test_without_a_token_where_none_is_asked_for(world: World, policy: Policy) -> None:
    """Under both other policies the client id is enough."""
    app = await _changed(world, policy=policy)
    assert Caller(app, ADA) == await world.actions.log_in(LoginAsked("hall", ADA))


async def test_under_the_policy_token_a_token_it_must_be(world: World) -> None:
    """Without one nobody comes in."""
    assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.log_in(LoginAsked("hall", ADA)))


@pytest.mark.parametrize("policy", list(Policy))
async def test_a_token_that_is_shown_must_be_right(world: World, policy: Policy) -> None:
    """Wrong, expired and foreign ones are refused under every policy."""
    app = await _changed(world, policy=policy)
    shown = [
        "",
        "nonsense",
        _token(app, world)[:-2],
        _token(app, world, lifetime=-1 * SECOND),
        _token(world.annex, world),
    ]
    for token in shown:
        assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.log_in(LoginAsked("hall", ADA, token)))


@pytest.mark.parametrize("policy", list(Policy))
async def test_a_token_speaks_for_nobody_else(world: World, policy: Policy) -> None:
    """Ben's token does not let Ada in."""
    app = await _changed(world, policy=policy)
    asked = world.actions.log_in(LoginAsked("hall", ADA, _token(app, world, ClientId("ben"))))
    assert FaultCode.FOREIGN_CLIENT is await refusal(asked)


async def test_an_unknown_app_is_refused(world: World) -> None:
    """As a wrong credential is."""
    assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.log_in(LoginAsked("nowhere", ADA)))


async def test_the_banned_stay_out(world: World) -> None:
    """A banned client is told so, until it is let back in."""
    await world.actions.ban(world.backend, ADA)
    asked = LoginAsked("hall", ADA, _token(world.hall, world))
    assert FaultCode.BANNED is await refusal(world.actions.log_in(asked))
    await world.actions.unban(world.backend, ADA)
    assert ADA == (await world.actions.log_in(asked)).client_id


async def test_a_ban_that_falls_during_a_login_counts(world: World) -> None:
    """Nobody slips in while the ban is written: it finds no connection to end yet."""
    login = asyncio.ensure_future(
        world.actions.log_in(LoginAsked("hall", ADA, _token(world.hall, world), Profile(nickname="Countess")))
    )
    await asyncio.sleep(0)
    await world.actions.ban(world.backend, ADA)
    outcome = (await asyncio.gather(login, return_exceptions=True))[0]
    # Whichever of the two the store took first, she is not in.
    if isinstance(outcome, Caller):
        assert FaultCode.BANNED is await refusal(world.actions.log_in(LoginAsked("hall", ADA)))
    else:
        assert FaultCode.BANNED is await refusal(login)


async def test_an_app_may_make_no_users(world: World) -> None:
    """Then only who is known comes in."""
    await _changed(world, settings=with_settings(world.hall, create_users=False).settings)
    unknown = world.actions.log_in(LoginAsked("hall", NEW, _token(world.hall, world, NEW)))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(unknown)
    assert ADA == (await world.actions.log_in(LoginAsked("hall", ADA, _token(world.hall, world)))).client_id


async def test_a_profile_has_a_bound(world: World) -> None:
    """A login does not leave more in the store than a message may."""
    profile = Profile(nickname="x" * (64 * 1024 + 1))
    asked = LoginAsked("hall", ADA, _token(world.hall, world), profile)
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.log_in(asked))
