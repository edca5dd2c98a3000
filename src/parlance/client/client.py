"""One client of one app, on one device: what it can do, and what it is told."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast

import aiohttp

from parlance.client.book import STRETCH, Book, Start
from parlance.client.calls import Calls
from parlance.client.credentials import Credentials, FetchToken, client_in
from parlance.client.drafts import draft
from parlance.client.inbox import Inbox
from parlance.client.line import Line, Pace
from parlance.client.model import (
    Event,
    History,
    Kind,
    Message,
    MessageType,
    Standing,
    message_in,
    standing_in,
)
from parlance.client.pacing import Sleep
from parlance.client.requests import Requests
from parlance.client.rest import Rest
from parlance.client.session import Session
from parlance.client.telling import Telling
from parlance.kernel.clock import Clock, SystemClock
from parlance.kernel.ids import Ids, SystemIds
from parlance.protocols.platform.payloads import (
    MsgEdited,
    MsgListAnswer,
    MsgSent,
    Pong,
    ServerFrame,
    SyncAnswer,
)

LARGEST_FRAME = 128 * 1024
"""Bytes that the server takes in one frame, unless it was told otherwise."""


class Client(Calls):
    """A client of the server at `url`: of several addresses one after another is tried. To be used with `async with`.

    `token` is a client token, or what fetches one (and is asked again when one is refused); an app that is open to all
    needs none. Unless a token says it, `client_id` has to be given. `bookmarks` are those of an earlier life; where
    there is none, `start` says with which messages to begin.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        app_id: str,
        token: str | FetchToken | None = None,
        *,
        client_id: str | None = None,
        device_id: str = "",
        nickname: str | None = None,
        avatar: str | None = None,
        start: Start = Start.NOW,
        bookmarks: Mapping[str, int] | None = None,
        patience: float = 30.0,
        most_events: int = 1000,
        most_requests: int = 1000,
        largest_frame: int = LARGEST_FRAME,
        pace: Pace | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        named = client_id or (client_in(token) if isinstance(token, str) else None)
        if named is None:
            raise ValueError("say client_id: the token does not say whose it is")
        self.client_id = named
        self.app_id = app_id
        self._urls = (url,) if isinstance(url, str) else tuple(url)
        self._credentials = Credentials(app_id, token)
        ext = {name: value for name, value in (("nickname", nickname), ("avatar", avatar)) if value is not None}
        device = {"device_id": device_id} if device_id else {}
        self._login = {"client_id": named, **device, **({"ext": ext} if ext else {})}
        self._patience = patience
        self._pace = pace or Pace()
        self._clock = clock or SystemClock()
        self._ids = ids or SystemIds(self._clock)
        self._sleep = sleep
        self._inbox = Inbox(most_events)
        self._requests = Requests(most_requests, largest_frame)
        self._book = Book(self._ask, self._inbox, named, start, bookmarks or {})
        self._session = Session(named, self._inbox, self._book, self._requests)
        self._taken: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._rest = Rest(self._http, self._urls[0], self._credentials, self._ids, self._sleep)
        line = Line(
            self._http,
            self._urls,
            self._credentials,
            self._login,
            self._session,
            self._requests,
            self._pace,
            self._clock,
            self._ids,
            self._sleep,
        )
        try:
            await self._session.begin(line, self._patience)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Log out, and end: whoever waits for an answer gets `Closed`, who iterates comes to the end."""
        await self._session.end()
        await self._http.close()

    @property
    def connected(self) -> bool:
        """Whether there is a connection just now. Nobody has to ask: what is to be sent waits for one."""
        return self._session.up

    # What is told

    def messages(self, *, own: bool = False) -> AsyncIterator[Message]:
        """Messages as they come: every one of each conversation once, in order, whatever happens to the connection.

        `own`: this client's too, from whichever device. What else happens is passed over: see `events`.
        """

        def wanted(event: Event) -> Message | None:
            return event if isinstance(event, Message) and (own or event.sender != self.client_id) else None

        return Telling(self._inbox, wanted, self._gone_through)

    def events(self) -> AsyncIterator[Event]:
        """All that happens, messages (own ones too) among it. What one iterator has told, another does not tell again.

        Ends when the client is closed; raises what made it give up: `Replaced`, `Banned`, `NotLoggedIn`.
        """
        return Telling(self._inbox, lambda event: event, self._gone_through)

    @property
    def bookmarks(self) -> dict[str, int]:
        """How far each conversation was gone through: to be kept, and handed to the next `Client` of this device.

        A message counts once the next is asked for: what broke off in the middle of one gets it again.
        """
        return self._book.beginnings | self._taken

    def _gone_through(self, message: Message) -> None:
        if message.seq is not None:
            self._taken[message.conv_id] = message.seq

    # Messages

    async def send(
        self,
        conv_id: str,
        text: str | None = None,
        *,
        type: MessageType = MessageType.TEXT,  # noqa: A002 - the wire's name
        attr: Any = None,
        url: str | None = None,
        mentions: Sequence[str] = (),
        mention_all: bool = False,
        transient: bool = False,
        to_own_devices: bool = True,
        ref: str | None = None,
    ) -> Message:
        """Say something; answers when it is stored durably, however many connections that takes.

        It is said once: sent again, it bears the same `ref`. To stop waiting, cancel it (or use `asyncio.timeout`):
        then it may or may not have been said.
        """
        said = draft(
            text,
            type,
            attr,
            url,
            mentions,
            mention_all=mention_all,
            transient=transient,
            to_own_devices=to_own_devices,
        )
        return await self._say({"conv_id": conv_id, "ref": ref or self._ids.random_hex(), **said})

    async def send_to(
        self,
        client_id: str,
        text: str | None = None,
        *,
        type: MessageType = MessageType.TEXT,  # noqa: A002 - the wire's name
        attr: Any = None,
        url: str | None = None,
        ref: str | None = None,
    ) -> Message:
        """Say something to one other; their conversation is made if there is none."""
        said = draft(text, type, attr, url, (), mention_all=False, transient=False, to_own_devices=True)
        return await self._say({"to_client_id": client_id, "ref": ref or self._ids.random_hex(), **said})

    async def _say(self, fields: dict[str, Any]) -> Message:
        sent = cast("MsgSent", await self._ask("msg.send", fields))
        return self._session.said(fields, sent)

    async def history(
        self, conv_id: str, *, after: int | None = None, before: int | None = None, limit: int = 20
    ) -> History:
        """Messages just after a place, or just before one, or the newest; the oldest first. At most 100."""
        place = {"after_seq": after} if after is not None else {} if before is None else {"before_seq": before}
        answer = await self._ask("msg.list", {"conv_id": conv_id, "limit": limit, **place})
        stretch = cast("MsgListAnswer", answer).data
        return History([message_in(row) for row in stretch.messages], stretch.more)

    async def recall(self, message: Message) -> None:
        """Take a message back."""
        await self._ask("msg.recall", {"conv_id": message.conv_id, "msg_id": message.msg_id})

    async def edit(self, message: Message, text: str | None, *, attr: Any = None) -> Message:
        """Have a message say something else: both text and `attr` are replaced."""
        asked = {"conv_id": message.conv_id, "msg_id": message.msg_id, "text": text, "attr": attr}
        return message_in(cast("MsgEdited", await self._ask("msg.edit", asked)).data)

    async def mark_read(self, message: Message) -> None:
        """Have everything up to a message count as read. What is said on a broken line is said again on the next."""
        if message.seq is not None:
            await self._session.mark_read(message.conv_id, message.seq)

    async def typing(self, conv_id: str) -> None:
        """Show the others that one is writing; lost where nobody is there to be told."""
        await self._session.show_typing(conv_id)

    # People and places

    async def watch(self, *client_ids: str) -> dict[str, bool]:
        """Who of these is online; from now on `Presence` tells when that changes. Replaces who was watched before."""
        return await self._session.watch(list(client_ids))

    async def standings(self) -> list[Standing]:
        """All conversations of this client, with unread counts and newest messages; what changed last comes last."""
        found: dict[str, Standing] = {}
        since, more = 0, True
        while more:
            page = cast("SyncAnswer", await self._ask("sync", {"since": since, "limit": STRETCH})).data
            for row in page.conversations:
                found.pop(row.conv_id, None)
                if not row.left:
                    found[row.conv_id] = standing_in(row)
            since, more = page.time, page.more
        return list(found.values())

    async def open_direct(self, other: str, *, extend: Mapping[str, Any] | None = None) -> str:
        """The conversation with one other; its id."""
        return await self._open(Kind.DIRECT, self.client_id, [other], extend)

    async def open_group(self, *others: str, extend: Mapping[str, Any] | None = None) -> str:
        """A group of one's own; its id."""
        return await self._open(Kind.GROUP, self.client_id, others, extend)

    async def open_temporary(
        self, *others: str, lifetime: int | None = None, extend: Mapping[str, Any] | None = None
    ) -> str:
        """A conversation that ends by itself after `lifetime` seconds (a day); its id."""
        return await self._open(Kind.TEMPORARY, self.client_id, others, extend, lifetime=lifetime)

    async def open_room(self, *, keep_history: bool = True, extend: Mapping[str, Any] | None = None) -> str:
        """A chat room; its id. It still has to be joined."""
        return await self._open(Kind.ROOM, self.client_id, (), extend, keep_history=keep_history)

    async def join(self, conv_id: str) -> None:
        """Enter a chat room, and again after each return, until `leave`."""
        await self._session.join(conv_id)

    async def leave(self, conv_id: str) -> None:
        """Leave a chat room."""
        await self._session.leave(conv_id)

    async def leave_group(self, conv_id: str) -> None:
        """Go out of a group, or a temporary conversation."""
        await self.remove_members(conv_id, [self.client_id])

    async def ask_time(self) -> int:
        """The server's time."""
        return cast("Pong", await self._ask("ping", {})).data.time

    async def _ask(self, type_: str, data: Mapping[str, Any]) -> ServerFrame:
        return await self._session.ask(type_, data)
