"""Threads that own connections: the loop never waits for the disk."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, TypeVar

import apsw

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.engines.sqlite.connections import as_fault

Result = TypeVar("Result")
Job = Callable[[apsw.Connection], None]


class Hands:
    """Some threads, each with a connection of its own, that take jobs from one queue in their order."""

    def __init__(self, name: str, connections: Sequence[apsw.Connection]) -> None:
        self.loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._left = len(connections)
        self._stopped = asyncio.Event()
        self._closing = False
        # Daemons, so that a process that ends without closing the store does end.
        self._threads = [
            threading.Thread(target=self._work, args=(connection,), name=f"{name}-{number}", daemon=True)
            for number, connection in enumerate(connections)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def closing(self) -> bool:
        """Whether no more jobs are taken."""
        return self._closing

    def submit(self, job: Job) -> None:
        """Have `job` done; it handles its own errors."""
        self._jobs.put(job)

    def ask(self, work: Callable[[apsw.Connection], Result]) -> asyncio.Future[Result]:
        """Have `work` done, and its result or its error in a future."""
        future: asyncio.Future[Result] = self.loop.create_future()
        if self._closing:
            future.set_exception(Fault(FaultCode.UNAVAILABLE, "the store is closed"))
            return future

        def job(connection: apsw.Connection) -> None:
            if not future.cancelled():
                self.answer(future, work, connection)

        self._jobs.put(job)
        return future

    def answer(
        self, future: asyncio.Future[Result], work: Callable[[apsw.Connection], Result], connection: apsw.Connection
    ) -> None:
        """In a thread: do `work` and bring what came of it to the loop."""
        try:
            result = work(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever waits for the future
            self.post(_fail, future, as_fault(error))
        else:
            self.post(_settle, future, result)

    def post(self, callback: Callable[..., None], *arguments: Any) -> None:
        """In a thread: have `callback` called on the loop's thread, after all that was posted before."""
        # A loop that is closed has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(callback, *arguments)

    async def stop(self) -> None:
        """Finish what was asked for, then end the threads and close their connections."""
        if not self._closing:
            self._closing = True
            for _ in self._threads:
                self._jobs.put(None)
        await self._stopped.wait()
        for thread in self._threads:
            thread.join()

    def _work(self, connection: apsw.Connection) -> None:
        while (job := self._jobs.get()) is not None:
            job(connection)
            # Nothing of a job, nor of whom it answered, may live on until the next one comes.
            del job
        connection.close()
        self.post(self._gone)

    def _gone(self) -> None:
        self._left -= 1
        if not self._left:
            self._stopped.set()


def _settle(future: asyncio.Future[Result], result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
