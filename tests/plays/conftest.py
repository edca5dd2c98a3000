"""The plays are given twice: every dialect says the same, whatever the server keeps its things in."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from databases import EVERYTHING, on_postgresql


@pytest.fixture(params=["postgresql"] if EVERYTHING else ["sqlite", "postgresql"], autouse=True)
def _on_every_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite, and PostgreSQL."""
    with on_postgresql() if request.param == "postgresql" and not EVERYTHING else nullcontext():
        yield
