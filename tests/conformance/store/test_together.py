"""Asking together for what is wanted at the same time."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.together import MOST_AT_ONCE, QUESTIONS, Together


class Library:
    """Knows the squares of even numbers; answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()
        self.fault: Exception | None = None

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int]:
        """Answer."""
        self.asked.append(list(keys))
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        return {key: key * key for key in keys if key % 2 == 0}


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_is_wanted_in_one_turn_is_asked_for_together() -> None:
    """Once, and each has its own answer; what is not there is None."""
    library = Library()
    library.open.set()
    together = Together(library)
    assert [4, None, 16, 4] == await asyncio.gather(*(together.find(key) for key in (2, 3, 4, 2)))
    assert [2, 3, 4] == library.asked[0]
    assert None is await together.find(5)


async def test_what_is_wanted_meanwhile_gathers() -> None:
    """A few questions are under way; the rest is the next one, as many things as go into one."""
    library = Library()
    together = Together(library)
    first = []
    for key in range(QUESTIONS):
        first.append(asyncio.ensure_future(together.find(key)))
        await _settle()
    later = [asyncio.ensure_future(together.find(key)) for key in range(10, 10 + MOST_AT_ONCE + 1)]
    await _settle()
    assert [[key] for key in range(QUESTIONS)] == library.asked
    library.open.set()
    assert [key * key if key % 2 == 0 else None for key in range(QUESTIONS)] == await asyncio.gather(*first)
    await asyncio.gather(*later)
    assert list(range(10, 10 + MOST_AT_ONCE)) == library.asked[QUESTIONS]
    assert {key for keys in library.asked[QUESTIONS:] for key in keys} == set(range(10, 10 + MOST_AT_ONCE + 1))


async def test_a_fault_is_everybody_s_who_asked_along() -> None:
    """And nobody's afterwards."""
    library = Library()
    library.fault = Fault(FaultCode.UNAVAILABLE)
    together = Together(library)
    asking = [asyncio.ensure_future(together.find(key)) for key in range(2)]
    await _settle()
    library.open.set()
    for asked in asking:
        with pytest.raises(Fault):
            await asked
    library.fault = None
    assert 4 == await together.find(2)


async def test_who_loses_interest_takes_nobody_along() -> None:
    """Whether it was asking for others, or waited, or had just been told to ask."""
    library = Library()
    together = Together(library)
    asking = [asyncio.ensure_future(together.find(2)) for _ in range(QUESTIONS + 3)]
    await _settle()
    for asked in asking[:-1]:
        asked.cancel()
        await asyncio.sleep(0)
    library.open.set()
    assert 4 == await asking[-1]
    assert 16 == await together.find(4)
    # Whoever asks next need not wait for anybody.
    assert ({}, QUESTIONS) == (together._wanted, together._free)
