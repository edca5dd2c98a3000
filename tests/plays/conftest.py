"""The plays are given twice: every dialect says the same, whatever the server keeps its things in."""

import pytest

from databases import run_on_every_database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """SQLite, and PostgreSQL."""
    run_on_every_database(metafunc)
