"""Events on their way to the app, one by one."""

from collections.abc import AsyncIterator, Callable
from typing import Generic, Self, TypeVar

from parlance.client.inbox import Inbox
from parlance.client.model import Event, Message

Wanted = TypeVar("Wanted")


class Telling(AsyncIterator[Wanted], Generic[Wanted]):
    """What `wanted` finds in the events of an inbox; None passes one over.

    A message counts as gone through (`done`) when the app comes for the next, not when it gets it: it may fail on it.
    """

    def __init__(self, inbox: Inbox, wanted: Callable[[Event], Wanted | None], done: Callable[[Message], None]) -> None:
        self._inbox = inbox
        self._wanted = wanted
        self._done = done
        self._told: Event | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Wanted:
        while True:
            told, self._told = self._told, None
            if isinstance(told, Message):
                self._done(told)
            event = await self._inbox.take()
            if event is None:
                raise StopAsyncIteration
            self._told = event
            found = self._wanted(event)
            if found is not None:
                return found
