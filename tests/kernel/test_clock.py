"""Clocks."""

import time

import pytest

from parlance.kernel.clock import DAY, HOUR, MINUTE, SECOND, StoppedClock, SystemClock


def test_units_are_milliseconds() -> None:
    """A day is a day."""
    assert (1_000, 60_000, 3_600_000, 86_400_000) == (SECOND, MINUTE, HOUR, DAY)


def test_the_machines_clock_is_the_machines() -> None:
    """It tells the time of day, in milliseconds."""
    before = time.time_ns() // 1_000_000  # noqa: TID251 - this is the clock's own test
    told = SystemClock().now()
    assert before <= told <= time.time_ns() // 1_000_000  # noqa: TID251 - see above


def test_time_is_held_back_when_the_machine_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the machine to catch up, and never repeats a moment that has passed."""
    machine = iter([5_000, 3_000, 4_999, 5_001])
    monkeypatch.setattr(time, "time_ns", lambda: next(machine) * 1_000_000)
    clock = SystemClock()
    assert [5_000, 5_000, 5_000, 5_001] == [clock.now() for _ in range(4)]


def test_spans_are_measured_in_seconds() -> None:
    """The other clock only runs forward."""
    clock = SystemClock()
    first = clock.monotonic()
    assert first <= clock.monotonic() <= first + 60


def test_a_stopped_clock_stands_until_it_is_moved() -> None:
    """Both of its hands move together."""
    clock = StoppedClock(5_000)
    assert (5_000, 5.0) == (clock.now(), clock.monotonic())
    clock.advance(1_500)
    assert (6_500, 6.5) == (clock.now(), clock.monotonic())
