"""What an app's backend does before its clients come: users, tokens and conversations over the platform API."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.http_client import ask_all, request
from parlance.cli.bench.plan import Address

_DIRECT = 1
_GROUP = 3

Data = TypeVar("Data")


class _Envelope(msgspec.Struct):
    code: int
    message: str = ""
    data: msgspec.Raw = msgspec.Raw()


class _Token(msgspec.Struct):
    token: str


class _Conversation(msgspec.Struct):
    conv_id: str


class Backend:
    """Calls the server with the server key."""

    def __init__(self, address: Address) -> None:
        self._address = address

    async def users(self, names: Sequence[str]) -> None:
        """Register `names`."""
        bodies = [{"unique_id": name, "nickname": name} for name in names]
        await self._post("/im/users", bodies, msgspec.Raw)

    async def tokens(self, names: Sequence[str]) -> list[str]:
        """A client token for each of `names`."""
        answers = await self._post("/im/tokens", [{"client_id": name} for name in names], _Token)
        return [answer.token for answer in answers]

    async def direct(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """The direct conversation of each pair."""
        return await self._conversations([(one, [other], _DIRECT) for one, other in pairs])

    async def group(self, owner: str, others: Sequence[str]) -> str:
        """A new group."""
        return (await self._conversations([(owner, list(others), _GROUP)]))[0]

    async def _conversations(self, asked: Sequence[tuple[str, list[str], int]]) -> list[str]:
        bodies = [{"client_id": one, "to_client_ids": others, "conv_type": kind} for one, others, kind in asked]
        answers = await self._post("/im/conversations", bodies, _Conversation)
        return [answer.conv_id for answer in answers]

    async def _post(self, path: str, bodies: Sequence[object], kind: type[Data]) -> list[Data]:
        requests = [request(self._address, "POST", path, msgspec.json.encode(body)) for body in bodies]
        return [_data(path, answer, kind) for answer in await ask_all(self._address, requests)]


def _data(path: str, answer: bytes, kind: type[Data]) -> Data:
    try:
        envelope = msgspec.json.decode(answer, type=_Envelope)
        if envelope.code == 0:
            return msgspec.json.decode(envelope.data, type=kind)
    except msgspec.DecodeError as error:
        raise BenchFailure(f"{path}: an answer that is not the platform's ({error})") from error
    raise BenchFailure(f"{path}: {envelope.code} {envelope.message}")
