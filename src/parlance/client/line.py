"""The line to a server: made, lost, and made again, until there is a reason not to.

Rule 1: whatever asks for an answer is kept until that has come, and written again on the next connection, in the order
in which it was asked; what is asked meanwhile takes its place behind it.
Rule 2: a refused login is final, unless another token can be had; so is being replaced (wire: platform#closing).
Whatever else ends a connection, another follows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import msgspec

from parlance.client.credentials import Credentials
from parlance.client.errors import Closed, NotLoggedIn, ParlanceError, Refused, Replaced, refused
from parlance.client.pacing import Backoff, Sleep, seconds
from parlance.client.requests import Request, Requests, frame
from parlance.client.tasks import Tasks
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.protocols.platform.codes import CloseCode, ErrorCode
from parlance.protocols.platform.payloads import Error, LoginSuccess, LogoutKick, ServerFrame, ServerGoingAway

PATH = "/im/socket"
_TICK = 1.0
"""Seconds between two looks at what was not answered."""
_LOGIN_WAIT = 15.0
_FAREWELL_WAIT = 2.0
_reader: msgspec.json.Decoder[ServerFrame] = msgspec.json.Decoder(ServerFrame)


@dataclass(frozen=True)
class Pace:
    """How patient a line is, in seconds."""

    heartbeat: float = 25.0
    """After so much silence the server is asked whether it is there, and has half of it to answer."""
    answer: float = 10.0
    """After so long, what was not answered is asked again."""
    backoff: float = 0.25
    """The first wait before coming back; each further one is twice as long."""
    longest_backoff: float = 30.0


@dataclass(frozen=True)
class Ending:
    """Why a connection ended, and what follows."""

    reason: str
    retry_after: float = 0.0
    final: ParlanceError | None = None
    at_once: bool = False


class Listener(Protocol):
    """Who is told what comes over the line."""

    def hear(self, heard: ServerFrame, request: Request | None) -> None:
        """A frame; with the request, if it answers one."""

    async def arrived(self) -> None:
        """Logged in: find out what was missed."""

    def lost(self, reason: str, retry_in: float) -> None:
        """The connection is gone."""

    def tick(self) -> None:
        """About a second has passed."""


class Line:
    """See above. `login` is what the login says besides app and token."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        urls: Sequence[str],
        credentials: Credentials,
        login: Mapping[str, Any],
        listener: Listener,
        requests: Requests,
        pace: Pace,
        clock: Clock,
        ids: Ids,
        sleep: Sleep,
    ) -> None:
        self._http = http
        self._urls = urls
        self._turn = 0
        self._credentials = credentials
        self._login = login
        self._listener = listener
        self._requests = requests
        self._pace = pace
        self._clock = clock
        self._ids = ids
        self._sleep = sleep
        self._backoff = Backoff(ids, pace.backoff, pace.longest_backoff)
        self._tasks = Tasks()
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._behind = False
        """What was asked before is not written yet on this connection."""
        self._closing = asyncio.Event()
        self._renewed = False
        self.why_not = ""
        """Why there is no connection, as far as is known."""

    @property
    def up(self) -> bool:
        """Whether the client is logged in."""
        return self._ws is not None

    async def run(self) -> ParlanceError | None:
        """Stay connected; answers what put an end to that, None for `close`."""
        async with self._tasks:
            self._tasks.start(self._every_tick())
            while not self._closing.is_set():
                ending = await self._connection()
                if ending.final is not None:
                    return ending.final
                self.why_not = ending.reason
                if self._closing.is_set():
                    break
                wait = 0.0 if ending.at_once else self._backoff.next(ending.retry_after)
                self._listener.lost(ending.reason, wait)
                self._turn += 1
                await self._sleep(wait)
        return None

    async def close(self) -> None:
        """Say goodbye, and wait a moment for the server to do so too."""
        self._closing.set()
        ws, self._ws = self._ws, None
        if ws is None:
            return
        try:
            async with asyncio.timeout(_FAREWELL_WAIT):
                await ws.send_frame(frame("logout", {}), aiohttp.WSMsgType.TEXT)
                await ws.close()
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            return

    async def drop(self) -> None:
        """Let go of this connection, as if it had been lost."""
        if self._ws is not None:
            ws, self._ws = self._ws, None
            await ws.close(code=aiohttp.WSCloseCode.GOING_AWAY)

    async def ask(self, type_: str, data: Mapping[str, Any]) -> ServerFrame:
        """Ask for something, on however many connections it takes. Raises Refused, Closed, TooMuchWaiting."""
        if self._closing.is_set():
            raise Closed("the client is closed")
        ref = data.get("ref") or self._ids.random_hex()
        request = self._requests.add(type_, ref, data)
        try:
            if not self._behind:
                await self._write(request)
            return await request.answer
        finally:
            self._requests.drop(request)

    async def tell(self, type_: str, data: Mapping[str, Any]) -> bool:
        """Say something that has no answer; False if there is nobody to say it to."""
        return await self._send(frame(type_, data))

    # One connection

    async def _connection(self) -> Ending:
        url = socket_url(self._urls[self._turn % len(self._urls)])
        try:
            token = await self._credentials.token()
        except Exception as error:  # noqa: BLE001 - the app's own code: its backend may be there again the next time
            final = error if isinstance(error, Refused) and not _may_pass(error) else None
            return Ending(f"there is no token: {type(error).__name__}: {error}", final=final)
        try:
            # Half a heartbeat is what aiohttp waits for the answer to its ping.
            async with self._http.ws_connect(url, heartbeat=self._pace.heartbeat, max_msg_size=0) as ws:
                ending = await self._visit(ws, token)
        except aiohttp.WSServerHandshakeError as error:
            return Ending(f"{url} answered {error.status}", _seconds(error.headers))
        except TimeoutError:
            return Ending(f"{url} did not answer in time")
        except (aiohttp.ClientError, OSError) as error:
            return Ending(f"{url} cannot be reached: {error}")
        return self._judged(ending, token)

    def _judged(self, ending: Ending, token: str | None) -> Ending:
        """A refused login is tried once more, where there is another token to show."""
        if isinstance(ending.final, NotLoggedIn) and self._credentials.renewable and not self._renewed:
            self._renewed = True
            self._credentials.refused(token)
            return Ending(ending.reason, at_once=True)
        return ending

    async def _visit(self, ws: aiohttp.ClientWebSocketResponse, token: str | None) -> Ending:
        """Log in, and listen until the connection ends."""
        shown = {"app_id": self._credentials.app_id, **self._login} | ({} if token is None else {"token": token})
        await ws.send_frame(frame("login", shown), aiohttp.WSMsgType.TEXT)
        last = _Last()
        async with asyncio.timeout(_LOGIN_WAIT):
            while not isinstance(last.frame, LoginSuccess):
                message = await ws.receive()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return _ending(ws.close_code, last, logged_in=False, requests=self._requests)
                last.take(_understood(message.data))
        self._backoff.worked()
        self._renewed = False
        self._ws, self._behind = ws, True
        async with Tasks() as tasks:
            try:
                tasks.start(self._arrived())
                async for message in ws:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        self._hear(_understood(message.data), last)
            finally:
                self._ws = None
        return _ending(ws.close_code, last, logged_in=True, requests=self._requests)

    async def _arrived(self) -> None:
        written: set[str] = set()
        while waiting := [request for request in self._requests if request.ref not in written]:
            for request in waiting:
                written.add(request.ref)
                await self._write(request)
        self._behind = False
        try:
            await self._listener.arrived()
        except ParlanceError as error:
            self.why_not = f"what was missed could not be found out: {error}"
            await self.drop()

    def _hear(self, heard: ServerFrame | None, last: "_Last") -> None:
        if heard is None:
            return
        last.take(heard)
        ref = getattr(heard.data, "ref", None)
        request = self._requests.find(ref if isinstance(ref, str) else None)
        if not isinstance(heard, Error):
            self._listener.hear(heard, request)
            if request is not None:
                self._requests.answered(request.ref, heard)
        elif request is not None:
            self._hear_refusal(request, heard)

    def _hear_refusal(self, request: Request, error: Error) -> None:
        refusal = _refusal(error)
        # What was written before may have been done, so that "too many" says nothing about what became of it.
        passing = error.data.code == ErrorCode.OTHER or request.writings > 1
        if passing and refusal.retry_after is not None:
            # The server cannot just now: the same again, a little later.
            request.written_at = self._clock.monotonic() - self._pace.answer + refusal.retry_after
        else:
            self._requests.refused(request.ref, refusal)

    # Writing

    async def _write(self, request: Request) -> None:
        if await self._send(request.frame):
            request.written_at = self._clock.monotonic()
            request.writings += 1

    async def _send(self, payload: bytes) -> bool:
        ws = self._ws
        if ws is None or ws.closed:
            return False
        try:
            await ws.send_frame(payload, aiohttp.WSMsgType.TEXT)
        except (ConnectionError, aiohttp.ClientError):
            return False
        return True

    async def _every_tick(self) -> None:
        while True:
            await self._sleep(_TICK)
            now = self._clock.monotonic()
            for request in () if self._behind else self._requests:
                if request.written_at is not None and now >= request.written_at + self._pace.answer:
                    await self._write(request)
            self._listener.tick()


class _Last:
    """What was said last of what matters for the end."""

    def __init__(self) -> None:
        self.frame: ServerFrame | None = None
        self.error: Error | None = None
        self.away: ServerGoingAway | None = None

    def take(self, heard: ServerFrame | None) -> None:
        self.frame = heard
        if isinstance(heard, Error):
            self.error = heard
        elif isinstance(heard, ServerGoingAway):
            self.away = heard


def socket_url(url: str) -> str:
    """Where the socket of the server at `url` is."""
    base = url.rstrip("/")
    return ("ws" + base[len("http") :] if base.startswith("http") else base) + PATH


def _understood(text: str) -> ServerFrame | None:
    """The frame; None for one of a later version's, which is to be ignored (wire: platform#frames)."""
    try:
        return _reader.decode(text)
    except msgspec.MsgspecError:
        return None


def _refusal(error: Error) -> Refused:
    wait = error.data.retry_after
    return refused(error.data.code, error.msg, retry_after=wait if isinstance(wait, int) else None)


def _ending(code: int | None, last: _Last, *, logged_in: bool, requests: Requests) -> Ending:
    """What the end of a connection means (wire: platform#closing)."""
    away = last.away
    wait = 0.0 if away is None else float(away.data.retry_after)
    words = away.msg if away is not None else f"the connection was lost (code {code})"
    if code == CloseCode.REPLACED or isinstance(last.frame, LogoutKick):
        return Ending("replaced", final=Replaced("the same client logged in on the same device"))
    if code == CloseCode.REFUSED and last.error is not None:
        refusal = _refusal(last.error)
        if not logged_in and last.error.data.code == ErrorCode.OTHER:
            refusal = NotLoggedIn(refusal.code, refusal.words)
        return Ending(refusal.words, final=refusal)
    if code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
        requests.largest_is_too_large()
    return Ending(words, wait)


def _seconds(headers: Mapping[str, str] | None) -> float:
    """How long to wait, as an HTTP answer says it."""
    return (None if headers is None else seconds(headers.get("Retry-After", ""))) or 0.0


def _may_pass(refusal: Refused) -> bool:
    return refusal.retry_after is not None or (refusal.status or 0) >= 500


Ask = Callable[[str, Mapping[str, Any]], Awaitable[ServerFrame]]
