"""The key with which a client connects to what stands behind its app."""

import msgspec
import pytest

from core.actions.provider.conftest import Front
from core.world import World, refusal
from parlance.core.actions.tenancy import tokens
from parlance.core.model.caller import Caller
from parlance.kernel.clock import MINUTE
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from rongcloud.fake import Trouble

ADA, BEN = ClientId("ada"), ClientId("ben")


async def test_embedded_it_is_a_token_of_ours(world: World) -> None:
    """It speaks for that client on our sockets."""
    key = await world.actions.provider_token(world.ada, ADA)
    assert ADA == tokens.verify(world.hall, key, world.clock)


async def test_it_is_what_rongcloud_made(front: Front) -> None:
    """For the user's number, under the name the user has."""
    key = await front.actions.provider_token(front.client("ada"), ADA)
    assert [key] == front.fake.state.tokens["1"]
    assert "ada" == front.fake.state.names["1"]


async def test_the_same_is_given_out_again(front: Front) -> None:
    """RongCloud is asked once."""
    keys = {await front.actions.provider_token(front.client("ada"), ADA) for _ in range(3)}
    assert (1, 1) == (len(keys), len(front.fake.asked))


async def test_a_fresh_one_is_made_when_asked_for(front: Front) -> None:
    """But not once more within the minute: a loop of clients must not use up what we may ask for."""
    first = await front.actions.provider_token(front.client("ada"), ADA)
    assert first == await front.actions.provider_token(front.client("ada"), ADA, fresh=True)
    front.world.clock.advance(MINUTE)
    second = await front.actions.provider_token(front.client("ada"), ADA, fresh=True)
    assert second == front.fake.state.tokens["1"][1]
    assert second == await front.actions.provider_token(front.client("ada"), ADA)


async def test_another_secret_makes_old_keys_worthless(front: Front) -> None:
    """RongCloud ends all of them when the secret is changed."""
    first = await front.actions.provider_token(front.client("ada"), ADA)
    front.fake.secret = "another-secret-of-hall"
    settings = msgspec.structs.replace(front.app.settings, rongcloud_secret=front.fake.secret)
    front.app = await front.actions.change_app("hall", settings=settings)
    assert first != await front.actions.provider_token(front.client("ada"), ADA)


async def test_nobody_gets_another_s(front: Front) -> None:
    """Save the backend, which acts for everybody."""
    assert FaultCode.FOREIGN_CLIENT is await refusal(front.actions.provider_token(front.client("ada"), BEN))
    assert await front.actions.provider_token(front.backend, BEN)


async def test_a_banned_client_gets_none(front: Front) -> None:
    """Neither an old one nor a new one."""
    await front.actions.provider_token(front.client("ben"), BEN)
    await front.actions.ban(front.backend, BEN)
    assert FaultCode.BANNED is await refusal(front.actions.provider_token(front.client("ben"), BEN))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.ERROR_500, FaultCode.PROVIDER_FAILED),
        (Trouble.REFUSED, FaultCode.PROVIDER_FAILED),
        (Trouble.NO_FIELDS, FaultCode.PROVIDER_FAILED),
        (Trouble.BAD_JSON, FaultCode.PROVIDER_FAILED),
        (Trouble.TOO_MANY, FaultCode.UNAVAILABLE),
        (Trouble.RESET, FaultCode.UNAVAILABLE),
    ],
)
async def test_if_rongcloud_fails_there_is_none(front: Front, trouble: Trouble, code: FaultCode) -> None:
    """And none is kept."""
    front.fake.trouble(trouble, times=1)
    assert code is await refusal(front.actions.provider_token(front.client("ada"), ADA))
    assert await front.actions.provider_token(front.client("ada"), ADA) in front.fake.state.tokens["1"]


async def test_who_is_unknown_is_made_known_if_the_app_allows_it(front: Front) -> None:
    """With a number of its own."""
    await front.actions.provider_token(front.client("eve"), ClientId("eve"))
    assert ["4"] == list(front.fake.state.tokens)
    closed = msgspec.structs.replace(
        front.app, settings=msgspec.structs.replace(front.app.settings, create_users=False)
    )
    stranger = Caller(closed, ClientId("fay"))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(front.actions.provider_token(stranger, ClientId("fay")))
