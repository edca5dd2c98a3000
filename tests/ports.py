"""Ports for programs that have to be told theirs: those of other processes, which may be stopped and started again."""

import os
import socket
from pathlib import Path

LOWEST = 10_000
_GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL = 32_768


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody who asks for any.

    Other tests do that all the time: one of those would have it before the program that it is for. Each process of a
    test run has ports of its own, for the same reason.
    """
    given_out = int(_GIVEN_OUT.read_text(encoding="ascii").split()[0]) if _GIVEN_OUT.exists() else _USUAL
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    this = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    each = (given_out - LOWEST) // processes
    while True:
        chosen = LOWEST + this % processes * each + int.from_bytes(os.urandom(4), "big") % each if each > 0 else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", chosen))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
