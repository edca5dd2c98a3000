"""Operators come in and go."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from core.world import World, refusal
from parlance.core.actions.operating.sign_in import SignIn
from parlance.core.model.operator import KNOWN_FOR, LINK_LIFETIME, SESSION_LIFETIME
from parlance.kernel.clock import MINUTE, SECOND
from parlance.kernel.faults import Fault, FaultCode

Result = TypeVar("Result")
PASSWORD, WRONG = "correct horse", "wrong horse"
HOME, CAFE = "192.0.2.7", "198.51.100.1"


@pytest.fixture
async def ann(world: World) -> World:
    """An operator."""
    await world.actions.operators.set_password("ann", PASSWORD)
    return world


async def test_a_session_is_known_again(ann: World) -> None:
    """Until it is over, or ended; what is said besides the cookie is always the same and never the cookie itself."""
    signed = await ann.actions.sign_in("ann", PASSWORD, HOME)
    assert signed == await ann.actions.sign_in.known(signed.token)
    assert signed.csrf not in signed.token
    await ann.actions.sign_in.out(signed.token)
    assert FaultCode.SESSION_EXPIRED == await refusal(ann.actions.sign_in.known(signed.token))


@pytest.mark.parametrize("token", [None, ""])
async def test_without_a_session(ann: World, token: str | None) -> None:
    """Nobody is there."""
    assert FaultCode.NOT_LOGGED_IN == await refusal(ann.actions.sign_in.known(token))


async def test_a_session_is_over_one_day(ann: World) -> None:
    """After twelve hours, whatever was done meanwhile; and then it is tidied away."""
    signed = await ann.actions.sign_in("ann", PASSWORD, HOME)
    ann.clock.advance(SESSION_LIFETIME - 1)
    await ann.actions.audit.tidy()
    await ann.actions.sign_in.known(signed.token)
    ann.clock.advance(1)
    assert FaultCode.SESSION_EXPIRED == await refusal(ann.actions.sign_in.known(signed.token))
    await ann.actions.audit.tidy()
    assert None is await ann.store.read.operators.session(signed.token)


async def wait_after(world: World, name: str, address: str, password: str = WRONG) -> int:
    """How many seconds an attempt is to wait; 0: it was looked at."""
    try:
        await world.actions.sign_in(name, password, address)
    except Fault as fault:
        return fault.retry_after or 0
    return -1


async def test_wrong_passwords_slow_down(ann: World) -> None:
    """An address, and a name; the right one makes all good."""
    assert [0, 0, 0, 0, 1] == [await wait_after(ann, "ann", HOME) for _ in range(5)]
    assert 1 == await wait_after(ann, "ann", CAFE, PASSWORD), "the name waits wherever it is tried"
    assert 1 == await wait_after(ann, "bob", HOME), "the address waits whoever is tried"
    assert 0 == await wait_after(ann, "bob", CAFE)
    ann.clock.advance(SECOND)
    assert -1 == await wait_after(ann, "ann", HOME, PASSWORD)
    assert [0, 0, 0] == [await wait_after(ann, "ann", HOME) for _ in range(3)]


async def test_a_name_waits_less_long_than_an_address(ann: World) -> None:
    """Who guesses at a name from everywhere keeps its operator out for half a minute at most."""
    for at in range(9):
        await wait_after(ann, "ann", f"10.0.{at}.1")
        ann.clock.advance(MINUTE)
    assert 0 == await wait_after(ann, "ann", CAFE)
    assert 30 == await wait_after(ann, "ann", HOME, PASSWORD)
    for _ in range(14):
        await wait_after(ann, "ann", HOME)
        ann.clock.advance(16 * MINUTE)
    await wait_after(ann, "ann", HOME)
    assert 15 * 60 == await wait_after(ann, "ann", HOME)


async def test_others_guesses_do_not_keep_an_operator_out_where_it_was(ann: World) -> None:
    """For thirty days; its own wrong passwords there still cost a pause, of the address."""
    await ann.actions.sign_in("ann", PASSWORD, HOME)
    for at in range(9):
        await wait_after(ann, "ann", f"10.0.{at}.1")
        ann.clock.advance(MINUTE)
    assert 0 == await wait_after(ann, "ann", "10.0.9.1")
    assert 30 == await wait_after(ann, "ann", CAFE, PASSWORD)
    assert -1 == await wait_after(ann, "ann", HOME, PASSWORD)
    assert 30 == await wait_after(ann, "ann", CAFE, PASSWORD), "who guesses is not let off for it"
    assert [0, 0, 0, 0, 1] == [await wait_after(ann, "ann", HOME) for _ in range(5)]
    ann.clock.advance(KNOWN_FOR + 1)
    for at in range(5):
        await wait_after(ann, "ann", f"10.1.{at}.1")
    assert 0 < await wait_after(ann, "ann", HOME, PASSWORD)


async def test_a_link_makes_a_place_known(ann: World) -> None:
    """Who is kept out comes in by it once, and by the password from then on."""
    await ann.actions.sign_in.by_link(await ann.actions.sign_in.link("ann"), HOME)
    for at in range(5):
        await wait_after(ann, "ann", f"10.0.{at}.1")
    assert -1 == await wait_after(ann, "ann", HOME, PASSWORD)


async def test_attempts_at_the_same_time_are_counted(ann: World) -> None:
    """A password is looked at after its attempt has been counted."""
    waits = await asyncio.gather(*(wait_after(ann, "ann", HOME) for _ in range(12)))
    assert [0] * 4 + [1] * 8 == sorted(waits)


async def test_old_failures_are_forgotten(ann: World) -> None:
    """After a day."""
    for _ in range(4):
        await wait_after(ann, "ann", HOME)
    ann.clock.advance(24 * 60 * MINUTE + 1)
    await ann.actions.audit.tidy()
    assert [0, 0, 0, 0] == [await wait_after(ann, "ann", HOME) for _ in range(4)]


@pytest.mark.parametrize("name", ["nobody", "", "Ann", "x" * 10_000])
async def test_names_of_nobody(ann: World, name: str) -> None:
    """Are refused in the same words as wrong passwords."""
    assert FaultCode.BAD_CREDENTIAL == await refusal(ann.actions.sign_in(name, PASSWORD, HOME))


@pytest.mark.parametrize("gone", [False, True])
async def test_a_password_that_was_one_when_it_was_asked(ann: World, *, gone: bool) -> None:
    """Whoever comes in while it is changed, or its operator goes, has come too late."""
    operators = ann.actions.operators
    await operators.set_password("bob", PASSWORD)

    async def slowly(work: Callable[[], Result]) -> Result:
        fits = work()
        await (operators.remove("ann") if gone else operators.set_password("ann", "another horse"))
        return fits

    sign_in = SignIn(ann.store, slowly, ann.clock, ann.application.ids)
    assert FaultCode.BAD_CREDENTIAL == await refusal(sign_in("ann", PASSWORD, HOME))


async def test_a_link_opens_one_session(ann: World) -> None:
    """Once, and within a quarter of an hour; it is no session itself."""
    key = await ann.actions.sign_in.link("ann")
    assert FaultCode.SESSION_EXPIRED == await refusal(ann.actions.sign_in.known(key))
    assert "ann" == (await ann.actions.sign_in.by_link(key, HOME)).operator
    assert FaultCode.BAD_CREDENTIAL == await refusal(ann.actions.sign_in.by_link(key, HOME))
    late = await ann.actions.sign_in.link("ann")
    ann.clock.advance(LINK_LIFETIME)
    assert FaultCode.BAD_CREDENTIAL == await refusal(ann.actions.sign_in.by_link(late, HOME))
    assert FaultCode.BAD_FORMAT == await refusal(ann.actions.sign_in.link("nobody"))


async def test_a_link_opens_whoever_guesses(ann: World) -> None:
    """Where somebody is wrong all the time, from the same address, too; what is no link has to wait there."""
    for attempt in range(5):
        await refusal(ann.actions.sign_in.by_link(f"nothing {attempt}", HOME))
    assert FaultCode.RATE_LIMITED == await refusal(ann.actions.sign_in.by_link("nothing", HOME))
    key = await ann.actions.sign_in.link("ann")
    assert "ann" == (await ann.actions.sign_in.by_link(key, HOME)).operator
    assert FaultCode.RATE_LIMITED == await refusal(ann.actions.sign_in.by_link("nothing", HOME))


async def test_a_session_is_no_link(ann: World) -> None:
    """What is shown as a cookie opens no other session."""
    signed = await ann.actions.sign_in("ann", PASSWORD, HOME)
    assert FaultCode.BAD_CREDENTIAL == await refusal(ann.actions.sign_in.by_link(signed.token, HOME))
