"""A device as its maker should have built it: it remembers what it was told, sends again, and catches up.

It keeps to the recipe in wire: platform#sync. Everything it knows comes over its socket; nothing is looked up
behind the server's back.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from cast import PATIENCE, Person, Town

Row = dict[str, Any]


class LostError(Exception):
    """The connection went away in the middle of something."""


@dataclass
class Book:
    """What a device knows of a conversation."""

    rows: dict[int, Row] = field(default_factory=dict)
    """By sequence number."""
    last_seq: int = 0
    read_seq: int = 0
    unread: int = 0

    def take(self, row: Row) -> None:
        """Write down a message; of two that stand in one place, the one that was changed last."""
        known = self.rows.get(row["seq"])
        if known is not None:
            assert known["msg_id"] == row["msg_id"], "two messages in one place"
            if known.get("mtime", 0) > row.get("mtime", 0):
                return
        self.rows[row["seq"]] = row
        self.last_seq = max(self.last_seq, row["seq"])


class Device:
    """One device of one client."""

    def __init__(self, town: Town, person: Person, name: str) -> None:
        self.person = person
        self.name = name
        self.books: dict[str, Book] = {}
        self.unacknowledged: dict[str, Row] = {}
        """What was sent and not acknowledged, by its ref, in the order of sending."""
        self.acknowledged: dict[str, str] = {}
        """The message ids of refs."""
        self.unheard: set[str] = set()
        """Where the server has not yet been seen to know how far the device has read."""
        self._town = town
        self._since = 0
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._listening: asyncio.Future[None] | None = None
        self._asked: dict[str, asyncio.Future[Row]] = {}
        self._refs = 0

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as the device has noticed."""
        return self._ws is not None and not self._ws.closed

    async def arrive(self) -> None:
        """Connect, log in, and catch up: sync, fill the gaps, send again. Tries until it holds."""
        while True:
            try:
                await self._connect()
                await self._catch_up()
            except (LostError, aiohttp.ClientError, ConnectionError):
                await self.lose()
                continue
            return

    async def lose(self) -> None:
        """Lose the connection without a word; what was on its way is gone."""
        if self._ws is not None:
            connection = self._ws._response.connection
            if connection is not None and connection.transport is not None:
                connection.transport.abort()
        if self._listening is not None:
            await self._listening
        self._ws = self._listening = None

    def drop_from_afar(self) -> None:
        """The server's end of the connection breaks."""
        for connection in self._town.application.hub.clients(self._town.hall.app_id).get(self.person.client_id, ()):  # type: ignore[call-overload]
            if connection.device_id == self.name:
                connection.outbox._transport._transport.abort()

    async def send(self, conv_id: str, text: str, *, to_own_devices: bool) -> None:
        """Send a message, and leave it to the listener to hear that it was taken."""
        self._refs += 1
        ref = f"{self.person.client_id}-{self.name}-{self._refs}"
        data = {"conv_id": conv_id, "type": -1, "text": text, "ref": ref, "no_sync": int(to_own_devices)}
        self.unacknowledged[ref] = data
        await self._write("msg.send", data)

    async def read(self, conv_id: str) -> None:
        """Mark everything that is known as read."""
        book = self.books[conv_id]
        book.read_seq = max(book.read_seq, book.last_seq)
        await self._write("msg.read", {"conv_id": conv_id, "seq": book.last_seq})

    async def change(self, type_: str, row: Row, **data: Any) -> None:
        """Recall or edit a message."""
        await self._write(type_, {"conv_id": row["conv_id"], "msg_id": row["msg_id"], **data})

    async def settled(self) -> None:
        """Wait until everything that was sent on this connection has been dealt with."""
        await self._ask("ping")

    async def _connect(self) -> None:
        # Listening comes after the handshake, and before anything can be answered.
        self._ws = await self._town.session.ws_connect(f"{self._town.base}/im/socket")
        self._listening = asyncio.ensure_future(self._listen(self._ws))
        shown = {"app_id": self.person.app_id, "client_id": self.person.client_id, "token": self.person.token}
        answer = await self._ask("login", **shown, device_id=self.name)
        assert "login.success" == answer["type"], answer

    async def _catch_up(self) -> None:
        more = True
        while more:
            page = (await self._ask("sync", since=self._since, limit=2))["data"]
            for row in page["conversations"]:
                await self._look_into(row)
            self._since, more = page["time"], page["more"]
        for data in tuple(self.unacknowledged.values()):
            await self._write("msg.send", data)

    async def _look_into(self, row: Row) -> None:
        if row["left"]:
            self._forget(row["conv_id"])
            return
        book = self.books.setdefault(row["conv_id"], Book())
        # A recall does not show in the numbers: what is known already is read once more.
        after, more = 0, True
        while more:
            answer = await self._ask("msg.list", conv_id=row["conv_id"], after_seq=after, limit=30)
            if answer["type"] == "error":
                assert 4013 == answer["data"]["code"], answer
                return
            for message in answer["data"]["messages"]:
                book.take(message)
                after = message["seq"]
            more = answer["data"]["more"]
        self.unheard.discard(row["conv_id"])
        if book.read_seq > row["read_seq"]:
            # That was said on a line that was lost: nobody acknowledges it, so it is said until it shows.
            self.unheard.add(row["conv_id"])
            await self._write("msg.read", {"conv_id": row["conv_id"], "seq": book.read_seq})
        book.read_seq = max(book.read_seq, row["read_seq"])
        book.last_seq = max(book.last_seq, row["last_seq"])
        book.unread = row["unread"]

    async def _write(self, type_: str, data: Row) -> None:
        if self._ws is None or self._ws.closed:
            raise LostError
        with suppress(ConnectionError):
            await self._ws.send_str(msgspec.json.encode({"type": type_, "data": data}).decode())

    async def _ask(self, type_: str, **data: Any) -> Row:
        self._refs += 1
        ref = f"question-{self._refs}"
        answer: asyncio.Future[Row] = asyncio.get_running_loop().create_future()
        self._asked[ref] = answer
        try:
            await self._write(type_, {**data, "ref": ref})
        except LostError:
            answer.cancel()
            raise
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        async for message in ws:
            assert message.type is aiohttp.WSMsgType.TEXT
            self._hear(msgspec.json.decode(message.data))
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(LostError())
        self._asked.clear()

    def _hear(self, frame: Row) -> None:
        data = frame["data"]
        asked = self._asked.pop(data.get("ref") or "", None)
        if asked is not None:
            if not asked.done():
                asked.set_result(frame)
            return
        match frame["type"]:
            case "msg.sent":
                self._acknowledged(data)
            case "msg.new" | "msg.edited":
                self._book(data["conv_id"]).take(data)
            case "msg.recalled":
                row = self._book(data["conv_id"]).rows.get(data["seq"])
                if row is not None:
                    row.update(text=None, attr="null", url="null", msg_status=3, mtime=data["time"])
            case "msg.read" if data["client_id"] == self.person.client_id:
                book = self._book(data["conv_id"])
                book.read_seq = max(book.read_seq, data["seq"])
            case "conv.left" | "conv.deleted":
                self._forget(data["conv_id"])
            case "error":
                # Only changing what is not to be changed, and speaking while one is not in: that was perhaps taken
                # earlier, so it is not given up but sent again the next time.
                assert data["code"] in {4013, 4014}, frame

    def _acknowledged(self, receipt: Row) -> None:
        ref = receipt["ref"]
        known = self.acknowledged.setdefault(ref, receipt["msg_id"])
        assert known == receipt["msg_id"], "one ref, two messages"
        self.unacknowledged.pop(ref, None)
        book = self._book(receipt["conv_id"])
        book.last_seq = max(book.last_seq, receipt["seq"])
        book.read_seq = max(book.read_seq, receipt["seq"])

    def _forget(self, conv_id: str) -> None:
        self.books.pop(conv_id, None)
        self.unheard.discard(conv_id)

    def _book(self, conv_id: str) -> Book:
        return self.books.setdefault(conv_id, Book())
