"""What waits to be taken by the app: a bounded queue. It says whether there is room; who puts something never waits."""

import asyncio
from collections import deque

from parlance.client.errors import ParlanceError
from parlance.client.model import Event, Skipped


class Inbox:
    """Events in the order in which they are to be told."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: deque[Event] = deque()
        self._skipped = 0
        self._filled = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._end: ParlanceError | None = None
        self._over = False

    @property
    def room(self) -> int:
        """How many more there is room for."""
        return max(0, self._most - len(self._waiting))

    def put(self, event: Event) -> None:
        """Have an event told; if there is no room it is only counted. To be asked first, for what must not be lost."""
        if not self.room:
            self._skipped += 1
            return
        if self._skipped:
            self._waiting.append(Skipped(self._skipped))
            self._skipped = 0
        self._waiting.append(event)
        self._filled.set()
        if not self.room:
            self._roomy.clear()

    def end(self, error: ParlanceError | None) -> None:
        """Nothing more will come; who waits is told why."""
        if not self._over:
            self._over, self._end = True, error
            self._filled.set()

    async def roomy(self) -> None:
        """Wait until half of it is free."""
        await self._roomy.wait()

    async def take(self) -> Event | None:
        """The next event; None at the end. Raises what ended it."""
        while not self._waiting:
            if self._over:
                if self._end is not None:
                    raise self._end
                return None
            self._filled.clear()
            await self._filled.wait()
        event = self._waiting.popleft()
        if self.room * 2 >= self._most:
            self._roomy.set()
        return event
