"""Every background task, and who owns it. Nothing else in the package starts one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Tasks:
    """Owns what runs beside the requests. A task that fails is logged; it takes nothing with it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run it to its end."""
        task = asyncio.get_running_loop().create_task(_logged(coroutine))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def every(self, seconds: float, step: Callable[[], Awaitable[object] | None]) -> None:
        """Call `step` again and again, `seconds` after each end; a failure does not end it, and is logged once."""
        self.start(_repeated(seconds, step))

    async def stop(self) -> None:
        """Cancel what runs, and wait until it has ended."""
        while running := tuple(self._running):
            # Cancelled before its first step, a task would leave what it was given unawaited.
            await asyncio.sleep(0)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def _logged(coroutine: Coroutine[Any, Any, None]) -> None:
    try:
        await coroutine
    except Exception:  # noqa: BLE001 - whatever it was, it is a line in the log and no more
        _log.exception("task failed", task=getattr(coroutine, "__qualname__", repr(coroutine)))


async def _repeated(seconds: float, step: Callable[[], Awaitable[object] | None]) -> None:
    name, failure, times = getattr(step, "__qualname__", repr(step)), "", 0
    while True:
        try:
            waiting = step()
            if waiting is not None:
                await waiting
        except Exception as error:  # noqa: BLE001 - the next turn may succeed, the store may be back by then
            times += 1
            # Said once for as long as it lasts: a store that is away would fill the log.
            before, failure = failure, repr(error)
            if failure != before:
                _log.exception("step failed", step=name)
        else:
            if times:
                _log.info("step works again", step=name, failures=times)
            failure, times = "", 0
        await asyncio.sleep(seconds)
