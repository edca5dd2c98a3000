"""The REST calls that a client and a backend have in common: conversations, who is in them, users, files."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import aiohttp
import msgspec

from parlance.client.model import Conversation, Kind, Page, User, conversation_listed, user_in
from parlance.client.rest import Rest

LONGEST_PAGE: Final = 100
LARGEST_DOWNLOAD: Final = 50 * 1024 * 1024
"""What servers take as an upload unless they are told otherwise."""
Condition = tuple[str, str, Any]
"""`("conv_type", "=", 3)`: a field, an operator, a value."""


class Calls:
    """See above. Every call raises `Refused` (as one of its kinds) or `Unreachable`."""

    _rest: Rest

    async def user(self, client_id: str) -> User:
        """A user."""
        return user_in(await self._rest.call("GET", f"/im/users/{path_part(client_id)}"))

    async def change_user(
        self,
        client_id: str,
        *,
        nickname: str | None = None,
        avatar: str | None = None,
        ext: Mapping[str, Any] | None = None,
    ) -> User:
        """Say something else about a user; what is left out stays. A client says it of itself only."""
        said = {"nickname": nickname, "avatar": avatar, "ext": ext}
        return user_in(await self._rest.call("PUT", f"/im/users/{path_part(client_id)}", said))

    async def members(self, conv_id: str) -> list[str]:
        """Who is in a conversation."""
        return list(await self._rest.call("GET", f"/im/conversations/{path_part(conv_id)}/members"))

    async def add_members(self, conv_id: str, client_ids: Iterable[str]) -> None:
        """Bring others in. Who is in already, stays."""
        await self._rest.call("POST", f"/im/conversations/{path_part(conv_id)}/members", _ids(client_ids), safe=True)

    async def remove_members(self, conv_id: str, client_ids: Iterable[str]) -> None:
        """Take others out."""
        await self._rest.call("DELETE", f"/im/conversations/{path_part(conv_id)}/members", _ids(client_ids))

    async def find_conversations(
        self, where: Sequence[Condition] = (), *, page: int = 1, size: int = 20
    ) -> Page[Conversation]:
        """Conversations for which every condition holds, the newest first."""
        asked = urlencode({"where": msgspec.json.encode(list(where)).decode(), "page": page, "size": size})
        return page_of(await self._rest.call("GET", f"/im/conversations?{asked}"), conversation_listed)

    async def all_conversations(self, where: Sequence[Condition] = ()) -> AsyncIterator[Conversation]:
        """All of them, page by page."""
        number = last = 1
        while number <= last:
            page = await self.find_conversations(where, page=number, size=LONGEST_PAGE)
            for row in page.rows:
                yield row
            number, last = number + 1, page.last

    async def extend_conversation(self, conv_id: str, extend: Mapping[str, Any] | None) -> None:
        """Replace what the app keeps with a conversation."""
        change = {"where": [["conv_id", "=", conv_id]], "update": {"conv_extend": extend}}
        await self._rest.call("PUT", "/im/conversations", change)

    async def delete_conversation(self, conv_id: str) -> None:
        """Delete a conversation with all that was said in it."""
        await self._rest.call("DELETE", f"/im/conversations/{path_part(conv_id)}")

    async def upload(self, file: Path | bytes, name: str | None = None) -> str:
        """Upload a file; answers the address at which everybody who knows it can fetch it."""
        content = file if isinstance(file, bytes) else await asyncio.to_thread(file.read_bytes)
        called = name or ("file" if isinstance(file, bytes) else file.name)

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("file", content, filename=called)
            return made

        return str(await self._rest.send_form("/im/file/upload", form))

    async def download(self, address: str, most: int = LARGEST_DOWNLOAD) -> bytes:
        """The bytes of an uploaded file. Raises FileTooLarge where there are more than `most` of them."""
        return await self._rest.fetch(address, most)

    async def _open(
        self,
        kind: Kind,
        creator: str,
        others: Iterable[str],
        extend: Mapping[str, Any] | None,
        *,
        lifetime: int | None = None,
        keep_history: bool | None = None,
    ) -> str:
        fields = {
            "client_id": creator,
            "to_client_ids": list(others),
            "conv_type": int(kind),
            "conv_extend": extend,
            "ttl": lifetime,
            "keep_history": keep_history,
        }
        # Of two people there is one direct conversation, however often it is opened.
        opened = await self._rest.call("POST", "/im/conversations", fields, safe=kind is Kind.DIRECT)
        return str(opened["conv_id"])


def page_of(data: Mapping[str, Any], read: Any) -> Page[Any]:
    """A page, each row read by `read`."""
    return Page([read(row) for row in data["data"]], data["current_page"], data["last_page"], data["total"])


def _ids(client_ids: Iterable[str]) -> dict[str, list[str]]:
    return {"client_ids": list(client_ids)}


def path_part(text: str) -> str:
    """A text as a part of a path."""
    return quote(text, safe="")
