"""What log lines look like, and what never stands in one."""

import io
import json
import logging
from typing import Any

import jwt
import pytest
import structlog
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from parlance.app.config import LogFormat, LogLevel
from parlance.app.logs import Access, AccessLog, configure, masked_text
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import SystemIds

SECRET = "0123456789abcdefghijABCDEFGHIJ0123456789"
"""In the shape of the keys that are made here, and the same in every process that collects these tests."""
TOKEN = jwt.encode({"sub": "Tom", "app": "666666"}, SECRET, algorithm="HS256")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """What was written, decoded."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def access_line(log_format: LogFormat, access: Access, level: LogLevel = LogLevel.INFO) -> str:
    """The line about one request."""
    written = io.StringIO()
    AccessLog(log_format, level, StoppedClock(1_800_000_000_123), written)(access)
    return written.getvalue()


def test_a_line_is_a_json_object(log_stream: io.StringIO) -> None:
    """A line has its time, its level, what happened, and what was said about it."""
    configure(stream=log_stream)
    structlog.get_logger().info("store opened", path="x.db", rows=3)
    (line,) = lines(log_stream)
    assert line.pop("timestamp").endswith("Z")
    assert {"event": "store opened", "level": "info", "path": "x.db", "rows": 3} == line


def test_lines_of_libraries_look_the_same(log_stream: io.StringIO) -> None:
    """What aiohttp, alembic or asyncio log goes the same way."""
    configure(stream=log_stream)
    logging.getLogger("alembic.runtime").warning("stamped %s", "head")
    (line,) = lines(log_stream)
    assert ("stamped head", "warning", "alembic.runtime") == (line["event"], line["level"], line["logger"])


@pytest.mark.parametrize("error", [BadHttpMessage("garbage"), web.RequestPayloadError("no gzip")])
def test_who_does_not_speak_http_gets_one_quiet_line(log_stream: io.StringIO, error: Exception) -> None:
    """Garbage on the port is no error of ours, nor is a damaged body, and no page of traceback."""
    configure(LogFormat.JSON, LogLevel.INFO, log_stream)
    logging.getLogger("aiohttp.server").error("Error handling request", exc_info=error)
    (line,) = lines(log_stream)
    assert ("info", f"not HTTP: {type(error).__name__}", False) == (line["level"], line["event"], "exception" in line)


def test_less_important_lines_are_left_out(log_stream: io.StringIO) -> None:
    """The level is the least important line that is written, of ours and of the libraries'."""
    configure(level=LogLevel.WARNING, stream=log_stream)
    structlog.get_logger().info("no")
    logging.getLogger("aiohttp").info("no")
    structlog.get_logger().warning("yes")
    assert ["yes"] == [line["event"] for line in lines(log_stream)]


@pytest.mark.parametrize(
    "name", ["app_key", "master_key", "token_secret", "token", "Authorization", "app-key", "X-LC-Key"]
)
def test_what_is_called_like_a_secret_is_masked(log_stream: io.StringIO, name: str) -> None:
    """A value under a secret's name is masked, however deep it lies."""
    configure(stream=log_stream)
    structlog.get_logger().info("seen", **{name: "s3cret"}, headers=[{name: "s3cret"}])
    (line,) = lines(log_stream)
    assert ("***", [{name: "***"}]) == (line[name], line["headers"])


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {TOKEN}",
        f"bad token {TOKEN} from Tom",
        f"GET /im/socket?token={SECRET}&x=1",
        "GET /im/users?app-key=s3cret-s3cret",
        'body {"master_key": "s3cret-s3cret"}',
        "{'app-key': 's3cret-s3cret'}",
        "X-LC-Key: s3cret-s3cret,master",
        f"App(master_key='{SECRET}')",
        f"the key is {SECRET}",
        "postgresql://parlance:s3cret-s3cret@db/chat",
        "Basic czNjcmV0LXMzY3JldA==",
    ],
)
def test_what_looks_like_a_secret_is_masked(log_stream: io.StringIO, text: str) -> None:
    """A secret inside a sentence is masked, in the event, in a value and in an exception."""
    configure(stream=log_stream)
    structlog.get_logger().info(text, value=text, nested={"a": [text.encode()]})
    logging.getLogger("library").error("failed", exc_info=ValueError(text))
    for secret in (TOKEN, SECRET, "s3cret-s3cret", "czNjcmV0LXMzY3JldA"):
        assert secret not in log_stream.getvalue()
    assert log_stream.getvalue().count("***") >= 4


def test_the_keys_made_here_have_the_shape_that_is_masked() -> None:
    """Should their shape change, the mask has to as well."""
    assert "***" == masked_text(SystemIds(StoppedClock()).secret())


def test_harmless_text_is_left_as_it_is() -> None:
    """Ids, addresses and sentences are not mistaken for secrets."""
    for text in ("0192f7a0b0c07d3e8f00112233445566", "/im/conversations/{conv_id}/members", "the key is lost", "a=b"):
        assert text == masked_text(text)


def test_a_request_has_one_line() -> None:
    """The access line is JSON with the names that are in every other line."""
    access = Access("r1", "POST", "/im/users", 200, 1.2345, "666666", "Tom")
    expected = {
        "timestamp": "2027-01-15T08:00:00.123Z",
        "level": "info",
        "event": "request",
        "request_id": "r1",
        "method": "POST",
        "path": "/im/users",
        "status": 200,
        "milliseconds": 1.23,
        "app_id": "666666",
        "client_id": "Tom",
    }
    assert expected == json.loads(access_line(LogFormat.JSON, access))


def test_a_request_s_line_has_no_query_and_no_secret() -> None:
    """The query is never written, and a path or an id that holds a secret is masked."""
    line = access_line(LogFormat.JSON, Access(SECRET, "GET", f"/im/{TOKEN}?token={SECRET}", 404, 1))
    assert TOKEN not in line
    assert SECRET not in line
    assert "/im/***" == json.loads(line)["path"]


@pytest.mark.parametrize("log_format", LogFormat)
def test_nobody_outside_steers_the_log(log_format: LogFormat) -> None:
    """Line breaks, control characters and halves of characters from outside make one harmless line."""
    line = access_line(log_format, Access("r\n1", "GET", "/\x1b[31m\ud800\r\nfake", 200, 1, "a\x00b"))
    assert 1 == len(line.splitlines())
    assert line[:-1].isprintable()


def test_text_is_for_people() -> None:
    """As text, a request is a short line."""
    line = access_line(LogFormat.TEXT, Access("r1", "GET", "/im/users", 200, 1.25, "666666"))
    assert "08:00:00.123 GET /im/users 200 1.2 ms 666666 [r1]\n" == line


def test_requests_are_not_written_above_info() -> None:
    """A server that logs warnings only does not log each request."""
    assert not access_line(LogFormat.JSON, Access("r1", "GET", "/", 200, 1), LogLevel.WARNING)


def test_text_lines_cannot_steer_a_terminal(log_stream: io.StringIO) -> None:
    """Control characters from outside are shown, not obeyed."""
    configure(LogFormat.TEXT, stream=log_stream)
    structlog.get_logger().info("seen\x1b[31m", client="\x1b]0;gotcha\x07")
    assert "\x1b" not in log_stream.getvalue()


def test_what_cannot_be_json_is_still_a_line(log_stream: io.StringIO) -> None:
    """Half of a surrogate pair, a huge number or an object of any kind does not lose the line."""
    configure(stream=log_stream)
    structlog.get_logger().info("odd", half="\ud800", huge=10**30, thing=object(), endless=[[[[[[[["deep"]]]]]]]])
    assert "odd" == lines(log_stream)[0]["event"]
