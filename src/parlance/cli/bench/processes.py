"""Processes that are started to be measured."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from parlance.cli.bench.failure import BenchFailure

HOST = "127.0.0.1"
_READY_WITHIN = 60.0
_ENDED_WITHIN = 15.0
_LOWEST = 10_000
_GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """One that nobody listens on, and that the system gives to nobody who asks for any, before it is made use of."""
    given_out = int(_GIVEN_OUT.read_text(encoding="ascii").split()[0]) if _GIVEN_OUT.exists() else 0
    while True:
        chosen = _LOWEST + int.from_bytes(os.urandom(4), "big") % (given_out - _LOWEST) if given_out > _LOWEST else 0
        with socket.socket() as free:
            try:
                free.bind((HOST, chosen))
            except OSError:
                continue
            port: int = free.getsockname()[1]
            return port


def await_readiness(what: str, process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    """Return when it is ready; raises with its last words if it ends, or takes too long."""
    deadline = time.monotonic() + _READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    raise BenchFailure(f"{what} did not become ready; its last words:\n{log.read_text(errors='replace')[-2000:]}")


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """Ask it to end, and see to it."""
    process.send_signal(how)
    try:
        process.wait(_ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
