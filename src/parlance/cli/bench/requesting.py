"""The rows that ask over REST: sending a message, reading a page of history."""

import asyncio
import time

import msgspec

from parlance.cli.bench.backend import Backend
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.http_client import HttpClient, ask_all, connect, request
from parlance.cli.bench.meter import Meter, outcome
from parlance.cli.bench.plan import Checks, Outcome, Plan

_WARM_SHARE = 0.15
_PAGE = 50
_HISTORY = 100
_TEXT = "The quick brown fox jumps over the lazy dog and tells everybody about it over plain HTTP."


async def rest_send(plan: Plan) -> Outcome:
    """Each connection posts messages to a conversation of its own, one after the other."""
    names, conversations = await _conversations(plan)
    posts = [
        request(plan.address, "POST", f"/im/conversations/{conversation}/message", _message(sender))
        for sender, conversation in zip(names[::2], conversations, strict=True)
    ]
    return await _Asking(plan, posts, b'"msg_id"', 1).run()


async def history(plan: Plan) -> Outcome:
    """Each connection reads the newest page of a conversation of its own, over and over."""
    names, conversations = await _conversations(plan)
    paths = [f"/im/conversations/{conversation}/message" for conversation in conversations]
    posts = [
        request(plan.address, "POST", path, _message(sender))
        for sender, path in zip(names[::2], paths, strict=True)
        for _ in range(_HISTORY)
    ]
    await ask_all(plan.address, posts, connections=plan.clients)
    gets = [request(plan.address, "GET", f"{path}?page=1&size={_PAGE}") for path in paths]
    return await _Asking(plan, gets, b'"msg_id"', _PAGE).run()


async def _conversations(plan: Plan) -> tuple[list[str], list[str]]:
    names = [f"{plan.run}x{number}" for number in range(plan.clients * 2)]
    backend = Backend(plan.address)
    await backend.users(names)
    return names, await backend.direct(list(zip(names[::2], names[1::2], strict=True)))


def _message(sender: str) -> bytes:
    return msgspec.json.encode({"from_client": sender, "type": -1, "text": _TEXT})


class _Asking:
    """A few connections, each repeating its request; an answer is right if it has `mark` so many times."""

    def __init__(self, plan: Plan, requests: list[bytes], mark: bytes, times: int) -> None:
        self._plan = plan
        self._requests = requests
        self._mark = mark
        self._times = times
        self._asked: dict[HttpClient, tuple[bytes, float]] = {}
        self._waits: list[float] = []
        self._right = 0
        self._wrong = 0
        self._first_wrong = ""
        self._going = True
        self._failed: BaseException | None = None

    async def run(self) -> Outcome:
        """Warm up, measure, stop."""
        plan = self._plan
        clients = await connect(plan.addresses, len(self._requests), self._answered, self._broken)
        for client, asked in zip(clients, self._requests, strict=True):
            self._ask(client, asked)
        await asyncio.sleep(plan.seconds * _WARM_SHARE)
        before, self._waits = self._right, []
        meter = Meter(plan.processes)
        await asyncio.sleep(plan.seconds)
        measured, operations = meter.stop(), self._right - before
        self._going = False
        for client in clients:
            client.close()
        if self._failed is not None:
            raise BenchFailure(str(self._failed))
        checks = Checks(self._right + self._wrong, refused=self._wrong, first_refusal=self._first_wrong)
        return outcome(plan, measured, operations, self._waits, [], checks)

    def _ask(self, client: HttpClient, asked: bytes) -> None:
        self._asked[client] = asked, time.perf_counter()
        client.ask(asked)

    def _answered(self, client: HttpClient, status: int, body: bytes) -> None:
        asked, at = self._asked[client]
        self._waits.append(time.perf_counter() - at)
        if status == 200 and body.count(self._mark) == self._times:
            self._right += 1
        else:
            self._wrong += 1
            self._first_wrong = self._first_wrong or f"{status}: {body[:200].decode(errors='replace')}"
        if self._going:
            self._ask(client, asked)

    def _broken(self, error: BaseException) -> None:
        if self._going:
            self._failed = error
