"""What an app's own backend does, with the server key: for everybody, without a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from parlance.client.calls import LONGEST_PAGE, Calls, page_of, path_part
from parlance.client.credentials import Credentials
from parlance.client.drafts import draft
from parlance.client.model import Kind, Message, MessageType, Page, Sent, Token, User, message_listed, user_in
from parlance.client.pacing import Sleep
from parlance.client.rest import Rest
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import Ids, SystemIds


class Backend(Calls):
    """The server at `url`, for an app and whoever has its key. Without a key: as an app that is open to all takes it.

    To be used with `async with`, unless it is lent a session of aiohttp's (`http`). `ids` and `sleep` are for tests
    that hand in chance and time.
    """

    def __init__(
        self,
        url: str,
        app_id: str,
        key: str | None = None,
        *,
        http: aiohttp.ClientSession | None = None,
        ids: Ids | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.app_id = app_id
        self._url = url
        self._key = key
        self._ids = ids or SystemIds(SystemClock())
        self._sleep = sleep
        self._own: aiohttp.ClientSession | None = None
        if http is not None:
            self._use(http)

    def _use(self, http: aiohttp.ClientSession) -> None:
        credentials = Credentials(self.app_id, None)
        self._rest = Rest(http, self._url, credentials, self._ids, self._sleep, key=self._key)

    async def __aenter__(self) -> Self:
        self._own = aiohttp.ClientSession()
        self._use(self._own)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is not None:
            await self._own.close()

    # People

    async def create_user(
        self,
        client_id: str,
        *,
        nickname: str | None = None,
        avatar: str | None = None,
        ext: Mapping[str, Any] | None = None,
    ) -> User:
        """Register a user, or change one that is registered."""
        fields = {"unique_id": client_id, "nickname": nickname, "avatar": avatar, "ext": ext}
        return user_in(await self._rest.call("POST", "/im/users", fields, safe=True))

    async def users(self, *, page: int = 1, size: int = 20) -> Page[User]:
        """The app's users, the newest first."""
        return page_of(await self._rest.call("GET", f"/im/users?page={page}&size={size}"), user_in)

    async def ban(self, client_id: str) -> User:
        """Refuse a user everywhere, and close its sockets."""
        return user_in(await self._rest.call("POST", f"/im/users/{path_part(client_id)}/ban", safe=True))

    async def unban(self, client_id: str) -> User:
        """Let a user in again."""
        return user_in(await self._rest.call("POST", f"/im/users/{path_part(client_id)}/unban", safe=True))

    async def issue_token(self, client_id: str) -> Token:
        """Make a token with which a client logs in."""
        return msgspec.convert(await self._rest.call("POST", "/im/tokens", {"client_id": client_id}, safe=True), Token)

    # Conversations

    async def open_direct(self, one: str, other: str, *, extend: Mapping[str, Any] | None = None) -> str:
        """The conversation between two; its id. There is one, however often it is opened."""
        return await self._open(Kind.DIRECT, one, [other], extend)

    async def open_group(
        self, owner: str, others: Iterable[str] = (), *, extend: Mapping[str, Any] | None = None
    ) -> str:
        """A group; its id."""
        return await self._open(Kind.GROUP, owner, others, extend)

    async def open_temporary(
        self,
        creator: str,
        others: Iterable[str] = (),
        *,
        lifetime: int | None = None,
        extend: Mapping[str, Any] | None = None,
    ) -> str:
        """A conversation that ends by itself after `lifetime` seconds (a day); its id."""
        return await self._open(Kind.TEMPORARY, creator, others, extend, lifetime=lifetime)

    async def open_room(
        self, creator: str, *, keep_history: bool = True, extend: Mapping[str, Any] | None = None
    ) -> str:
        """A chat room, which clients join and leave; its id."""
        return await self._open(Kind.ROOM, creator, (), extend, keep_history=keep_history)

    # Messages

    async def send(
        self,
        conv_id: str,
        text: str | None = None,
        *,
        sender: str,
        type: MessageType = MessageType.TEXT,  # noqa: A002 - the wire's name
        attr: Any = None,
        url: str | None = None,
        mentions: Sequence[str] = (),
        mention_all: bool = False,
        transient: bool = False,
        ref: str | None = None,
    ) -> Sent:
        """Have somebody say something.

        It bears a `ref` (one is made up), so that it is said once even where it has to be sent again.
        """
        said = draft(text, type, attr, url, mentions, mention_all=mention_all, transient=transient, to_own_devices=True)
        said |= {"from_client": sender, "ref": ref or self._ids.random_hex()}
        taken = await self._rest.call("POST", f"/im/conversations/{path_part(conv_id)}/message", said, safe=True)
        return Sent(taken["msg_id"], taken["time"])

    async def messages(self, conv_id: str, *, page: int = 1, size: int = 20) -> Page[Message]:
        """What was said, the newest first."""
        path = f"/im/conversations/{path_part(conv_id)}/message?page={page}&size={size}"
        return page_of(await self._rest.call("GET", path), message_listed)

    async def all_messages(self, conv_id: str) -> AsyncIterator[Message]:
        """All that was said, the newest first, page by page; what is said meanwhile moves the pages."""
        number = last = 1
        while number <= last:
            page = await self.messages(conv_id, page=number, size=LONGEST_PAGE)
            for row in page.rows:
                yield row
            number, last = number + 1, page.last
