"""The tasks of this engine, and who owns each: nothing else in it starts one.

- the lane's worker: `Lane.stop` waits for it;
- a session being opened that whoever asked for need not wait for: the readers' and the turnstile's `close` wait;
- a session being dialled: whoever dials waits for it, even when it is cancelled itself;
- leaving the turnstile, for which nobody waits: its own lock is what its `close` waits for.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def begin(coroutine: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
    """Run it beside whoever asks. The owner keeps the task."""
    return asyncio.get_running_loop().create_task(coroutine)
