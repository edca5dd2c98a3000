"""A sandbox for all tests of a module: its people, conversations and faults are of each test's own."""

from collections.abc import Iterator
from itertools import count

import pytest

from parlance.core.model.limits import Limits
from parlance.testing import Sandbox, sandbox

_numbers = count(1)


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[Sandbox]:
    """The server that all tests of a module share; how fast anybody speaks is of no interest here."""
    with sandbox(limits=Limits(sends_per_second=0, burst=0)) as made:
        yield made


@pytest.fixture
def place(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The same, where everything goes right at first."""
    yield running_sandbox
    running_sandbox.faults.clear()


@pytest.fixture
def ada() -> str:
    """Somebody new."""
    return f"ada{next(_numbers)}"


@pytest.fixture
def ben() -> str:
    """Somebody else."""
    return f"ben{next(_numbers)}"
