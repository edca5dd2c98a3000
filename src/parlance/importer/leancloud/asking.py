"""One GET from LeanCloud's REST API: how the key is shown, how often it is tried, and what the answer means.

Invariants:
- The master key goes to the server that the operator named and to no other: redirects are not followed.
- Whatever is not JSON of LeanCloud's is tried again, never taken for data.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import msgspec
from yarl import URL

from parlance import __version__
from parlance.importer.leancloud.answers import Page, read_error, read_page
from parlance.importer.leancloud.errors import Refused, Unanswered, WrongKey
from parlance.importer.leancloud.pacing import LONGEST_WAIT, Pace
from parlance.kernel.clock import SECOND, Clock

Answer = TypeVar("Answer")
Params = Mapping[str, str]

MOST_PATIENCE = 1_800.0
"""Seconds that one request may be told to wait, all in all."""
_MOST_WORDS = 120


class Access(msgspec.Struct, frozen=True):
    """What opens an app at LeanCloud."""

    server: str
    app_id: str
    master_key: str = ""


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for an answer, in seconds, and how often to ask for it."""

    timeout: float = 60.0
    tries: int = 6


class _Again(Exception):
    """This answer is none; another may be."""

    def __init__(self, words: str, wait: float | None = None) -> None:
        super().__init__(words)
        self.wait = wait


class Asker:
    """Asks for one app; who is told to wait makes all requests wait."""

    def __init__(
        self, http: aiohttp.ClientSession, access: Access, pace: Pace, patience: Patience, clock: Clock
    ) -> None:
        self.http = http
        self._server = access.server.rstrip("/")
        self._headers = {
            "X-LC-Id": access.app_id,
            "X-LC-Key": f"{access.master_key},master",
            "Accept": "application/json",
            "User-Agent": f"parlance/{__version__}",
        }
        self._pace = pace
        self._clock = clock
        self._tries = patience.tries
        self._timeout = aiohttp.ClientTimeout(total=10 * patience.timeout, sock_read=patience.timeout)

    async def page(self, path: str, params: Params) -> Page:
        """A page of rows. Raises Refused or Unanswered."""
        return await self.get(path, params, read_page)

    async def get(self, path: str, params: Params, read: Callable[[bytes], Answer]) -> Answer:
        """What `read` makes of the answer. Raises Refused or Unanswered."""
        failed, waited = 0, 0.0
        while True:
            await self._pace.turn()
            try:
                answer = read(await self._exchanged(path, params))
            except _Again as error:
                words = str(error)
                if error.wait is not None:
                    waited += error.wait
                    if waited > MOST_PATIENCE:
                        raise Unanswered(f"{self._server} has let us wait for half an hour") from None
                    continue
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                words = f"answers with what makes no sense ({error})"
            except TimeoutError:
                words = f"says nothing for {self._timeout.sock_read:g} seconds"
            except (aiohttp.ClientError, OSError) as error:
                words = f"cannot be reached ({error})"
            else:
                self._pace.answered()
                return answer
            failed += 1
            if failed >= self._tries:
                raise Unanswered(f"{self._server} {words}")
            await asyncio.sleep(min(2.0 ** (failed - 1), LONGEST_WAIT))

    async def _exchanged(self, path: str, params: Params) -> bytes:
        url = URL(self._server + path, encoded=True)
        async with self.http.get(
            url, params=params, headers=self._headers, timeout=self._timeout, allow_redirects=False
        ) as answer:
            body = await answer.read()
            if answer.status == HTTPStatus.OK and not _is_html(answer, body):
                return body
            raise self._what_is_wrong(answer, body)

    def _what_is_wrong(self, answer: aiohttp.ClientResponse, body: bytes) -> Exception:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            said = _seconds(answer.headers.get("Retry-After"), self._clock)
            return _Again("asks us to wait", self._pace.too_fast(said))
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _Again(f"answers {answer.status} ({_excerpt(body)})")
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            elsewhere = answer.headers.get("Location", "nowhere")
            return Refused(answer.status, None, f"{self._server} sends us to {elsewhere}: is that the server to name?")
        said_words = None if _is_html(answer, body) else read_error(body)
        if said_words is None:
            if answer.status in {HTTPStatus.OK, HTTPStatus.REQUEST_TIMEOUT}:
                return _Again(f"answers with a page instead of data ({_excerpt(body)})")
            where = f"{self._server} answers {answer.status} without LeanCloud's words ({_excerpt(body)})"
            return Refused(answer.status, None, f"{where}: is that the address of LeanCloud's REST API?")
        kind = WrongKey if answer.status == HTTPStatus.UNAUTHORIZED else Refused
        return kind(answer.status, *said_words)


def _is_html(answer: aiohttp.ClientResponse, body: bytes) -> bool:
    return "html" in answer.content_type or body.lstrip()[:1] == b"<"


def _excerpt(body: bytes) -> str:
    """The title of a page, or the beginning of what is none."""
    text = body[:10_000].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>\s*(.*?)\s*</title>", text, re.IGNORECASE | re.DOTALL)
    words = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", words).strip()[:_MOST_WORDS] or "nothing in it"


def _seconds(said: str | None, clock: Clock) -> float | None:
    """`Retry-After`: a number of seconds or a date; never more than an hour is believed."""
    if said is None:
        return None
    try:
        wait = float(said)
    except ValueError:
        try:
            wait = parsedate_to_datetime(said).timestamp() - clock.now() / SECOND
        except ValueError:
            return None
    return min(max(wait, 0.0), 3_600.0) if wait == wait else None  # noqa: PLR0124 - what is no number is not itself
