"""Operators: the first, more of them, their passwords."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import pytest

from core.world import World, refusal
from parlance.core.actions.operating.operators import Operators
from parlance.core.model.operator import network_of, pause
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode

Result = TypeVar("Result")
GOOD = "correct horse"


async def test_an_installation_begins_with_one(world: World) -> None:
    """Called admin, with a password that is made up; asked again, there is one already."""
    password = await world.actions.operators.first()
    assert password is not None
    assert re.fullmatch(r"\w{5}(-\w{5}){3}", password)
    assert None is await world.actions.operators.first()
    assert ["admin"] == [operator.name for operator in await world.actions.operators.all()]
    assert "admin" == (await world.actions.sign_in("admin", password, "10.0.0.1")).operator


async def test_a_password_is_kept_hashed(world: World) -> None:
    """And the same password twice is kept as two different things."""
    for name in ("ann", "bob"):
        assert GOOD == await world.actions.operators.set_password(name, GOOD)
    ann, bob = await world.actions.operators.all()
    assert GOOD not in ann.password + bob.password
    assert ann.password != bob.password


async def test_a_new_password_ends_all_sessions(world: World) -> None:
    """Whoever has the old one is out."""
    await world.actions.operators.set_password("ann", GOOD)
    signed = await world.actions.sign_in("ann", GOOD, "10.0.0.1")
    await world.actions.operators.set_password("ann")
    assert FaultCode.SESSION_EXPIRED == await refusal(world.actions.sign_in.known(signed.token))
    assert FaultCode.BAD_CREDENTIAL == await refusal(world.actions.sign_in("ann", GOOD, "10.0.0.1"))


async def test_an_operator_changes_its_own(world: World) -> None:
    """If it knows the old one."""
    change = world.actions.operators.change_password
    await world.actions.operators.set_password("ann", GOOD)
    assert FaultCode.BAD_CREDENTIAL == await refusal(change("ann", "wrong horse", "new password"))
    assert FaultCode.BAD_FORMAT == await refusal(change("ann", GOOD, "short"))
    await change("ann", GOOD, "new password")
    assert "ann" == (await world.actions.sign_in("ann", "new password", "10.0.0.1")).operator


@pytest.mark.parametrize("taken_away", [False, True])
async def test_what_becomes_of_an_operator_meanwhile_holds(world: World, taken_away: bool) -> None:
    """Who is given another password, or taken away, while the old one is looked at, does not get it back by that."""
    await world.actions.operators.set_password("bob", GOOD)
    await world.actions.operators.set_password("ann", GOOD)

    async def slowly(work: Callable[[], Result]) -> Result:
        done = work()
        if taken_away:
            with suppress(Fault):
                await world.actions.operators.remove("ann")
        else:
            await world.actions.operators.set_password("ann", "set meanwhile")
        return done

    operators = Operators(world.store, slowly, world.clock, world.application.ids)
    assert FaultCode.BAD_CREDENTIAL == await refusal(operators.change_password("ann", GOOD, "new password"))
    assert (["bob"] if taken_away else ["ann", "bob"]) == [each.name for each in await operators.all()]
    assert FaultCode.BAD_CREDENTIAL == await refusal(world.actions.sign_in("ann", "new password", "10.0.0.1"))


@pytest.mark.parametrize("name", ["", "Ann", "a b", "a" * 65, "-ann", "ann\n", "安"])
async def test_names_that_will_not_do(world: World, name: str) -> None:
    """They stand in logs and commands."""
    assert FaultCode.BAD_FORMAT == await refusal(world.actions.operators.set_password(name, GOOD))


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
async def test_passwords_that_will_not_do(world: World, password: str) -> None:
    """Ten characters at least."""
    assert FaultCode.BAD_FORMAT == await refusal(world.actions.operators.set_password("ann", password))


async def test_the_last_one_stays(world: World) -> None:
    """Any other can be taken away, once."""
    remove = world.actions.operators.remove
    await world.actions.operators.set_password("ann", GOOD)
    assert FaultCode.BAD_FORMAT == await refusal(remove("ann"))
    await world.actions.operators.set_password("bob", GOOD)
    signed = await world.actions.sign_in("bob", GOOD, "10.0.0.1")
    await remove("bob")
    assert FaultCode.SESSION_EXPIRED == await refusal(world.actions.sign_in.known(signed.token))
    assert FaultCode.BAD_FORMAT == await refusal(remove("bob"))


def test_what_wrong_passwords_cost() -> None:
    """Three are free, then each costs twice as much as the one before, up to a bound."""
    assert [0, 0, 0, 1, 2, 4, 8, 16, 30, 30] == [pause(wrong, 30 * SECOND) // SECOND for wrong in range(1, 11)]
    assert 30 * SECOND == pause(10**9, 30 * SECOND)


def test_whom_wrong_passwords_are_held_against() -> None:
    """An address; of IPv6 the network that one customer has."""
    assert "192.0.2.7" == network_of("192.0.2.7") == network_of("::ffff:192.0.2.7")
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert "no address" == network_of("no address")
