"""A NATS for tests: its own server, on a free port, from the machine's program.

It is started when the first test asks for it, once in each process of the test run, and does not outlive it. Each
installation of a test has subjects of its own.
"""

import atexit
import signal
import socket
import subprocess
import time
from functools import cache
from itertools import count

from needs import found, lacking

PATIENCE = 10
"""Seconds that starting or stopping it may take."""
_installations = count(1)


class NatsServer:
    """One that can be stopped and started again at the same address."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [self._program, "-a", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "it ended"
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, as a machine ends that lost its current."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)

    def url(self) -> str:
        """Its address, for one more installation."""
        return f"nats://127.0.0.1:{self.port}/test{next(_installations)}"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                return line.recv(5) == b"INFO "
        except OSError:
            return False


def own_nats_server() -> NatsServer:
    """One that nobody else uses; whoever starts it stops it. A test that cannot have one lacks a program."""
    program = found("nats-server")
    if program is None:
        lacking("nats-server")
    return NatsServer(program)


@cache
def nats_server() -> NatsServer:
    """The server of this test run."""
    server = own_nats_server()
    server.start()
    atexit.register(server.stop)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
