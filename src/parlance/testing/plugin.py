"""The fixture for pytest.

It is asked for with `pytest_plugins = ["parlance.testing.plugin"]` in the conftest.py at the top of your tests.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from parlance.testing.sandbox import Sandbox, sandbox


@pytest.fixture
def sandbox_settings() -> dict[str, Any]:
    """The server's settings; override it in a conftest.py or a module to have others."""
    return {}


@pytest.fixture
def parlance(sandbox_settings: dict[str, Any]) -> Iterator[Sandbox]:
    """A server of this test's own, with nobody in it."""
    with sandbox(**sandbox_settings) as made:
        yield made
