"""A client's stay at a server: the line, the book, and what has to be said again on each new connection."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from parlance.client.book import Book
from parlance.client.drafts import said
from parlance.client.errors import Closed, ParlanceError, Refused, Unreachable
from parlance.client.inbox import Inbox
from parlance.client.line import Line
from parlance.client.model import Disconnected, Message, Presence, message_in
from parlance.client.requests import Request, Requests
from parlance.client.tasks import Tasks
from parlance.protocols.platform import payloads
from parlance.protocols.platform.payloads import ServerFrame


class Session:
    """Implements `line.Listener`. `me` is the client's own id."""

    def __init__(self, me: str, inbox: Inbox, book: Book, requests: Requests) -> None:
        self._me = me
        self._inbox = inbox
        self._book = book
        self._requests = requests
        self._tasks = Tasks()
        self._line: Line | None = None
        self._caught_up = asyncio.Event()
        self._rooms: dict[str, None] = {}
        self._watched: list[str] = []
        self._marks: dict[str, int] = {}
        self._failure: ParlanceError | None = None

    @property
    def up(self) -> bool:
        """Whether there is a connection just now."""
        return self._line is not None and self._line.up

    async def begin(self, line: Line, patience: float) -> None:
        """Come in, and know what there is. Raises what the server says against it, or Unreachable."""
        self._line = line
        self._tasks.start(self._stay(line))
        self._tasks.start(self._book.fill())
        try:
            async with asyncio.timeout(patience):
                await self._caught_up.wait()
        except TimeoutError:
            raise Unreachable(line.why_not or "the server did not let this client in in time") from None
        if self._failure is not None:
            raise self._failure

    async def end(self) -> None:
        """Log out; whoever waits is told that this is over."""
        if self._line is not None:
            await self._line.close()
        self._over(None)
        await self._tasks.stop()

    async def ask(self, type_: str, data: Mapping[str, Any]) -> ServerFrame:
        """Ask the server for something, on however many connections that takes."""
        if self._line is None or self._failure is not None:
            raise self._failure or Closed("the client is not connected: use `async with`")
        return await self._line.ask(type_, data)

    async def mark_read(self, conv_id: str, seq: int) -> None:
        """Move the read mark forward."""
        if self._line is not None and seq > self._marks.get(conv_id, 0):
            self._marks[conv_id] = seq
            await self._line.tell("msg.read", {"conv_id": conv_id, "seq": seq})

    async def show_typing(self, conv_id: str) -> None:
        """Say that one is writing."""
        if self._line is not None:
            await self._line.tell("typing", {"conv_id": conv_id})

    async def watch(self, client_ids: list[str]) -> dict[str, bool]:
        """Watch who comes and goes."""
        self._watched = client_ids
        return cast("payloads.PresenceShown", await self.ask("presence", {"client_ids": client_ids})).data.clients

    async def join(self, conv_id: str) -> None:
        """Enter a room."""
        await self.ask("conv.join", {"conv_id": conv_id})
        self._rooms[conv_id] = None

    async def leave(self, conv_id: str) -> None:
        """Leave a room."""
        self._rooms.pop(conv_id, None)
        await self.ask("conv.leave", {"conv_id": conv_id})

    # What the line tells

    def hear(self, heard: ServerFrame, request: Request | None) -> None:
        """See `Listener.hear`."""
        if request is None:
            self._book.hear(heard)
        elif isinstance(heard, payloads.MsgSent):
            self._book.own(self.said(request.data, heard))
        elif isinstance(heard, payloads.MsgEdited):
            self._book.revised(message_in(heard.data))
        elif isinstance(heard, payloads.MsgRecalled):
            self._book.hear(heard)

    async def arrived(self) -> None:
        """See `Listener.arrived`."""
        for conv_id, seq in self._marks.items():
            await self._tell("msg.read", {"conv_id": conv_id, "seq": seq})
        for conv_id in tuple(self._rooms):
            await self._join_again(conv_id)
        await self._book.catch_up()
        if self._watched:
            self._inbox.put(Presence(await self.watch(self._watched)))
        self._caught_up.set()

    def lost(self, reason: str, retry_in: float) -> None:
        """See `Listener.lost`."""
        if self._caught_up.is_set():
            self._inbox.put(Disconnected(reason, retry_in))

    def tick(self) -> None:
        """See `Listener.tick`."""
        self._book.look_again()

    def said(self, data: Mapping[str, Any], sent: payloads.MsgSent) -> Message:
        """What this client has said, now that it was taken."""
        return said(self._me, data, sent.data)

    async def _join_again(self, conv_id: str) -> None:
        try:
            await self.ask("conv.join", {"conv_id": conv_id})
        except Refused:
            # It is gone, or not for this client any more.
            self._rooms.pop(conv_id, None)
        else:
            self._book.fill_again(conv_id)

    async def _tell(self, type_: str, data: Mapping[str, Any]) -> None:
        if self._line is not None:
            await self._line.tell(type_, data)

    async def _stay(self, line: Line) -> None:
        failure: ParlanceError | None = None
        try:
            failure = await line.run()
        except ParlanceError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            failure = ParlanceError(f"{type(error).__name__}: {error}")
            failure.__cause__ = error
        self._over(failure)

    def _over(self, failure: ParlanceError | None) -> None:
        self._failure = self._failure or failure
        self._requests.end(failure or Closed("the client was closed"))
        self._inbox.end(failure)
        self._caught_up.set()
