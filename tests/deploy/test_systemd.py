"""The units for systemd."""

import shutil
import sys
from pathlib import Path

import pytest

from deploy.shipped import DEPLOY, approved
from parlance.app.config import LONGEST_DRAIN
from parlance.cli.run import serve

FOLDER = DEPLOY / "systemd"
PROGRAM = "/opt/parlance/.venv/bin/parlance"
MOST_EXPOSED = 20
"""Tenths; of 10.0, which is what a unit without any protection has."""
SERVICES = ["parlance.service", "parlance@8001.service", "parlance-backup.service"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with a program that is on this machine."""
    folder = tmp_path_factory.mktemp("units")
    for unit in FOLDER.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
        (folder / unit.name).write_text(text, encoding="utf-8")
    shutil.copy(folder / "parlance@.service", folder / "parlance@8001.service")
    return folder


@pytest.mark.needs("systemd-analyze")
def test_systemd_understands_them(installed: Path) -> None:
    """Every line, and without a warning."""
    units = [installed / name for name in (*SERVICES, "parlance-backup.timer")]
    assert approved("systemd-analyze", "verify", "--man=no", *units) == ""


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("name", SERVICES)
def test_they_may_do_little(installed: Path, name: str) -> None:
    """In systemd's own judgement."""
    options = ["--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager"]
    assert "OK" in approved("systemd-analyze", "security", *options, installed / name).splitlines()[-1]


@pytest.mark.parametrize("name", ["parlance.service", "parlance@.service"])
def test_they_start_what_there_is_and_wait_for_its_end(name: str) -> None:
    """Words that the command knows, and more time than draining takes."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    [start] = [line.split()[1:] for line in lines if line.startswith("ExecStart=")]
    assert "serve" == start[0]
    known = {option for parameter in serve.params for option in parameter.opts}
    assert {word for word in start if word.startswith("--")} <= known
    [patience] = [int(line.partition("=")[2]) for line in lines if line.startswith("TimeoutStopSec=")]
    assert patience >= 2 * LONGEST_DRAIN
