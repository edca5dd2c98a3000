"""Ports for programs that have to be told theirs: those of other processes, which may be stopped and started again."""

import os
import socket
from pathlib import Path

LOWEST = 10_000
_GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL = 32_768


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody who asks for any.

    Other tests do that all the time: one of those would have it before the program that it is for.
    """
    given_out = int(_GIVEN_OUT.read_text(encoding="ascii").split()[0]) if _GIVEN_OUT.exists() else _USUAL
    while True:
        chosen = LOWEST + int.from_bytes(os.urandom(4), "big") % (given_out - LOWEST) if given_out > LOWEST else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", chosen))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
