"""What an app's backend does before its clients come: users, tokens and conversations, by the package's own client."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.plan import Address
from parlance.client import Backend as Client
from parlance.client import ParlanceError

_AT_ONCE = 16
"""Calls that are under way at a time."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Backend:
    """Calls the server with the server key. Raises BenchFailure where a call is refused."""

    def __init__(self, address: Address) -> None:
        scheme = "https" if address.tls else "http"
        self._client = Client(f"{scheme}://{address.authority}", address.app_id, address.server_key)

    async def users(self, names: Sequence[str]) -> None:
        """Register `names`."""
        await self._all(names, lambda name: self._client.create_user(name, nickname=name))

    async def tokens(self, names: Sequence[str]) -> list[str]:
        """A client token for each of `names`."""
        return [issued.token for issued in await self._all(names, self._client.issue_token)]

    async def direct(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """The direct conversation of each pair."""
        return await self._all(pairs, lambda pair: self._client.open_direct(*pair))

    async def group(self, owner: str, others: Sequence[str]) -> str:
        """A new group."""
        return (await self._all([others], lambda others: self._client.open_group(owner, others)))[0]

    async def _all(self, asked: Sequence[Asked], call: Callable[[Asked], Awaitable[Answer]]) -> list[Answer]:
        answers: dict[int, Answer] = {}
        left = iter(enumerate(asked))

        async def work() -> None:
            for number, each in left:
                answers[number] = await call(each)

        try:
            async with self._client:
                await asyncio.gather(*(work() for _ in range(min(_AT_ONCE, len(asked)))))
        except ParlanceError as error:
            raise BenchFailure(str(error)) from error
        return [answers[number] for number in range(len(asked))]
