"""One signed POST to RongCloud: where it goes, how fast, and what its answer means.

Invariants:
- Nothing that is sent or answered is logged: names, tokens and signatures travel in it. A line has the call, the
  code and the request id, which is what RongCloud's support asks for.
- A call that may not be made twice is made twice only if the first cannot have arrived.
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import aiohttp
import msgspec
import structlog

from parlance.core.model.provider import RongCloudAccess
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.outbound.rongcloud.errors import Code, Nonsense, Reaction, Refused, TooFast, Unanswered
from parlance.outbound.rongcloud.hosts import Hosts
from parlance.outbound.rongcloud.pacing import Pacing
from parlance.outbound.rongcloud.signing import signed_headers

TIMEOUT = 10.0
"""Seconds that an answer may take."""
PATIENCE = 2.0
"""Seconds that a call may have to wait for its permit; who would wait longer is told so instead."""
LARGEST_ANSWER = 4 * 1024 * 1024

Form = Sequence[tuple[str, str]]

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def session() -> aiohttp.ClientSession:
    """What all apps' clients post through.

    Without keep-alive, as RongCloud asks of who sends little: its balancing suffers from connections that stay.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    )


class RongCloudClient:
    """Posts for one app."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        access: RongCloudAccess,
        clock: Clock,
        ids: Ids,
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._http = http
        self._access = access
        self._clock = clock
        self._ids = ids
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._hosts = Hosts(access.hosts)
        self._pacing = Pacing()

    async def post(self, path: str, form: Form, *, cost: int = 1, repeatable: bool = True) -> dict[str, Any]:
        """The answer to a call that was done. `cost` is what it counts for in RongCloud's limits.

        Raises Refused, Nonsense, Unanswered or TooFast.
        """
        await self._permit(path, cost)
        host = self._hosts.current
        try:
            return await self._ask(host, path, form)
        except (Unanswered, Refused) as error:
            if not _elsewhere(error):
                raise
            self._hosts.failed(host, self._clock.monotonic())
            other = self._hosts.current
            arrived = not isinstance(error, Unanswered) or error.sent
            if other == host or (arrived and not repeatable):
                raise
            return await self._ask(other, path, form)

    async def _permit(self, path: str, cost: int) -> None:
        now = self._clock.monotonic()
        bucket = self._pacing.bucket(path, now)
        wait = bucket.wait(cost, now)
        if wait > PATIENCE:
            raise TooFast(wait)
        bucket.take(cost)
        if wait > 0:
            await asyncio.sleep(wait)

    async def _ask(self, host: str, path: str, form: Form) -> dict[str, Any]:
        request_id = self._ids.random_hex()
        nonce = self._ids.nonce() + self._ids.nonce()
        headers = signed_headers(self._access.key, self._access.secret, nonce, self._clock.now())
        headers |= {"X-Request-ID": request_id, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        about = _log.bind(call=path, host=host, request=request_id)
        try:
            status, raw = await self._exchanged(f"{host}{path}.json", headers, urlencode(form).encode())
            return _answer(status, raw)
        except (Unanswered, Nonsense) as error:
            about.warning("RongCloud did not answer", reason=str(error))
            raise
        except Refused as error:
            if error.reaction is Reaction.BACK_OFF:
                now = self._clock.monotonic()
                self._pacing.bucket(path, now).drain(now)
            say = about.error if error.reaction in {Reaction.ALARM, Reaction.GIVE_UP} else about.warning
            say("RongCloud refused", code=error.code, status=error.status, reaction=error.reaction.value)
            raise

    async def _exchanged(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        try:
            async with self._http.post(
                url, headers=headers, data=body, timeout=self._timeout, allow_redirects=False
            ) as answer:
                raw = await answer.content.read(LARGEST_ANSWER + 1)
                while len(raw) <= LARGEST_ANSWER and (more := await answer.content.read(LARGEST_ANSWER)):
                    raw += more
                return answer.status, raw
        except aiohttp.ClientConnectorError as error:
            raise Unanswered(type(error).__name__, sent=False) from None
        except TimeoutError:
            raise Unanswered(f"nothing within {self._timeout.total} s", sent=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(type(error).__name__, sent=True) from None


def _elsewhere(error: Unanswered | Refused) -> bool:
    """Whether the other address may do better. What is wrong with the request is wrong everywhere."""
    return isinstance(error, Unanswered) or error.reaction is Reaction.FAIL_OVER


def _answer(status: int, raw: bytes) -> dict[str, Any]:
    """What stands in an answer, which is JSON on every status."""
    if len(raw) > LARGEST_ANSWER:
        raise Nonsense("an answer of more than 4 MiB")
    try:
        body = msgspec.json.decode(raw)
        code = int(body["code"])
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # What stands before RongCloud answers in HTML when what stands behind it is ill.
            raise Refused(Code.INTERNAL, status) from None
        raise Nonsense(f"HTTP {status} without a code in it") from None
    if code != Code.OK or status != HTTPStatus.OK:
        raise Refused(code if code != Code.OK else Code.INTERNAL, status)
    found: dict[str, Any] = body
    return found
