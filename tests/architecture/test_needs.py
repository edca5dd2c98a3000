"""Tests that need more than Python are never skipped in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[1] / "needs.py"
SUITE = """
import pytest

@pytest.mark.needs("no-such-program", "sh")
def test_with_a_program(): pass

def test_with_python_alone(): pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of two tests, one of which cannot run anywhere."""
    shutil.copy(PLUGIN, tmp_path / "conftest.py")
    (tmp_path / "test_suite.py").write_text(SUITE, encoding="utf-8")
    return tmp_path


def run(suite: Path, require: str) -> tuple[int, list[str]]:
    """The exit code and the lines of a run."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", str(suite)],
        env={**os.environ, "PARLANCE_TEST_REQUIRE": require},
        cwd=suite,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout.splitlines()


def test_what_cannot_run_is_named_at_the_end(suite: Path) -> None:
    """The run succeeds, and says what it lacked and where."""
    code, lines = run(suite, "")
    assert 0 == code
    assert "not run, needs no-such-program: test_suite.py (1)" in lines
    assert "1 passed, 1 skipped" in lines[-1]


def test_where_everything_is_required_it_fails(suite: Path) -> None:
    """The same suite is a failure there."""
    code, lines = run(suite, "all")
    assert 1 == code
    assert "1 passed, 1 error" in lines[-1]
