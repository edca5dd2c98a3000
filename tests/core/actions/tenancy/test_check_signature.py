"""Checking signatures."""

from typing import Any

import pytest

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.session import SIGNATURE_AHEAD, SIGNATURE_LIFETIME
from parlance.core.model.signature import Permission, SignedAction, signature_of
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA, BEN = ClientId("ada"), ClientId("ben")
START = Permission(ADA, (ADA, BEN))
BLOCK = Permission(ADA, (BEN,), "c", SignedAction.BLOCK)
HISTORY = Permission(ADA, conv_id="c", history=True)
SIGNED: dict[str, Any] = {"signed_conversations": True, "signed_blacklists": True}


def _shown(world: World, permission: Permission, at: int | None = None) -> tuple[int, str, str]:
    timestamp = world.clock.now() if at is None else at
    return timestamp, "n1", signature_of(world.hall, permission, timestamp, "n1")


def _ada(world: World, **settings: Any) -> Caller:
    return Caller(with_settings(world.hall, **(settings or SIGNED)), ADA)


async def _check(world: World, permission: Permission, at: int | None = None) -> None:
    await world.actions.check_signature(_ada(world), permission, *_shown(world, permission, at))


@pytest.mark.parametrize(
    "permission",
    [START, BLOCK, *(Permission(ADA, (BEN,), "c", action) for action in SignedAction), Permission(ADA, (), None)],
    ids=str,
)
async def test_what_the_backend_signed_is_allowed(world: World, permission: Permission) -> None:
    """What was signed with the app's server key, and nothing else with that signature."""
    await _check(world, permission)
    other = Permission(ADA, (ClientId("cy"),), permission.conv_id, permission.action)
    asked = world.actions.check_signature(_ada(world), other, *_shown(world, permission))
    assert FaultCode.WRONG_SIGNATURE is await refusal(asked)


async def test_capital_letters_are_as_good(world: World) -> None:
    """Some backends write hex so."""
    timestamp, nonce, signature = _shown(world, START)
    await world.actions.check_signature(_ada(world), START, timestamp, nonce, signature.upper())


async def test_seconds_are_as_good_as_milliseconds(world: World) -> None:
    """The number is signed as it stands."""
    await _check(world, START, world.clock.now() // SECOND)
    assert FaultCode.WRONG_SIGNATURE is await refusal(_check(world, START, world.clock.now() // SECOND - 6 * 3600 - 1))


async def test_a_signature_is_good_for_six_hours(world: World) -> None:
    """And a clock that is five minutes ahead does no harm."""
    now = world.clock.now()
    for at in (now - SIGNATURE_LIFETIME, now + SIGNATURE_AHEAD):
        await _check(world, START, at)
    for at in (now - SIGNATURE_LIFETIME - 1, now + SIGNATURE_AHEAD + 1, 0, -1, (1 << 63) - 1):
        assert FaultCode.WRONG_SIGNATURE is await refusal(_check(world, START, at))


async def test_who_comes_in_by_itself_is_named_or_not(world: World) -> None:
    """Both are signed by backends in use."""
    named, unnamed = (Permission(ADA, who, "c", SignedAction.INVITE) for who in ((ADA,), ()))
    for asked, signed in ((named, unnamed), (unnamed, named)):
        await world.actions.check_signature(_ada(world), asked, *_shown(world, signed))


async def test_history_is_signed_in_either_order(world: World) -> None:
    """If a signature is shown it must be right; whether one is needed is nobody's setting."""
    timestamp = world.clock.now()
    swapped = signature_of(world.hall, Permission(ADA, (), f"c:{timestamp}", history=True), timestamp, "n1")
    assert swapped != _shown(world, HISTORY)[2]
    await _check(world, HISTORY)
    ada = _ada(world, signed_conversations=False)
    await world.actions.check_signature(ada, HISTORY, None, None, None)
    wrong = world.actions.check_signature(ada, HISTORY, timestamp, "n1", swapped)
    assert FaultCode.WRONG_SIGNATURE is await refusal(wrong)


@pytest.mark.parametrize("missing", range(3))
async def test_a_part_that_is_missing_is_none_at_all(world: World, missing: int) -> None:
    """Where a signature is asked for that is a refusal."""
    parts: list[Any] = list(_shown(world, START))
    parts[missing] = None
    assert FaultCode.WRONG_SIGNATURE is await refusal(world.actions.check_signature(_ada(world), START, *parts))


async def test_where_none_is_asked_for_none_is_looked_at(world: World) -> None:
    """Two switches: one for conversations, one for blacklists."""
    only = {"signed_conversations": True, "signed_blacklists": False}
    await world.actions.check_signature(_ada(world, **only), BLOCK, 1, "x", "signature")
    asked = world.actions.check_signature(_ada(world, **only), START, 1, "x", "signature")
    assert FaultCode.WRONG_SIGNATURE is await refusal(asked)
    only = {"signed_conversations": False, "signed_blacklists": True}
    await world.actions.check_signature(_ada(world, **only), START, 1, "x", "signature")
    asked = world.actions.check_signature(_ada(world, **only), BLOCK, None, None, None)
    assert FaultCode.WRONG_SIGNATURE is await refusal(asked)


async def test_what_was_signed_before_a_kick_is_void(world: World) -> None:
    """Who was thrown out needs a new one."""
    await _check(world, START)
    await world.actions.kick(world.backend, ADA)
    world.clock.advance(1)
    assert FaultCode.WRONG_SIGNATURE is await refusal(_check(world, START, world.clock.now() - 1))
    await _check(world, START)


async def test_nobody_shows_what_is_for_others(world: World) -> None:
    """A client's own signatures are asked for."""
    asked = world.actions.check_signature(world.ben, START, *_shown(world, START))
    assert FaultCode.FOREIGN_CLIENT is await refusal(asked)
