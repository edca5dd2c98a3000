"""nginx and Caddy in front of a server, with the files of `deploy/` in all but ports, certificate and name."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from needs import found
from ports import free_port

PATIENCE = 60.0
DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX, CADDY = DEPLOY / "nginx" / "parlance.conf", DEPLOY / "caddy" / "Caddyfile"
NAME = "im.example.com"

_MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/parlance.conf;
}}
"""
_GLOBAL = """{{
	admin off
	auto_https disable_redirects
	storage file_system {folder}/storage
}}
"""


class Certificate(NamedTuple):
    """A certificate for this machine, and who vouches for it."""

    authority: Path
    chain: Path
    key: Path


class Proxy(NamedTuple):
    """A proxy that answers."""

    base: str
    authority: Path


def certificate(folder: Path) -> Certificate:
    """An authority of our own, and what it vouches for: 127.0.0.1."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl(folder, "req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=a test")
    _openssl(folder, "req", *curve, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=127.0.0.1")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="utf-8")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
    _openssl(folder, "x509", "-req", "-in", "leaf.csr", "-out", "leaf.pem", *signed)
    return Certificate(folder / "ca.pem", folder / "leaf.pem", folder / "key.pem")


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)


@asynccontextmanager
async def nginx(folder: Path, behind: int) -> AsyncIterator[Proxy]:
    """Ours in front of the server on port `behind`."""
    proven, port, plain = certificate(folder), free_port(), free_port()
    changed = replaced(
        NGINX.read_text(encoding="utf-8"),
        {
            "127.0.0.1:8000": f"127.0.0.1:{behind}",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "/etc/letsencrypt/live/im.example.com/fullchain.pem": str(proven.chain),
            "/etc/letsencrypt/live/im.example.com/privkey.pem": str(proven.key),
            NAME: "127.0.0.1",
        },
    )
    (folder / "parlance.conf").write_text(changed, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=_user()), encoding="utf-8")
    words = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    check(*words, "-t")
    async with _listening(words, port, folder / "said"):
        yield Proxy(f"https://127.0.0.1:{port}", proven.authority)


@asynccontextmanager
async def caddy(folder: Path, behind: int) -> AsyncIterator[Proxy]:
    """Ours in front of the server on port `behind`."""
    proven, port = certificate(folder), free_port()
    changed = replaced(
        CADDY.read_text(encoding="utf-8"),
        {
            "127.0.0.1:8000": f"127.0.0.1:{behind}",
            f"{{$PARLANCE_SITE:{NAME}}} {{": f"https://127.0.0.1:{port} {{\n\ttls {proven.chain} {proven.key}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(_GLOBAL.format(folder=folder) + changed, encoding="utf-8")
    words = ["--adapter", "caddyfile", "--config", str(file)]
    check("caddy", "validate", *words)
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    async with _listening(["caddy", "run", *words], port, folder / "said", **home):
        yield Proxy(f"https://127.0.0.1:{port}", proven.authority)


def replaced(text: str, changes: dict[str, str]) -> str:
    """`text` with each of these in another's place; all of them have to be there."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@asynccontextmanager
async def _listening(words: list[str], port: int, said: Path, **environment: str) -> AsyncIterator[None]:
    """A process that listens on a port, until the end."""
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            _program(words[0]),
            *words[1:],
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **environment},
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while not await _answers(port):
                assert process.returncode is None, _told(said)
                await asyncio.sleep(0.02)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)


def _user() -> str:
    """Whoever may look into a test's folder. nginx does not want to hear of it but from root."""
    return "user root;" if os.getuid() == 0 else ""


def check(*words: str) -> None:
    """Have a program say that a file of its own is right."""
    tried = subprocess.run([_program(words[0]), *words[1:]], check=False, capture_output=True, text=True, timeout=60)
    assert tried.returncode == 0, tried.stderr


def _program(name: str) -> str:
    path = found(name)
    assert path is not None, name
    return path


def _told(log: Path) -> str:
    return log.read_text(encoding="utf-8")


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
