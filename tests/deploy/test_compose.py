"""The compose file: three servers, PostgreSQL, NATS and Caddy."""

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.shipped import DEPLOY, approved, documents, unknown_settings
from needs import found, lacking
from parlance.app.config import LONGEST_DRAIN, read_config

FOLDER = DEPLOY / "compose"
[COMPOSE] = documents(FOLDER / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVERS = {name: service for name, service in SERVICES.items() if name.startswith("node-")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy, with passwords."""
    copy = Path(shutil.copytree(FOLDER, tmp_path / "compose"))
    assert approved("sh", copy / "make-secrets") == ""
    return copy


def compose() -> list[str]:
    """The command, in its newer or its older form."""
    docker = found("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return ["docker", "compose"]
    if not found("docker-compose"):
        lacking("docker compose")
    return ["docker-compose"]


def test_compose_takes_it(folder: Path) -> None:
    """With nothing set but what is shipped beside it."""
    clean = {name: value for name, value in os.environ.items() if name not in {"SITE", "PARLANCE_IMAGE"}}
    assert approved(*compose(), "config", "--quiet", cwd=folder, env=clean) == ""


def test_passwords_are_made_once_and_never_shipped(folder: Path) -> None:
    """Each its own, in a folder that keeps others out; those that are there stay, and the file asks for no other."""
    secrets = folder / "secrets"
    made = {path.name: path.read_text(encoding="utf-8") for path in secrets.iterdir()}
    assert 0o700 == stat.S_IMODE(secrets.stat().st_mode)
    assert {Path(each["file"]).name for each in COMPOSE["secrets"].values()} == made.keys() - {"nats-password"}
    passwords = made["postgres-password"], made["nats-password"]
    assert [48, 48] == [len(set_) for set_ in passwords]
    assert passwords[0] != passwords[1]
    approved("sh", folder / "make-secrets")
    assert made == {path.name: path.read_text(encoding="utf-8") for path in secrets.iterdir()}
    assert "/secrets/" in (FOLDER / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_servers_settings_are_settings(folder: Path) -> None:
    """Of three servers that are the same, and of whoever migrates."""
    assert 3 == len(SERVERS)
    for service in (*SERVERS.values(), SERVICES["migrate"]):
        told: dict[str, str] = service["environment"]
        assert [] == unknown_settings(list(told))
        assert set(service["secrets"]) == {path.rpartition("/")[2] for path in told.values() if "/run/secrets" in path}
        here = {
            name: value.replace("/run/secrets", str(folder / "secrets")).replace("${SITE:-localhost}", "localhost")
            for name, value in told.items()
        }
        config, warnings = read_config(environ=here)
        assert () == warnings
        assert "postgres" in config.database_name
        assert int(service["stop_grace_period"].removesuffix("s")) >= 2 * LONGEST_DRAIN


@pytest.mark.needs("nats-server")
def test_nats_takes_its_file(folder: Path) -> None:
    """With the password in it."""
    approved("nats-server", "-t", "-c", folder / "secrets" / "nats.conf")


@pytest.mark.needs("caddy")
def test_caddy_knows_every_server() -> None:
    """The Caddyfile of `deploy/`, filled in by variables."""
    told = {
        name: str(value).replace("${SITE:-localhost}", "localhost") for name, value in caddy()["environment"].items()
    }
    assert set(SERVERS) == {each.removesuffix(":8000") for each in told["PARLANCE_SERVERS"].split()}
    [file] = [volume.partition(":")[0] for volume in caddy()["volumes"] if "Caddyfile" in volume]
    shown = approved("caddy", "adapt", "--adapter", "caddyfile", "--config", FOLDER / file, env={**os.environ, **told})
    assert all(f'"dial":"{name}:8000"' in shown for name in SERVERS)
    assert '"host":["localhost"]' in shown


def caddy() -> dict[str, Any]:
    """Its part of the file."""
    return SERVICES["caddy"]
