"""The mark `needs`: it names a program that a test cannot do without, on the machine or beside this Python.

Where that is missing the test does not run, and the last lines of the run say so. With
PARLANCE_TEST_REQUIRE=all it fails instead: there, everything has to be tried.
"""

import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRE_ALL = "all"
SAID = "needs "


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "needs(*programs): what has to be on the machine for this test")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a test run only where it can."""
    wanted = [program for mark in item.iter_markers("needs") for program in mark.args]
    missing = sorted(program for program in wanted if found(program) is None)
    if missing:
        lacking(*missing)


def found(program: str) -> str | None:
    """Where a program is: in the path, beside this Python, where pip installs, or where Debian has servers."""
    path = (os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent), "/usr/sbin")
    return shutil.which(program, path=os.pathsep.join(path))


def lacking(*what: str) -> NoReturn:
    """End a test that cannot run because something is not there: a program, or what can only be fetched."""
    words = SAID + ", ".join(what)
    if os.environ.get("PARLANCE_TEST_REQUIRE") == REQUIRE_ALL:
        pytest.fail(f"every test is required here, and this one {words}", pytrace=False)
    pytest.skip(words)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run, so that no skip is silent."""
    reasons = Counter(
        (report.nodeid.partition("::")[0], str(report.longrepr[2]).partition(SAID)[2])
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and SAID in report.longrepr[2]
    )
    for (path, programs), count in sorted(reasons.items()):
        terminalreporter.write_line(f"not run, needs {programs}: {path} ({count})", yellow=True)
