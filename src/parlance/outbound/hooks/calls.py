"""Calls to apps' own servers: signed, bounded in time and size, and judged by their answers.

Rule: nothing that is sent or answered is logged; a line has the app, the hook, and what went wrong.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec
import structlog

from parlance.core.model.app import App
from parlance.core.model.delivery import Delivery
from parlance.core.model.hook import Hook, HookAddress, HookAnswer
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids
from parlance.outbound.hooks.signing import EVENT, headers, sign_as_leancloud

LARGEST_ANSWER = 256 * 1024
MOST_AT_ONCE = 50
"""Connections to one app's server."""
MOST_TOLD_AT_ONCE = 16
"""Of them, those over which it is told what has happened."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


class _CallError(Exception):
    """A call that came to nothing, and why: never what was said in it."""


class _Wrapped(msgspec.Struct):
    """How LeanEngine answers: the function's own answer is the `result`."""

    result: msgspec.Raw = msgspec.Raw(b"null")


class HookCalls:
    """Calls the hooks of all apps through one HTTP session."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit_per_host=MOST_AT_ONCE),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def ask(self, app: App, hook: Hook, body: Mapping[str, Any]) -> HookAnswer:
        """See `Hooks.ask`."""
        at = self._clock.now()
        signed = {**body, "__sign": sign_as_leancloud(app.master_key, hook, at)}
        try:
            return _read(await self._call(app, hook, self._ids.random_hex(), _encode(signed)))
        except _CallError as error:
            reason = str(error)
        except msgspec.MsgspecError:
            reason = "an answer that cannot be read"
        _log.warning("hook failed", app_id=app.app_id, hook=hook.value, reason=reason)
        raise Fault(FaultCode.UNAVAILABLE, f"the app's hook failed: {reason}", retry_after=1)

    async def tell(self, app: App, lanes: Sequence[Sequence[Delivery]], within: int) -> dict[int, str]:
        """See `Hooks.tell`."""
        waiting = deque(lanes)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within / SECOND
        told: dict[int, str] = {}

        async def teller() -> None:
            while waiting:
                for delivery in waiting.popleft():
                    if loop.time() >= deadline:
                        return
                    told[delivery.id] = await self._told(app, delivery)
                    if told[delivery.id]:
                        break

        await asyncio.gather(*(teller() for _ in range(min(MOST_TOLD_AT_ONCE, len(lanes)))))
        if failures := Counter(filter(None, told.values())):
            _log.warning("hooks not taken", app_id=app.app_id, failed=failures.total(), reasons=sorted(failures))
        return told

    async def close(self) -> None:
        """Let go of the session."""
        await self._session.close()

    async def _told(self, app: App, delivery: Delivery) -> str:
        sign = sign_as_leancloud(app.master_key, delivery.hook, self._clock.now())
        # Signed anew each time, into what was written down once.
        body = f'{delivery.body[:-1]},"__sign":"{sign}"}}'.encode()
        try:
            answer = await self._call(app, delivery.hook, delivery.call_id, body, delivery.event)
        except _CallError as error:
            return str(error)
        # A page, in whatever tone: some proxy or parking lot answers for a server that is not there.
        return "a page instead of an answer" if answer.lstrip()[:1] == b"<" else ""

    async def _call(self, app: App, hook: Hook, call_id: str, body: bytes, event: str = "") -> bytes:
        address: HookAddress = app.settings.hooks
        sent = headers(address.key, call_id, self._clock.now(), body)
        if event:
            sent[EVENT] = event
        sent |= {"Content-Type": "application/json", "X-LC-Id": app.app_id, "User-Agent": "Parlance"}
        timeout = aiohttp.ClientTimeout(total=address.wait / SECOND)
        try:
            async with self._session.post(
                f"{address.url.rstrip('/')}/{hook}", data=body, headers=sent, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await response.content.read(LARGEST_ANSWER + 1)
                while len(answer) <= LARGEST_ANSWER and (more := await response.content.read(LARGEST_ANSWER)):
                    answer += more
                status = response.status
        except TimeoutError:
            raise _CallError(f"nothing within {address.wait} ms") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _CallError(type(error).__name__) from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise _CallError(f"HTTP {status}")
        if len(answer) > LARGEST_ANSWER:
            raise _CallError(f"more than {LARGEST_ANSWER} bytes")
        return answer


def _read(answer: bytes) -> HookAnswer:
    """What a hook answers, by itself or as `result`; nothing at all means that all is well."""
    if not answer.strip():
        return HookAnswer()
    wrapped = msgspec.json.decode(answer, type=_Wrapped)
    inner = bytes(wrapped.result)
    if inner == b"null":
        return msgspec.json.decode(answer, type=HookAnswer)
    if not inner.startswith(b"{"):
        # LeanEngine's functions may answer anything ("ok"): what is no object says nothing.
        return HookAnswer()
    return msgspec.json.decode(inner, type=HookAnswer)
