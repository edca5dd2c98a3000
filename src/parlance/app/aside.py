"""Threads for work that takes its time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from parlance.kernel.faults import Fault, FaultCode

Result = TypeVar("Result")

THREADS = 2
MOST_WAITING = 64


class ThreadsAside:
    """See `core/ports/aside.py`. So many pieces of work wait or are done at a time, and no more."""

    def __init__(self, threads: int = THREADS, most: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="aside")
        self._most = most
        self._taken: set[Future[Any]] = set()

    async def __call__(self, work: Callable[[], Result]) -> Result:
        """See `Aside`."""
        if len(self._taken) >= self._most:
            raise Fault(FaultCode.RATE_LIMITED, retry_after=1)
        # Who asked may go away; the work takes up its place until it is done all the same.
        future: Future[Result] = self._threads.submit(work)
        self._taken.add(future)
        future.add_done_callback(self._taken.discard)
        return await asyncio.wrap_future(future)
