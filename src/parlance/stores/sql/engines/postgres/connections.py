"""How sessions are opened, and what their errors mean."""

import asyncio
from collections.abc import Mapping
from typing import TypeAlias

import asyncpg

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.engines.postgres.tasks import begin

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

LONGEST_DIAL = 3.0
"""Seconds that opening a session may take."""
LONGEST_STATEMENT = 15.0
"""Seconds after which a statement that has not been answered is taken for lost, and its session with it."""

LONGEST_GOODBYE = 1.0
"""Seconds that the server may take to end a session that asks it to."""

_COMMON = {
    "application_name": "parlance",
    # Everything here is short: compiling a plan to machine code costs more than it could save.
    "jit": "off",
    # A machine that lost its current says nothing: what it held is free again in half a minute.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "random_page_cost": "1.1",
    "default_transaction_isolation": "read committed",
}
_WRITING = {
    **_COMMON,
    # A session whose process is frozen, or behind a cut cable, must not hold locks and promises for long.
    "idle_in_transaction_session_timeout": "10s",
    "idle_session_timeout": "15s",
    "lock_timeout": "400ms",
    # The planner knows nothing of a young table, and its plans are kept: by index, always.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
}
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"

_OUTSIDE_CLASSES = frozenset({"08", "25", "28", "3D", "40", "53", "57", "58"})
"""Connections, the state of transactions (a standby takes no changes), doors, databases that are gone, deadlocks,
a disk or memory that is full, an operator, the machine."""
_LOCKED = "55P03"


async def dial(url: str) -> Connection:
    """A session for reading."""
    return await _dialled(url, _COMMON)


async def dial_to_write(url: str) -> Connection:
    """A session that writes, durably whatever the server is set to."""
    connection = await _dialled(url, _WRITING)
    try:
        await connection.execute(_DURABLE)
    except BaseException:
        # Whoever gave up dialling meanwhile has no hold of it.
        connection.terminate()
        raise
    return connection


async def let_go(*connections: Connection) -> None:
    """End sessions with a goodbye; one that is not answered ends without."""
    # What is not closed in time, or breaks meanwhile, is cut off by `close` itself.
    closing = (connection.close(timeout=LONGEST_GOODBYE) for connection in connections)
    await asyncio.gather(*closing, return_exceptions=True)


async def _dialled(url: str, settings: Mapping[str, str]) -> Connection:
    dialling = begin(_connected(url, settings))
    try:
        return await asyncio.shield(dialling)
    except asyncio.CancelledError:
        # What asyncpg is stopped in the middle of stays behind as an error that nobody looks at.
        dialling.add_done_callback(_unwanted)
        await asyncio.wait({dialling})
        raise


def _unwanted(dialling: "asyncio.Task[Connection]") -> None:
    if not dialling.cancelled() and dialling.exception() is None:
        dialling.result().terminate()


async def _connected(url: str, settings: Mapping[str, str]) -> Connection:
    return await asyncpg.connect(
        url,
        timeout=LONGEST_DIAL,
        command_timeout=LONGEST_STATEMENT,
        server_settings=dict(settings),
        statement_cache_size=512,
    )


def unavailable(error: BaseException) -> bool:
    """Whether it is the server, the network or another session that is to blame, and not a statement."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _OUTSIDE_CLASSES or state == _LOCKED
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def worth_another_try(error: BaseException) -> bool:
    """Whether the same may succeed at once: two met on the same rows, or somebody was a moment earlier."""
    return isinstance(
        error,
        asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.UniqueViolationError,
    )


def as_fault(error: Exception) -> Exception:
    """UNAVAILABLE for what came from outside, anything else as it is."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, asyncpg.DataError) and isinstance(error.__cause__, Exception):
        # What could not be sent at all: said as it is elsewhere.
        return error.__cause__
    return _away(error) if unavailable(error) else error


def _away(error: Exception) -> Fault:
    fault = Fault(FaultCode.UNAVAILABLE, retry_after=1)
    fault.__cause__ = error
    return fault
