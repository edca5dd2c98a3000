"""Identifiers."""

import re
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import COUNTER_BITS, CountingIds, Ids, SystemIds, message_hex, message_number

HEX = re.compile(r"[0-9a-f]{32}")
_numbers = st.integers(0, (1 << 63) - 1)


@given(_numbers)
def test_a_messages_two_names_turn_into_each_other(number: int) -> None:
    """Nothing more than the number has to be stored."""
    assert number == message_number(message_hex(number))


@given(_numbers)
def test_the_world_sees_a_uuid(number: int) -> None:
    """Version 7: its first digits are the time in milliseconds."""
    digits = message_hex(number)
    assert HEX.fullmatch(digits)
    seen = UUID(digits)
    assert (7, RFC_4122, number >> COUNTER_BITS) == (seen.version, seen.variant, seen.int >> 80)


@given(_numbers, _numbers)
def test_names_sort_as_numbers_do(one: int, other: int) -> None:
    """What was made later comes later."""
    assert (one < other) == (message_hex(one) < message_hex(other))


@given(_numbers, st.integers(0, 31), st.sampled_from("0123456789abcdef"))
def test_a_digit_that_does_not_fit_is_noticed(number: int, at: int, digit: str) -> None:
    """What was not made here is the name of nothing, or of another number."""
    digits = message_hex(number)
    changed = digits[:at] + digit + digits[at + 1 :]
    found = message_number(changed)
    assert changed == digits or found is None or message_hex(found) == changed != digits


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "0" * 32,
        "f" * 32,
        "0" * 31,
        "0" * 33,
        "g" * 32,
        message_hex(1 << 40).upper(),
        "-" + message_hex(1 << 40)[1:],
        "0x" + message_hex(5)[2:],
        " " + message_hex(5)[1:],
        message_hex(5)[:10] + "_" + message_hex(5)[11:],
        "０" * 32,  # digits of another script, which int() reads as well
        "\x00" * 32,
        "\ud800" * 32,
    ],
    ids=ascii,
)
def test_nonsense_is_the_name_of_nothing(digits: str) -> None:
    """However int() might read it."""
    assert None is message_number(digits)


def test_numbers_beyond_63_bits_do_not_come_back() -> None:
    """No store could look for them."""
    assert None is message_number(message_hex(1 << 63))


def test_messages_are_numbered_upwards() -> None:
    """Within a millisecond, after it, and when many are made in one."""
    clock = StoppedClock()
    ids = SystemIds(clock)
    made = [ids.message() for _ in range(10_000)]
    clock.advance(1)
    made.append(ids.message())
    assert made == sorted(set(made))
    assert clock.now() == made[-1] >> COUNTER_BITS


def test_nodes_do_not_meet() -> None:
    """What two processes make in the same millisecond differs."""
    clock = StoppedClock()
    made = [
        {ids.message() for _ in range(1_000)}
        for ids in (SystemIds(clock, 0), SystemIds(clock, 1), SystemIds(clock, 255))
    ]
    assert 3_000 == len(set.union(*made))


def test_uuids_carry_the_time() -> None:
    """And are of version 7, and all different."""
    clock = StoppedClock()
    ids = SystemIds(clock)
    made = {ids.uuid() for _ in range(1_000)}
    assert 1_000 == len(made)
    for digits in made:
        assert HEX.fullmatch(digits)
        seen = UUID(digits)
        assert (7, RFC_4122, clock.now()) == (seen.version, seen.variant, seen.int >> 80)


def test_chance_is_chance() -> None:
    """Keys, nonces and public names are of the right shape and never the same."""
    ids = SystemIds(StoppedClock())
    for draw, shape in ((ids.random_hex, HEX), (ids.secret, re.compile(r"[A-Za-z0-9]{40}"))):
        made = {draw() for _ in range(1_000)}
        assert 1_000 == len(made)
        assert all(shape.fullmatch(one) for one in made)
    assert re.fullmatch(r"[A-Za-z0-9]{8}", ids.nonce())


def test_ids_for_tests_are_the_same_in_every_run() -> None:
    """And each is more than the last."""

    def made() -> list[object]:
        ids: Ids = CountingIds(StoppedClock())
        return [ids.message(), ids.message(), ids.uuid(), ids.random_hex(), ids.secret(), ids.nonce()]

    assert made() == made()
    first, second, uuid, hexes, secret, nonce = made()
    assert 1 == second - first  # type: ignore[operator]
    assert 7 == UUID(str(uuid)).version
    assert (32, 40, 8) == (len(str(hexes)), len(str(secret)), len(str(nonce)))
