"""Holding clients back."""

import contextlib

import pytest

from parlance.core.actions import pace as module
from parlance.core.actions.pace import Pace
from parlance.core.model.caller import Caller
from parlance.kernel.clock import SECOND, StoppedClock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import app

ADA = Caller(app(), ClientId("ada"))
HERE = ConvId("here")


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that stands."""
    return StoppedClock()


def _taken(pace: Pace, times: int, caller: Caller = ADA, conv_id: ConvId | None = HERE) -> int:
    """How many of so many at once pass, each elsewhere if no conversation is named."""
    passed = 0
    for number in range(times):
        with contextlib.suppress(Fault):
            pace.take(caller, conv_id or ConvId(f"c{number}"))
            passed += 1
    return passed


def test_a_burst_passes(clock: StoppedClock) -> None:
    """Twenty at once in one conversation, and not one more; elsewhere there is room still."""
    pace = Pace(clock, 60, 20)
    assert 20 == _taken(pace, 30)
    assert 20 == _taken(pace, 30, conv_id=ConvId("there"))


def test_all_conversations_together_have_a_bound(clock: StoppedClock) -> None:
    """Sixty at once, however they are spread."""
    assert 60 == _taken(Pace(clock, 60, 20), 100, conv_id=None)


def test_an_even_pace_is_never_held_back(clock: StoppedClock) -> None:
    """Sixty a second, for as long as one likes."""
    pace = Pace(clock, 50, 20)
    for _ in range(1_000):
        clock.advance(SECOND // 50)
        assert 1 == _taken(pace, 1)


def test_who_waits_may_go_on(clock: StoppedClock) -> None:
    """What was used up comes back with time, and not more than there was."""
    pace = Pace(clock, 50, 20)
    _taken(pace, 20)
    clock.advance(SECOND // 10)
    assert 5 == _taken(pace, 10)
    clock.advance(3_600 * SECOND)
    assert 20 == _taken(pace, 30)


@pytest.mark.parametrize(("per_second", "wait"), [(60, 1), (1, 1)])
def test_a_refusal_says_how_long(clock: StoppedClock, per_second: int, wait: int) -> None:
    """In whole seconds, after which it passes."""
    pace = Pace(clock, per_second, 1)
    pace.take(ADA, HERE)
    with pytest.raises(Fault) as caught:
        pace.take(ADA, HERE)
    assert (FaultCode.RATE_LIMITED, wait) == (caught.value.code, caught.value.retry_after)
    clock.advance(wait * SECOND)
    assert 1 == _taken(pace, 1)


def test_a_refusal_costs_nothing(clock: StoppedClock) -> None:
    """Who knocks on and on is let in as soon as who waits."""
    pace = Pace(clock, 50, 20)
    _taken(pace, 1_000)
    clock.advance(SECOND // 50)
    assert 1 == _taken(pace, 10)


def test_everybody_has_a_pace_of_its_own(clock: StoppedClock) -> None:
    """Another client, and one of the same name in another app, are not held back with it."""
    pace = Pace(clock, 60, 20)
    _taken(pace, 30)
    assert 20 == _taken(pace, 30, Caller(app(), ClientId("ben")))
    assert 20 == _taken(pace, 30, Caller(app("annex"), ClientId("ada")))


def test_backends_are_not_held_back(clock: StoppedClock) -> None:
    """And leave no trace."""
    pace = Pace(clock, 60, 20)
    assert 1_000 == _taken(pace, 1_000, Caller(app()))
    assert {} == pace._moments


def test_limits_can_be_lifted(clock: StoppedClock) -> None:
    """No pace: everything passes. No burst: only the pace counts."""
    assert 1_000 == _taken(Pace(clock, 0, 20), 1_000)
    assert 60 == _taken(Pace(clock, 60, 0), 1_000)


def test_a_burst_may_be_more_than_a_second_gives(clock: StoppedClock) -> None:
    """Then it is the bound for all conversations too."""
    assert 20 == _taken(Pace(clock, 5, 20), 100)


def test_what_has_passed_is_swept_out(clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that have been quiet for a while take no room."""
    monkeypatch.setattr(module, "_MANY", 100)
    pace = Pace(clock, 60, 20)
    for number in range(1_000):
        clock.advance(SECOND)
        pace.take(Caller(app(), ClientId(f"p{number}")), HERE)
    assert 102 >= len(pace._moments)
    pace._sweep(clock.monotonic() + 10)
    assert {} == pace._moments


def test_sweeping_stays_rare(clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where very many are busy at once, not every message pays for looking through all of them."""
    monkeypatch.setattr(module, "_MANY", 100)
    pace = Pace(clock, 1, 1)
    sweeps: list[float] = []
    sweep = pace._sweep

    def counted(now: float) -> None:
        sweeps.append(now)
        sweep(now)

    monkeypatch.setattr(pace, "_sweep", counted)
    for number in range(1_000):
        pace.take(Caller(app(), ClientId(f"p{number}")), HERE)
    assert 2_000 == len(pace._moments)
    assert 5 == len(sweeps)
    assert 1 == _taken(pace, 2, Caller(app(), ClientId("p0")), ConvId("there")) + _taken(
        pace, 1, Caller(app(), ClientId("new"))
    )
