"""The platform dialect's REST calls, as they travel: headers, envelope, refusals.

A call that only reads, or that says how things are to be, is made again (a few times) where the server asks for that or
could not be reached; what would be done twice is not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import msgspec

from parlance.client.credentials import Credentials
from parlance.client.errors import FileTooLarge, Refused, Unreachable, refused
from parlance.client.pacing import Backoff, Sleep, seconds
from parlance.kernel.ids import Ids

ATTEMPTS = 4
"""How often a call that may be made again is made."""
_PIECE = 64 * 1024
_AGAIN = frozenset({429, 502, 503})
Body = Callable[[], Any]
"""Makes a body, each time one is needed."""


class Rest:
    """Calls the server with one set of credentials: a token's, or an app's key."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        credentials: Credentials,
        ids: Ids,
        sleep: Sleep,
        *,
        key: str | None = None,
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._ids = ids
        self._sleep = sleep
        self._key = key

    async def call(self, method: str, path: str, fields: Mapping[str, Any] | None = None, *, safe: bool = False) -> Any:
        """`data` of the answer. `safe`: may be made twice. Raises Refused, Unreachable."""
        body = None if fields is None else msgspec.json.encode({k: v for k, v in fields.items() if v is not None})
        return await self._called(method, path, lambda: body, safe=safe or method in {"GET", "PUT", "DELETE"})

    async def send_form(self, path: str, form: Callable[[], aiohttp.FormData]) -> Any:
        """POST a form; `data` of the answer."""
        return await self._called("POST", path, form, safe=False)

    async def fetch(self, address: str, most: int) -> bytes:
        """What lies at an address of a file, up to `most` bytes. Raises FileTooLarge, Refused, Unreachable."""
        try:
            async with self._http.get(address) as answer:
                if answer.status != 200:
                    raise refused(1, f"{address} answered {answer.status}", status=answer.status)
                found = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE):
                    found += piece
                    if len(found) > most:
                        raise FileTooLarge(f"{address} has more than {most} bytes")
                return bytes(found)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(f"{address}: {error}") from error

    async def _called(self, method: str, path: str, body: Body, *, safe: bool) -> Any:
        backoff = Backoff(self._ids)
        renewed = False
        attempts = 0
        while True:
            attempts += 1
            token = await self._credentials.token()
            try:
                return await self._once(method, path, body(), token)
            except Refused as refusal:
                if refusal.status == 401 and self._credentials.renewable and not renewed:
                    renewed = True
                    self._credentials.refused(token)
                    continue
                if not safe or refusal.status not in _AGAIN or attempts >= ATTEMPTS:
                    raise
                wait = backoff.next(refusal.retry_after or 0.0)
            except Unreachable:
                if not safe or attempts >= ATTEMPTS:
                    raise
                wait = backoff.next()
            await self._sleep(wait)

    async def _once(self, method: str, path: str, body: Any, token: str | None) -> Any:
        headers = {"app-id": self._credentials.app_id}
        if isinstance(body, bytes):
            headers["content-type"] = "application/json"
        if self._key is not None:
            headers["app-key"] = self._key
        elif token is not None:
            headers["authorization"] = f"Bearer {token}"
        try:
            # Who answers that the server is elsewhere is not believed: the key would be shown there.
            async with self._http.request(
                method, self._url + path, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return _opened(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(f"{self._url}: {error}") from error


def _opened(status: int, headers: Mapping[str, str], raw: bytes) -> Any:
    """What is in the envelope."""
    try:
        envelope = msgspec.json.decode(raw, type=_Envelope)
    except msgspec.MsgspecError:
        raise refused(1, f"the server answered {status}, not in this API's words", status=status) from None
    if envelope.code == 0:
        return envelope.data
    raise refused(envelope.code, envelope.message, status=status, retry_after=seconds(headers.get("Retry-After", "")))


class _Envelope(msgspec.Struct):
    code: int
    message: str
    data: Any = None
