"""A RongCloud on a port of this machine: a real HTTP server that checks what the real one checks.

Lenient, it takes what RongCloud's own SDKs send: seconds, long and broken nonces, one nonce for everything.
Strict, it takes only what RongCloud's documents say: milliseconds close to now, nonces of at most 18
characters that were not used before. Our own client has to pass that.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from rongcloud.calls import CALLS, NEED_NOTHING, CallError, Form
from rongcloud.state import State

KEY = "the-key-of-hall"
SECRET = "the-secret-of-hall"

WINDOW = 5 * 60_000
LONGEST_NONCE = 18
LONGEST_PATIENCE = 12.0
"""Seconds after which everybody has given up who waits for an answer."""
FORM = "application/x-www-form-urlencoded"
SPELLINGS = ("", "RC-")
NAMES = ("App-Key", "Nonce", "Timestamp", "Signature")

_COSTS = {"/message/private/publish": "toUserId", "/message/group/publish": "toGroupId"}
_LIMITS = {"/user/getToken": 200, "/message/private/publish": 6000, "/message/group/publish": 20}
_WINDOWS = {"/message/private/publish": 60.0}


class Trouble(Enum):
    """What can go wrong with a call."""

    ERROR_500 = "an internal error"
    ERROR_504 = "an inner timeout"
    HTML_502 = "something in front of it answers, in HTML"
    TOO_MANY = "the limit was reached"
    REFUSED = "the call is not permitted"
    HANG = "no answer, nothing done, and time flies"
    HANG_AFTER = "done, but no answer, and time flies"
    RESET = "the connection breaks, nothing done"
    RESET_AFTER = "done, but the connection breaks before the answer"
    ERROR_AFTER = "done, but an internal error is answered"
    BAD_JSON = "an answer that is cut off"
    BAD_JSON_AFTER = "done, and an answer that is cut off"
    NO_CODE = "an answer without a code"
    NO_OBJECT = "an answer that is a list"
    NO_FIELDS = "an answer with a code and nothing else"
    REDIRECT = "the way to somewhere else"
    WRONG_HOST = "a web server that never heard of RongCloud"


_AFTER = {Trouble.HANG_AFTER, Trouble.RESET_AFTER, Trouble.ERROR_AFTER, Trouble.BAD_JSON_AFTER}


@dataclass
class Knob:
    """A trouble for the next `times` calls of `path` ("": of any)."""

    trouble: Trouble
    path: str = ""
    times: int = 1_000_000


@dataclass
class Hold:
    """The next call of `path` is done only when the test says so."""

    path: str
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Asked:
    """A call as it came in."""

    path: str
    pairs: list[tuple[str, str]]
    headers: dict[str, str]


@dataclass
class FakeRongCloud:
    """The server, for one app."""

    key: str = KEY
    secret: str = SECRET
    strict: bool = False
    state: State = field(default_factory=State)
    asked: list[Asked] = field(default_factory=list)
    knobs: list[Knob] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=lambda: dict(_LIMITS))
    """Calls (or recipients) a window, by path; 100 where nothing is said."""
    base: str = ""
    elsewhere: str = ""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the end, so that nothing hangs for good."""
    _nonces: set[str] = field(default_factory=set)
    _spent: Counter[tuple[str, int]] = field(default_factory=Counter)

    def trouble(self, trouble: Trouble, path: str = "", times: int = 1_000_000) -> Knob:
        """Turn a knob."""
        knob = Knob(trouble, path, times)
        self.knobs.append(knob)
        return knob

    def hold(self, path: str) -> Hold:
        """Keep the next call of a path waiting."""
        hold = Hold(path)
        self.holds.append(hold)
        return hold

    def calls(self, path: str) -> list[Asked]:
        """What was asked at a path."""
        return [asked for asked in self.asked if asked.path == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Receive one call."""
        path = request.path.removesuffix(".json")
        raw = await request.read()
        pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
        self.asked.append(Asked(path, pairs, dict(request.headers)))
        hold = await self._held(path)
        trouble = self._trouble(path)
        if trouble is not None and trouble not in _AFTER:
            return await self._troubled(request, trouble)
        try:
            body = {"code": 200, **self._done(request, path, raw, pairs)}
            status = 200
        except CallError as error:
            body, status = {"code": error.code, "errorMessage": error.words}, error.status
        if hold is not None:
            hold.done.set()
        if trouble is not None:
            return await self._troubled(request, trouble)
        return web.json_response(body, status=status)

    def _done(self, request: web.Request, path: str, raw: bytes, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        if path not in CALLS or not request.path.endswith(".json"):
            raise CallError(404, 404, "unknown path")
        if request.method != "POST":
            raise CallError(1002, 405, "POST is required")
        self._authenticate(request)
        if request.content_type != FORM:
            raise CallError(1002, 400, "the body is no form")
        if not raw and path not in NEED_NOTHING:
            raise CallError(1003, 400, "the body is empty")
        form = Form(pairs)
        self._spend(path, form)
        return dict(CALLS[path](self.state, form, _now()))

    def _authenticate(self, request: web.Request) -> None:
        spelling = next((each for each in SPELLINGS if f"{each}Signature" in request.headers), "")
        key, nonce, timestamp, shown = [request.headers.get(f"{spelling}{name}", "") for name in NAMES]
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            raise CallError(1001, 401, "the App-Key is wrong")
        right = signed(self.secret, nonce, timestamp)
        if not nonce or not timestamp or not hmac.compare_digest(shown.lower().encode(), right.encode()):
            raise CallError(1004, 401, "the signature is wrong")
        if self.strict:
            fresh = timestamp.isdecimal() and abs(int(timestamp) - _now()) <= WINDOW
            if not fresh or len(nonce) > LONGEST_NONCE or nonce in self._nonces:
                raise CallError(1004, 401, "the timestamp or the nonce is wrong")
            self._nonces.add(nonce)

    def _spend(self, path: str, form: Form) -> None:
        cost = len(form.all(_COSTS[path])) if path in _COSTS else 1
        window = int(time.monotonic() / _WINDOWS.get(path, 1.0))
        self._spent[path, window] += cost
        if self._spent[path, window] > self.limits.get(path, 100):
            raise CallError(1008, 429, "too many calls")

    async def _held(self, path: str) -> Hold | None:
        for hold in self.holds:
            if hold.path == path and not hold.arrived.is_set():
                hold.arrived.set()
                await hold.release.wait()
                return hold
        return None

    def _trouble(self, path: str) -> Trouble | None:
        for knob in self.knobs:
            if knob.times > 0 and knob.path in ("", path):
                knob.times -= 1
                return knob.trouble
        return None

    async def _troubled(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble in {Trouble.HANG, Trouble.HANG_AFTER}:
            _pass_over(LONGEST_PATIENCE)
            await self.released.wait()
        if trouble in {Trouble.HANG, Trouble.HANG_AFTER, Trouble.RESET, Trouble.RESET_AFTER}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if trouble is Trouble.REDIRECT:
            return web.Response(status=307, headers={"Location": self.elsewhere + request.path})
        return _ANSWERS[trouble]()


def _json(code: int, status: int) -> web.Response:
    return web.json_response({"code": code, "errorMessage": "trouble"}, status=status)


_ANSWERS = {
    Trouble.ERROR_500: lambda: _json(1000, 500),
    Trouble.ERROR_AFTER: lambda: _json(1000, 500),
    Trouble.ERROR_504: lambda: _json(1050, 504),
    Trouble.TOO_MANY: lambda: _json(1008, 429),
    Trouble.REFUSED: lambda: _json(1007, 401),
    Trouble.HTML_502: lambda: web.Response(text="<h1>Bad Gateway</h1>", content_type="text/html", status=502),
    Trouble.BAD_JSON: lambda: web.Response(text='{"code":2', content_type="application/json"),
    Trouble.BAD_JSON_AFTER: lambda: web.Response(text='{"code":2', content_type="application/json"),
    Trouble.NO_OBJECT: lambda: web.json_response([200]),
    Trouble.NO_FIELDS: lambda: web.json_response({"code": 200}),
    Trouble.NO_CODE: lambda: web.json_response({"ok": True}),
    Trouble.WRONG_HOST: lambda: web.Response(text="<h1>It works!</h1>", content_type="text/html"),
}


def _pass_over(seconds: float) -> None:
    """Let the loop believe that so much time has passed: who waits for so long need not be made to wait for less."""
    loop = asyncio.get_running_loop()
    usual = loop.time
    setattr(loop, "time", lambda: usual() + seconds)  # noqa: B010 - it is the loop's own, and ends with it


def _now() -> int:
    return time.time_ns() // 1_000_000  # noqa: TID251 - RongCloud has a clock of its own


@asynccontextmanager
async def rongcloud(**settings: Any) -> AsyncIterator[FakeRongCloud]:
    """A RongCloud on a free port."""
    fake = FakeRongCloud(**settings)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        fake.released.set()
        await runner.cleanup()


def signed(secret: str, nonce: str, timestamp: str) -> str:
    """The signature of a request, reckoned without our code."""
    return hashlib.sha1(f"{secret}{nonce}{timestamp}".encode(), usedforsecurity=False).hexdigest()


def dumped(value: Any) -> str:
    """JSON text, as SDKs write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
