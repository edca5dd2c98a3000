"""`parlance console`: operators, their passwords and links."""

import stat
from pathlib import Path

import pytest

from cli.conftest import Command
from parlance.app.config import Config, ConsoleAccess
from parlance.app.operations import carry_out, first_operator
from parlance.cli.settings import finished
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.operating.sign_in import SignedIn


def signed_in(data: Path, name: str, password: str) -> SignedIn:
    """Who comes in with that password."""
    return finished(carry_out(Config(data_dir=data), lambda actions: actions.sign_in(name, password, "127.0.0.1")))


def test_a_password_is_made_up(parlance: Command, data: Path) -> None:
    """It alone is on the standard output, and it works; another one puts an end to it."""
    password = parlance("console", "password").stdout.strip()
    assert "admin" == signed_in(data, "admin", password).operator
    assert password != parlance("console", "password").stdout.strip()


def test_a_password_is_typed(parlance: Command, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not shown."""
    monkeypatch.setattr("click.prompt", lambda *_words, **_more: "correct horse")
    assert "" == parlance("console", "password", "--name", "ann", "--ask").stdout
    assert "ann" == signed_in(data, "ann", "correct horse").operator


def test_a_link_lets_an_operator_in(parlance: Command, data: Path) -> None:
    """Once, wherever the server is."""
    parlance("console", "password")
    said = parlance("console", "link", "--url", "https://chat.example.com/").stdout.strip()
    base, _, key = said.partition("/console#login=")
    assert "https://chat.example.com" == base
    signed = finished(carry_out(Config(data_dir=data), lambda actions: actions.sign_in.by_link(key, "127.0.0.1")))
    assert "admin" == signed.operator


def test_operators_come_and_go(parlance: Command) -> None:
    """They are listed; the last one stays."""
    for name in ("ann", "bob"):
        parlance("console", "password", "--name", name)
    assert ["ann", "bob"] == [line.split()[0] for line in parlance("console", "list").stdout.splitlines()[1:]]
    assert 0 == parlance("console", "remove", "--name", "ann").exit_code
    refused = parlance("console", "remove", "--name", "bob")
    assert (1, "Error: name: the last operator stays\n") == (refused.exit_code, refused.stderr)
    assert 1 == parlance("console", "link", "--name", "ann").exit_code


def test_the_first_password_lies_in_the_data_folder(data: Path) -> None:
    """For its owner's eyes; once, and not where there is no console."""
    config = Config(data_dir=data)

    async def first(actions: Actions) -> Path | None:
        return await first_operator(config, actions)

    off = Config(data_dir=data, console=ConsoleAccess.OFF)
    assert None is finished(carry_out(off, lambda actions: first_operator(off, actions)))
    path = finished(carry_out(config, first))
    assert path is not None
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    name, password = path.read_text(encoding="utf-8").split()
    assert name == signed_in(data, name, password).operator
    assert None is finished(carry_out(config, first))
