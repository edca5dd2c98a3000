"""Calls to apps' own servers: signed, bounded in time and size, and judged by their answers.

Rule: nothing that is sent or answered is logged; a line has the app, the hook, and what went wrong.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec
import structlog

from parlance.core.model.app import App
from parlance.core.model.hook import Hook, HookAddress, HookAnswer
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids
from parlance.outbound.hooks.signing import headers, sign_as_leancloud

LARGEST_ANSWER = 256 * 1024
MOST_AT_ONCE = 50
"""Connections to one app's server."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


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
        answer = await self._call(app, hook, self._ids.random_hex(), _encode(signed))
        try:
            return _read(answer)
        except msgspec.MsgspecError:
            raise self._failed(app, hook, "an answer that cannot be read") from None

    async def tell(self, app: App, hook: Hook, call_id: str, body: bytes) -> None:
        """See `Hooks.tell`."""
        await self._call(app, hook, call_id, body)

    async def close(self) -> None:
        """Let go of the session."""
        await self._session.close()

    async def _call(self, app: App, hook: Hook, call_id: str, body: bytes) -> bytes:
        address: HookAddress = app.settings.hooks
        sent = headers(address.key, call_id, self._clock.now(), body)
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
            raise self._failed(app, hook, f"nothing within {address.wait} ms") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._failed(app, hook, type(error).__name__) from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._failed(app, hook, f"HTTP {status}")
        if len(answer) > LARGEST_ANSWER:
            raise self._failed(app, hook, f"more than {LARGEST_ANSWER} bytes")
        return answer

    def _failed(self, app: App, hook: Hook, reason: str) -> Fault:
        _log.warning("hook failed", app_id=app.app_id, hook=hook.value, reason=reason)
        return Fault(FaultCode.UNAVAILABLE, f"the app's hook failed: {reason}", retry_after=1)


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
