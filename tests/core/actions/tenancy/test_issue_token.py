"""Minting."""

import pytest

from core.world import World, refusal, with_settings
from parlance.core.actions.tenancy.tokens import LIFETIME, verify
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA = ClientId("ada")


async def test_a_token_is_minted(world: World) -> None:
    """It speaks for its client, until it says."""
    issued = await world.actions.issue_token(world.backend, ADA)
    assert world.clock.now() + LIFETIME == issued.expires_at
    assert ADA == verify(world.hall, issued.token, world.clock)
    assert Caller(world.hall, ADA) == await world.actions.authenticate(Credentials(token=issued.token))


async def test_a_lifetime_may_be_asked_for(world: World) -> None:
    """And is kept to."""
    issued = await world.actions.issue_token(world.backend, ADA, 10 * SECOND)
    assert world.clock.now() + 10 * SECOND == issued.expires_at
    world.clock.advance(10 * SECOND)
    late = world.actions.authenticate(Credentials(token=issued.token))
    assert FaultCode.BAD_CREDENTIAL is await refusal(late)


async def test_a_user_is_made_if_the_app_allows(world: World) -> None:
    """Whom nobody has heard of gets a user, or is refused."""
    await world.actions.issue_token(world.backend, ClientId("new"))
    assert 4 == (await world.actions.find_user(world.backend, ClientId("new"))).uid
    strict = Caller(with_settings(world.hall, create_users=False))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.issue_token(strict, ClientId("newer")))
    assert (await world.actions.issue_token(strict, ADA)).token


async def test_the_banned_get_none(world: World) -> None:
    """Until they are let back in."""
    await world.actions.ban(world.backend, ADA)
    assert FaultCode.BANNED is await refusal(world.actions.issue_token(world.backend, ADA))


async def test_a_client_mints_nothing(world: World) -> None:
    """For itself neither."""
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.issue_token(world.ada, ADA))


@pytest.mark.parametrize("key", [None, "the public one"])
async def test_it_takes_the_server_key_whatever_the_policy(world: World, key: str | None) -> None:
    """An open app gives nobody its tokens."""
    await world.actions.change_app("hall", policy=Policy.OPEN)
    shown = Credentials("hall", key=key and world.hall.app_key)
    caller = await world.actions.authenticate(shown)
    assert FaultCode.BAD_CREDENTIAL is await refusal(world.actions.issue_token(caller, ADA))
