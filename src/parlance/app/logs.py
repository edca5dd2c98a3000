"""Log lines: one JSON object each (or coloured text on a terminal), on the standard error stream.

Rule: no secret leaves in a line. Whatever is called like a secret, or looks like one, is masked on the
way out, in our own lines and in those of the libraries.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from parlance.app.config import LogFormat, LogLevel
from parlance.kernel.clock import SECOND, Clock

MASK = "***"
DEEPEST = 6
"""How far into nested values the mask looks; what lies deeper is left out."""

_SECRET_NAME = re.compile(
    r"(?:^|[-_.])(?:authorization|cookie|password|passwd|secret|token|jwt|sign|signature|credential|x-lc-key)s?$"
    r"|(?:app|master|server|api|private|lc)[-_]?key$|^key$",
    re.IGNORECASE,
)
# Each replaces a secret with the mask and keeps what stands before it.
_SECRET_TEXTS = (
    # A JWT: its header begins with `{"`, in base64.
    (re.compile(r"eyJ[\w-]{4,}(?:\.[\w-]*){1,2}"), MASK),
    (re.compile(r"(?i)\b(bearer|token|jwt|basic)\s+(?!\*{3})[\w\-.~+/]{8,}=*"), rf"\1 {MASK}"),
    # `app-key: …`, `"master_key": "…"`, `?token=…`
    (
        re.compile(
            r"(?i)((?:app|master|server|api|lc)[-_]?key|token_secret|(?:access_|client_)?token|secret|password"
            r"|sign(?:ature)?|x-lc-sign)(\\?[\"']?\s*[=:]\s*\\?[\"']?)(?!\*{3})[^\s&\"',;}\\]+"
        ),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{MASK}@"),
    # The shape of the keys that are made here.
    (re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])"), MASK),
)
_SUSPICIOUS = re.compile(r"eyJ|[=:]|[A-Za-z0-9]{40}")
"""Finds whatever the patterns above could find in a path, and more, in one cheap look."""
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_LINES_KEPT = {code: shown for code, shown in _CONTROLS.items() if chr(code) not in "\t\n"}

EventDict = MutableMapping[str, Any]


class Access(msgspec.Struct, omit_defaults=True):
    """What is written about an HTTP request. Never the query: secrets travel in it."""

    request_id: str
    method: str
    path: str
    status: int
    milliseconds: float
    app_id: str | None = None
    client_id: str | None = None


class _AccessLine(Access, omit_defaults=True, kw_only=True):
    timestamp: str
    level: str
    event: str


def configure(
    log_format: LogFormat = LogFormat.JSON, level: LogLevel = LogLevel.INFO, stream: TextIO | None = None
) -> None:
    """Send every log line of this process, the libraries' too, through the mask and to `stream`."""
    target = stream or sys.stderr
    shared: list[Callable[..., Any]] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    numeric = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                *shared,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log_format, target)],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(numeric)
    logging.captureWarnings(capture=True)
    # Says at length that it looked and found nothing to do.
    logging.getLogger("alembic").setLevel(max(numeric, logging.WARNING))
    # Ours is better: it has the request id and no query.
    logging.getLogger("aiohttp.access").disabled = True
    # What is not HTTP at all is answered by the HTTP library, and is no error of ours.
    logging.getLogger("aiohttp.server").addFilter(_no_trace_of_strangers)


class AccessLog:
    """Writes a line for each request, by a shorter road than other lines take: there are many."""

    def __init__(self, log_format: LogFormat, level: LogLevel, clock: Clock, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rendered = self._as_json if log_format is LogFormat.JSON else self._as_text
        self._enabled = level in {LogLevel.DEBUG, LogLevel.INFO}
        self._encoder = msgspec.json.Encoder()
        self._clock = clock
        self._second = (0, "")

    def __call__(self, access: Access) -> None:
        """Write one line; what stands behind a `?` in its path is left out."""
        if not self._enabled:
            return
        access.path = access.path.partition("?")[0]
        if _SUSPICIOUS.search(access.path) or _SUSPICIOUS.search(access.request_id):
            access.path, access.request_id = masked_text(access.path), masked_text(access.request_id)
        self._stream.write(self._rendered(access))
        self._stream.flush()

    def _as_json(self, access: Access) -> str:
        line = _AccessLine(
            access.request_id,
            access.method,
            access.path,
            access.status,
            round(access.milliseconds, 2),
            access.app_id,
            access.client_id,
            timestamp=self._timestamp(),
            level="info",
            event="request",
        )
        try:
            return self._encoder.encode(line).decode() + "\n"
        except UnicodeEncodeError:
            # Half of a surrogate pair in a path or an id: escaped, it is harmless.
            return json.dumps(msgspec.structs.asdict(line)) + "\n"

    def _as_text(self, access: Access) -> str:
        words = [self._timestamp()[11:23], access.method, access.path, access.status, f"{access.milliseconds:.1f} ms"]
        words += [who for who in (access.app_id, access.client_id) if who]
        return f"{_printable(' '.join(map(str, words)))} [{_printable(access.request_id)}]\n"

    def _timestamp(self) -> str:
        """Now; the part that stays the same for a second is made once a second."""
        second, milliseconds = divmod(self._clock.now(), SECOND)
        if second != self._second[0]:
            self._second = (second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
        return f"{self._second[1]}.{milliseconds:03d}Z"


def masked(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Mask what an event holds: a processor of structlog."""
    for name, value in event.items():
        if not name.startswith("_"):
            event[name] = _masked_value(name, value, 0)
    return event


def _no_trace_of_strangers(record: logging.LogRecord) -> bool:
    """Make one quiet line of a peer that does not speak HTTP (a filter of logging)."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError | web.RequestPayloadError):
        record.exc_info, record.levelno, record.levelname = None, logging.INFO, "INFO"
        record.msg, record.args = "not HTTP: %s", (type(error).__name__,)
    return True


def masked_text(text: str) -> str:
    """`text` without what looks like a secret."""
    for pattern, replacement in _SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return text


def _masked_value(name: str, value: object, depth: int) -> object:
    if value is None or isinstance(value, int | float):
        return value
    if _SECRET_NAME.search(name):
        return MASK
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _masked_inside(value, depth + 1) if depth < DEEPEST else "…"
    if isinstance(value, bytes | bytearray):
        return masked_text(value.decode(errors="replace"))
    # What is no text is shown as it calls itself, and that may hold a secret.
    return masked_text(str(value))


def _masked_inside(value: Mapping[Any, Any] | Iterable[Any], depth: int) -> object:
    if isinstance(value, Mapping):
        return {str(key): _masked_value(str(key), inner, depth) for key, inner in value.items()}
    return [_masked_value("", inner, depth) for inner in value]


def _renderer(log_format: LogFormat, target: TextIO) -> Callable[..., str]:
    if log_format is LogFormat.JSON:
        return lambda _logger, _method, event: _serialized(event)
    console = structlog.dev.ConsoleRenderer(
        colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=30
    )

    def rendered(logger: Any, method: str, event: EventDict) -> str:
        return console(logger, method, {name: _printable(value, name) for name, value in event.items()})

    return rendered


def _serialized(event: EventDict) -> str:
    try:
        return msgspec.json.encode(event).decode()
    except (UnicodeEncodeError, TypeError, ValueError, OverflowError):
        return json.dumps(event, default=str)


def _printable(value: object, name: str = "") -> object:
    """Nothing that comes from outside steers a terminal, or looks like a line of its own."""
    if not isinstance(value, str):
        return value
    table = _LINES_KEPT if name in {"exception", "stack"} else _CONTROLS
    return value.translate(table).encode(errors="backslashreplace").decode()
