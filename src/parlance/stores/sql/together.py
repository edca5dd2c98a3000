"""Asking together for what is wanted at the same time.

After a start everybody's first message wants something read from the store: a thousand small questions, or a few large
ones. While questions are under way what is wanted gathers, and is the next one.

No task does that: of those who want something one asks for many, and then has another one go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Generic, Literal, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")
Answer = TypeVar("Answer")

MOST_AT_ONCE = 100
"""Things that one question is about."""
QUESTIONS = 4
"""Questions under way at the same time: one that takes long does not hold up all the others."""


class _Turn(Enum):
    ASK = "ask"


class Together(Generic[Key, Found]):
    """Makes of an `ask` for many a `find` for one. What `ask` does not name is not there."""

    def __init__(self, ask: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]]) -> None:
        self._ask = ask
        self._wanted: dict[Key, list[asyncio.Future[Found | Literal[_Turn.ASK] | None]]] = {}
        self._free = QUESTIONS

    async def find(self, key: Key) -> Found | None:
        """What there is; the question begins after this was called."""
        future: asyncio.Future[Found | Literal[_Turn.ASK] | None] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(key, []).append(future)
        if self._free:
            self._free -= 1
            future.set_result(_Turn.ASK)
        try:
            answer = await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception() and future.result() is _Turn.ASK:
                self._hand_on()
            raise
        return await self._ask_for_many(key) if answer is _Turn.ASK else answer

    async def _ask_for_many(self, own: Key) -> Found | None:
        try:
            # Who wants something in the same turn of the loop comes along.
            await asyncio.sleep(0)
            keys = list(dict.fromkeys([own, *self._wanted]))[:MOST_AT_ONCE]
            waiting = {key: self._wanted.pop(key, []) for key in keys}
            try:
                found = await self._ask(keys)
            except Exception as error:
                for future in _pending(waiting):
                    future.set_exception(error)
                raise
            except BaseException:
                # Only who asked has lost interest.
                for key, futures in waiting.items():
                    self._wanted.setdefault(key, []).extend(futures)
                raise
            for key, futures in waiting.items():
                for future in _pending({key: futures}):
                    future.set_result(found.get(key))
            return found.get(own)
        finally:
            self._hand_on()

    def _hand_on(self) -> None:
        """Have the first who still waits ask next; if nobody does, the next who comes."""
        first = next(_pending(self._wanted), None)
        if first is None:
            self._wanted.clear()
            self._free += 1
        else:
            first.set_result(_Turn.ASK)


def _pending(waiting: Mapping[Key, list["asyncio.Future[Answer]"]]) -> Iterator["asyncio.Future[Answer]"]:
    return (future for futures in waiting.values() for future in futures if not future.done())
