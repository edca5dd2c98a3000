"""Ticks at an even pace, for load that does not wait for answers.

The event loop's own timers count whole milliseconds, too coarse to say when a message was meant to be
sent. Linux lends a timer that a loop can wait for like a socket; elsewhere the loop's timers must do.
"""

import asyncio
import ctypes
import os
import sys
import time
from collections.abc import Callable

_CLOCK_MONOTONIC = 1
_NONBLOCKING = os.O_NONBLOCK
_NANOSECONDS = 1_000_000_000
_COARSE = 0.001


class _Interval(ctypes.Structure):
    _fields_ = (
        ("every_seconds", ctypes.c_long),
        ("every_nanoseconds", ctypes.c_long),
        ("first_seconds", ctypes.c_long),
        ("first_nanoseconds", ctypes.c_long),
    )


class Metronome:
    """Calls `due(moment)` for each tick, with the moment at which it was meant to be.

    A tick that comes late is not dropped: it is called with its own moment, so that the delay shows up in
    what is measured from there (no coordinated omission).
    """

    def __init__(self, rate: float, due: Callable[[float], None]) -> None:
        self._period = 1 / rate
        self._due = due
        self._next = 0.0
        self._timer: int | None = None
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Tick from now on, on the running loop."""
        self._next = time.perf_counter() + self._period
        loop = asyncio.get_running_loop()
        self._timer = _timer(max(self._period, 0.0001)) if sys.platform == "linux" else None
        if self._timer is None:
            self._handle = loop.call_later(_COARSE, self._rung)
        else:
            loop.add_reader(self._timer, self._rung)

    def stop(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            asyncio.get_running_loop().remove_reader(self._timer)
            os.close(self._timer)
            self._timer = None
        if self._handle is not None:
            self._handle.cancel()

    def _rung(self) -> None:
        if self._timer is None:
            self._handle = asyncio.get_running_loop().call_later(_COARSE, self._rung)
        else:
            os.read(self._timer, 8)
        now = time.perf_counter()
        while self._next <= now:
            self._due(self._next)
            self._next += self._period


def _timer(period: float) -> int | None:
    """A file that becomes readable every `period` seconds; None if the system has no such thing."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor: int = libc.timerfd_create(_CLOCK_MONOTONIC, _NONBLOCKING)
    if descriptor < 0:
        return None
    seconds, nanoseconds = divmod(int(period * _NANOSECONDS), _NANOSECONDS)
    interval = _Interval(seconds, nanoseconds, seconds, nanoseconds)
    if libc.timerfd_settime(descriptor, 0, ctypes.byref(interval), None) != 0:
        os.close(descriptor)
        return None
    return descriptor
