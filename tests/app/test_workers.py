"""Who looks after several servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from parlance.app import workers
from parlance.app.config import Config

SECONDS = 30.0


@pytest.fixture
def handlers() -> Iterator[None]:
    """Signals are handled afterwards as they were before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_who_is_being_started_when_all_are_to_stop_stops_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The word to stop may come while the system makes the process."""
    made: list[subprocess.Popen[bytes]] = []

    def asked_to_stop_meanwhile(*_: object) -> subprocess.Popen[bytes]:
        made.append(process([sys.executable, "-c", f"import time; time.sleep({SECONDS})"]))
        os.kill(os.getpid(), signal.SIGTERM)
        return made[-1]

    process = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", asked_to_stop_meanwhile)
    try:
        assert 0 == workers.supervise(Config(port=0), 2, [])
        assert [-signal.SIGTERM] == [each.returncode for each in made]
    finally:
        for each in made:
            each.kill()
            each.wait()
