"""`parlance dev`, `parlance serve` and `parlance listen`, as programs of their own."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import ENDS_WITHIN, PROGRAM, Command, Running, clean_environment
from databases import variables
from parlance.cli import hints
from ports import free_port

Start = Callable[..., Running]
NOTICED_WITHIN = 60.0
"""It is two seconds; a busy machine may take longer."""


def asked(url: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, object]]:
    """The status of an answer, and what it says."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=ENDS_WITHIN) as answer:  # noqa: S310 - our own server
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def ended(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that is expected to end by itself."""
    return subprocess.run(
        [*PROGRAM, *words],
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDS_WITHIN,
    )


def test_dev_serves_the_app_of_the_documents(start: Start, data: Path) -> None:
    """A complete server, on loopback, with the app and the key that the examples use."""
    server = start("dev", "--port", "0", "--data", str(data))
    assert (200, {"status": "ready"}) == asked(server.url, "/readyz")
    status, answer = asked(server.url, "/im/users", {"unique_id": "Tom"}, app_id="666666", app_key="master")
    assert (200, 0) == (status, answer["code"])


def test_dev_ends_when_it_is_told_to(start: Start, data: Path) -> None:
    """SIGTERM ends it in time, and well."""
    assert 0 == start("dev", "--port", "0", "--data", str(data)).stop()


@pytest.mark.needs("sh", "curl", "grep")
def test_what_dev_prints_works_as_it_stands(start: Start, data: Path) -> None:
    """The commands that are printed register two, send a message, and show it arriving."""
    server = start("dev", "--port", "0", "--data", str(data))
    port = int(server.url.rpartition(":")[2])
    printed = [line.removeprefix("   ") for line in server.said if line.startswith("   ")]
    listener, talk = printed[0], printed[1:]
    assert hints.talk_commands(port) == talk
    words = [*PROGRAM, *listener.partition("parlance ")[2].split(), "--count", "2"]
    with subprocess.Popen(words, env=clean_environment(), stdout=subprocess.PIPE, text=True) as jerry:
        assert jerry.stdout is not None
        assert "login.success" == json.loads(jerry.stdout.readline())["type"]
        subprocess.run(["sh", "-c", "\n".join(talk)], check=True, capture_output=True, timeout=ENDS_WITHIN)
        frames = [json.loads(line) for line in jerry.stdout]
        assert 0 == jerry.wait(ENDS_WITHIN)
    assert ["conv.joined", "msg.new"] == [frame["type"] for frame in frames]
    assert ("Tom", "Hello, Jerry!") == (frames[1]["data"]["from_client"], frames[1]["data"]["text"])


def test_what_is_changed_in_dev_stays(start: Start, data: Path, parlance: Command) -> None:
    """The data folder is kept between runs, and the app in it as it was left."""
    start("dev", "--port", "0", "--data", str(data)).stop()
    parlance("app", "set", "--id", "666666", "--policy", "token")
    server = start("dev", "--port", "0", "--data", str(data))
    assert 401 == asked(server.url, "/im/users", {"unique_id": "Tom"}, app_id="666666")[0]


@pytest.mark.parametrize("variable", ["PARLANCE_PORT", "PORT"])
def test_the_port_may_come_from_the_environment(start: Start, data: Path, variable: str) -> None:
    """`PARLANCE_PORT=… make run` and `PORT=… make run` listen there."""
    port = free_port()
    assert f"http://127.0.0.1:{port}" == start("dev", "--data", str(data), **{variable: str(port)}).url


def test_a_busy_port_is_said_with_the_way_out(data: Path) -> None:
    """Who starts a second one is told what to do."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = ended("dev", "--port", str(port), "--data", str(data))
    assert 1 == done.returncode
    assert f"127.0.0.1:{port} cannot be had" in done.stderr
    assert f"--port {port + 1} or PARLANCE_PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_running_server_notices_apps_that_are_made_and_changed(start: Start, data: Path, parlance: Command) -> None:
    """A new app is known at once, a new key soon after; the old key is refused then."""
    server = start("serve", "--port", "0", "--data", str(data))
    parlance("app", "create", "--id", "shop", "--key", "first-key", "--policy", "key")
    assert 200 == asked(server.url, "/im/users", app_id="shop", app_key="first-key")[0]
    parlance("app", "rotate", "--id", "shop", "--master-key")
    key = json.loads(parlance("app", "show", "--id", "shop", "--json").stdout)["master_key"]
    deadline = time.monotonic() + NOTICED_WITHIN
    while asked(server.url, "/im/users", app_id="shop", app_key=key)[0] != 200:
        assert time.monotonic() < deadline
    assert 401 == asked(server.url, "/im/users", app_id="shop", app_key="first-key")[0]


def test_serve_refuses_what_lies_open_to_others(data: Path, parlance: Command) -> None:
    """On an address that others can reach it does not start with an open app or a key that can be guessed."""
    parlance("app", "create", "--id", "shop", "--key", "master", "--policy", "open")
    words = ("serve", "--host", "0.0.0.0", "--port", "0", "--data", str(data))  # noqa: S104 - it must refuse
    done = ended(*words, **variables(data))
    assert 2 == done.returncode
    assert "app shop is open" in done.stderr
    assert "the server key of app shop is easily guessed" in done.stderr
    assert "PARLANCE_PUBLIC_URL is not set" in done.stderr
    assert "listening" not in done.stderr


def test_serve_on_loopback_takes_what_there_is(start: Start, data: Path, parlance: Command) -> None:
    """Where only this machine can reach it an open app is fine."""
    parlance("app", "create", "--id", "shop", "--key", "master", "--policy", "open")
    server = start("serve", "--port", "0", "--data", str(data))
    assert 200 == asked(server.url, "/im/users", app_id="shop")[0]


def test_serve_says_what_to_do_without_any_app(start: Start, data: Path) -> None:
    """A first start tells how to make the first app."""
    server = start("serve", "--port", "0", "--data", str(data))
    assert any("there is no app yet" in line and "app create --id NAME" in line for line in server.said)


def test_a_second_server_on_the_same_folder_is_refused(start: Start, data: Path) -> None:
    """Clients of one would not hear those of the other, so there is only one."""
    start("serve", "--port", "0", "--data", str(data))
    done = ended("serve", "--port", "0", "--data", str(data), **variables(data))
    assert (1, True) == (done.returncode, f"another server is running on {data}" in done.stderr)


def test_serve_reads_its_file(start: Start, data: Path, tmp_path: Path) -> None:
    """Settings come from the file that --config names."""
    file = tmp_path / "parlance.toml"
    file.write_text(f'port = 0\ndata_dir = "{data}"\nlog_level = "info"\n', encoding="utf-8")
    assert (200, {"status": "ready"}) == asked(start("serve", "--config", str(file)).url, "/readyz")
    assert (data / "server.lock").exists()


def test_a_wrong_setting_ends_with_2(data: Path) -> None:
    """What was set wrong is named; nothing is started and nothing made."""
    done = ended("serve", "--data", str(data), PARLANCE_LIMITS_UPLOAD="lots")
    assert (2, "Error: PARLANCE_LIMITS_UPLOAD: expected a whole number\n") == (done.returncode, done.stderr)
    assert not data.exists()


def test_the_data_folder_is_private(start: Start, data: Path) -> None:
    """What is kept is nobody else's business."""
    start("serve", "--port", "0", "--data", str(data))
    assert 0o700 == data.stat().st_mode & 0o777


def test_listen_says_when_it_is_refused(start: Start, data: Path, parlance: Command) -> None:
    """A login that is refused shows the server's words, and ends with 1."""
    parlance("app", "create", "--id", "shop")
    server = start("serve", "--port", "0", "--data", str(data))
    done = ended("listen", "--client", "Tom", "--app", "shop", "--url", server.url)
    assert (1, "error") == (done.returncode, json.loads(done.stdout)["type"])
    token = parlance("token", "--app", "shop", "--client", "Tom").stdout.strip()
    with subprocess.Popen(
        [*PROGRAM, "listen", "--client", "Tom", "--app", "shop", "--url", server.url, "--token", token],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as listener:
        assert listener.stdout is not None
        assert "login.success" == json.loads(listener.stdout.readline())["type"]
        listener.terminate()


def test_listen_says_when_nobody_is_there() -> None:
    """No server, no stack trace."""
    done = ended("listen", "--client", "Tom", "--url", "http://127.0.0.1:9")
    assert (1, True) == (done.returncode, "cannot be reached" in done.stderr)


def test_the_version_is_told() -> None:
    """--version names the program and its version, --help its commands."""
    assert ended("--version").stdout.startswith("parlance, version 0.")
    commands = ended("--help").stdout
    for name in ("dev", "serve", "app", "token", "migrate", "verify", "listen", "bench"):
        assert f"\n  {name} " in commands
