"""The command, from its options to the table, on a server of its own."""

import os
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from needs import lacking
from parlance.cli.bench import bench, programs
from parlance.cli.bench.plan import Row, Setup
from parlance.cli.bench.report import Report


def test_every_row_is_measured_and_every_promise_kept(tmp_path: Path) -> None:
    """`parlance bench --quick` starts servers, puts each kind of load on them and finds nothing amiss."""
    figures = tmp_path / "figures.json"
    # Long enough for something to be done meanwhile on any machine.
    result = CliRunner().invoke(bench, ["--quick", "--seconds", "1.5", "--json", str(figures)])
    assert 0 == result.exit_code, result.output
    assert "lost 0, doubled 0, out of order 0, refused 0" in result.output
    report = msgspec.json.decode(figures.read_bytes(), type=Report)
    assert list(Row) == [row.row for row in report.rows]
    assert all(row.checks.operations > 0 and row.rate > 0 for row in report.rows)


def test_several_servers_on_postgresql_keep_every_promise(tmp_path: Path) -> None:
    """They are started with a PostgreSQL and a NATS of their own, and what those spend is measured."""
    figures = tmp_path / "figures.json"
    asked = ["pipelined", "fanout", "--on", "cluster", "--servers", "2", "--quick", "--json", str(figures)]
    result = CliRunner().invoke(bench, asked)
    if "not on this machine" in result.output:
        lacking("postgresql", "nats-server")
    assert 0 == result.exit_code, result.output
    assert "cluster of 2" in result.output
    for row in msgspec.json.decode(figures.read_bytes(), type=Report).rows:
        assert (Setup.CLUSTER, 2) == (row.setup, row.servers)
        assert row.checks.clean
        assert row.checks.operations > 0


def test_a_program_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name; what was asked for was not measured."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(os, "defpath", "")
    monkeypatch.setattr(programs, "_BESIDE_PATH", ())
    monkeypatch.setattr(programs, "_DEBIAN", Path("/nowhere"))
    result = CliRunner().invoke(bench, ["pipelined", "--on", "postgresql", "--quick"])
    assert 1 == result.exit_code
    assert "postgresql: not measured: needs initdb, which is not on this machine" in result.output


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The row fails with the reason, and so does the command."""
    result = CliRunner().invoke(bench, ["rest", "--quick", "--url", "ws://127.0.0.1:1"])
    assert 1 == result.exit_code
    assert "sqlite, REST send: not measured" in result.output


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "127.0.0.1:8000", "ws:///im/socket"])
def test_an_address_that_is_no_sockets_is_refused(url: str) -> None:
    """Only ws:// and wss:// with a host."""
    result = CliRunner().invoke(bench, ["rest", "--url", url])
    assert 2 == result.exit_code
    assert "ws://host:port" in result.output


def test_an_unknown_row_is_refused() -> None:
    """The rows are named in the help."""
    result = CliRunner().invoke(bench, ["everything"])
    assert 2 == result.exit_code
    assert "pipelined" in result.output
