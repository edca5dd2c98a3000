"""Somebody who talks, listens, reads, loses connections, comes back to any server, and forgets nothing.

It follows the recipe that the platform's document gives to clients, and no more: after a login it asks for what changed
(wire: platform#sync), and sends again, under its old `ref`, what was never acknowledged. What a server should have told
it meanwhile it asks for only when it has been missing for long, and remarks that.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random  # noqa: TID251 - every choice follows from the seed
from typing import Any

import aiohttp
import msgspec

from chaos.books import Book, Receipt
from chaos.stage import Node
from durability.server_process import APP

PATIENCE = 5.0
"""Seconds without an answer after which a person tries another server."""
RECENT = 12.0
"""Seconds for which a message may be on its way: servers give up a silent one after five, and then look for more."""
AGAIN = 0.3
"""Seconds after which what was refused for now is tried again."""
UNAVAILABLE = 1


@dataclass(frozen=True)
class Place:
    """A conversation, and with whom it is if it is with one."""

    conv_id: str
    kind: str
    other: str | None = None


@dataclass
class Words:
    """A message on its way."""

    ref: str
    place: Place
    sent_at: float = 0.0


@dataclass
class Person:
    """A client on one device. Those of one client share `marks`."""

    name: str
    device: str
    places: Sequence[Place]
    chance: Random
    pace: float | None
    """Seconds between two messages, on average; None: only listens."""
    marks: dict[str, int] = field(default_factory=dict)
    """How far the client has said that it has read, or must have by speaking."""
    books: dict[str, Book] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What came late, or only because it was asked for."""
    logins: int = 0
    refusals: int = 0
    talking: bool = True

    def __post_init__(self) -> None:
        self.books = {place.conv_id: Book() for place in self.places}
        self._waiting: dict[str, Words] = {}
        """What was said and not acknowledged, by conversation: one at a time, so that its order is known."""
        self._numbers = count(1)
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._synced_at = 0
        self._behind: dict[str, None] = {}
        """Of which conversations something is still to be read, however many connections that takes."""
        self._asked: dict[str, float] = {}
        """When questions were put that have not been answered."""
        self._inbox: asyncio.Future[dict[str, tuple[int, int, int]]] | None = None
        self._holes: dict[str, tuple[int, float]] = {}
        """The first number that is missing, and since when, by conversation."""

    # Coming and going

    async def live(self, session: aiohttp.ClientSession, nodes: Sequence[Node]) -> None:
        """Be on some server or other, until cancelled."""
        while True:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                await self._visit(session, self.chance.choice(nodes).address)
            self._lost()
            await asyncio.sleep(self.chance.uniform(0.02, 0.4))

    @property
    def settled(self) -> bool:
        """Whether it is in, has been told everything it asked for, and has nothing left to say."""
        return self._ws is not None and self.logins > 0 and not (self._asked or self._waiting)

    async def _visit(self, session: aiohttp.ClientSession, address: str) -> None:
        async with asyncio.timeout(PATIENCE):
            ws = await session.ws_connect(f"{address}/im/socket", max_msg_size=0)
        try:
            login = {"app_id": APP, "client_id": self.name, "device_id": self.device}
            self._asked = {"login": self._now()}
            await _send(ws, "login", login)
            async for message in ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._hear(ws, msgspec.json.decode(message.data))
        finally:
            self._ws = None
            await ws.close()

    def _lost(self) -> None:
        """The connection is gone, and with it what was asked."""
        self._holes.clear()
        self._asked.clear()
        for book in self.books.values():
            book.told = 0

    # Talking

    async def talk(self) -> None:
        """Say something every now and then, until cancelled; give up a server that does not answer."""
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * (self.pace or 1.0))
            await self._ask_for_holes()
            await self._give_up_the_silent()
            free = [place for place in self.places if place.conv_id not in self._waiting]
            if self.talking and self.pace and self._ws is not None and free:
                place = self.chance.choice(free)
                words = Words(f"{self.name}/{self.device} {next(self._numbers)}", place)
                self._waiting[place.conv_id] = words
                await self._say(self._ws, words)

    async def _say(self, ws: aiohttp.ClientWebSocketResponse, words: Words) -> None:
        words.sent_at = self._now()
        where = {"to_client_id": words.place.other} if words.place.other else {"conv_id": words.place.conv_id}
        await _send(ws, "msg.send", {**where, "type": -1, "text": words.ref, "ref": words.ref, "no_sync": 1})

    async def _say_again(self, ref: str) -> None:
        await asyncio.sleep(AGAIN)
        for words in self._waiting.values():
            if words.ref == ref and self._ws is not None:
                await self._say(self._ws, words)

    async def _give_up_the_silent(self) -> None:
        asked = [*self._asked.values(), *(words.sent_at for words in self._waiting.values())]
        if self._ws is not None and asked and self._now() - min(asked) > PATIENCE:
            await self._ws.close()

    # Listening

    async def _hear(self, ws: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        data = frame.get("data") or {}
        match frame["type"]:
            case "login.success":
                self.logins += 1
                self._ws = ws
                del self._asked["login"]
                await self._ask(ws, "sync", {"since": self._synced_at})
                for words in self._waiting.values():
                    await self._say(ws, words)
            case "sync" if data["ref"] == "inbox":
                self._counted(data)
            case "sync":
                await self._synced(ws, data)
            case "msg.list":
                await self._listed(ws, data)
            case "msg.new":
                await self._pushed(data)
            case "msg.sent":
                self._promised(data)
            case "error":
                await self._refused(ws, data, frame["msg"])

    async def _pushed(self, row: dict[str, Any]) -> None:
        book = self.books[row["conv_id"]]
        if wrong := book.pushed(row["seq"], sys.intern(row["msg_id"])):
            self.remarks.append(f"in {row['conv_id']}: {wrong}")
        self._mark_own(row)
        if self.chance.random() < 0.02:
            await self.read(row["conv_id"], book.height)

    async def _synced(self, ws: aiohttp.ClientWebSocketResponse, data: dict[str, Any]) -> None:
        self._asked.pop("sync", None)
        for row in data["conversations"]:
            book = self.books.get(row["conv_id"])
            if book is not None and row["last_seq"] > book.height:
                self._behind[row["conv_id"]] = None
        self._synced_at = data["time"]
        for conv_id in tuple(self._behind):
            if f"msg.list {conv_id}" not in self._asked:
                await self._catch_up(ws, conv_id)
        if data["more"]:
            await self._ask(ws, "sync", {"since": self._synced_at})

    async def _listed(self, ws: aiohttp.ClientWebSocketResponse, data: dict[str, Any]) -> None:
        conv_id = data["conv_id"]
        self._asked.pop(f"msg.list {conv_id}", None)
        for row in data["messages"]:
            self._note(conv_id, self.books[conv_id].write(row["seq"], sys.intern(row["msg_id"])))
            self._mark_own(row)
        if data["more"]:
            await self._catch_up(ws, conv_id)
        else:
            self._behind.pop(conv_id, None)

    def _promised(self, data: dict[str, Any]) -> None:
        conv_id, seq = data["conv_id"], data["seq"]
        words = self._waiting.get(conv_id)
        self._note(conv_id, self.books[conv_id].write(seq, sys.intern(data["msg_id"])))
        self.marks[conv_id] = max(self.marks.get(conv_id, 0), seq)
        self.receipts.append(Receipt(conv_id, data["ref"], data["msg_id"], seq))
        if words is not None and words.ref == data["ref"]:
            del self._waiting[conv_id]

    async def _refused(self, ws: aiohttp.ClientWebSocketResponse, data: dict[str, Any], why: str) -> None:
        """Only one refusal is in order: not now, and then with the word when to try again."""
        self.refusals += 1
        ref = data["ref"]
        if data["code"] != UNAVAILABLE or not data.get("retry_after"):
            self.complaints.append(f"refused {ref}: {data['code']} {why}")
        if ref in self._asked:
            # A question that came to nothing is put again by coming again.
            await ws.close()
        elif ref is not None:
            asyncio.ensure_future(self._say_again(ref)).add_done_callback(_forgive)

    # Asking

    async def read(self, conv_id: str, seq: int) -> None:
        """Say that everything up to there has been read."""
        if seq > self.marks.get(conv_id, 0):
            self.marks[conv_id] = seq
            await self.read_again(conv_id)

    async def read_again(self, conv_id: str) -> None:
        """Say once more how far one has read: it was not answered, and may have been lost, or refused."""
        if self._ws is not None and conv_id in self.marks:
            await _send(self._ws, "msg.read", {"conv_id": conv_id, "seq": self.marks[conv_id]})

    async def inbox(self) -> dict[str, tuple[int, int, int]]:
        """What the server counts: the last number, the read mark and what is unread, by conversation."""
        if self._ws is None:
            return {}
        self._inbox = asyncio.get_running_loop().create_future()
        await _send(self._ws, "sync", {"since": 0, "limit": 100, "ref": "inbox"})
        return await self._inbox

    def _counted(self, data: dict[str, Any]) -> None:
        rows = {row["conv_id"]: (row["last_seq"], row["read_seq"], row["unread"]) for row in data["conversations"]}
        if self._inbox is not None and not self._inbox.done():
            self._inbox.set_result(rows)

    def _mark_own(self, row: dict[str, Any]) -> None:
        """Who speaks has read: from whatever device, or through the app's backend."""
        if row["from_client"] == self.name:
            self.marks[row["conv_id"]] = max(self.marks.get(row["conv_id"], 0), row["seq"])

    async def _catch_up(self, ws: aiohttp.ClientWebSocketResponse, conv_id: str) -> None:
        after = self.books[conv_id].height
        await self._ask(ws, "msg.list", {"conv_id": conv_id, "after_seq": after, "limit": 100}, f"msg.list {conv_id}")

    async def _ask(
        self, ws: aiohttp.ClientWebSocketResponse, type_: str, data: dict[str, Any], ref: str | None = None
    ) -> None:
        self._asked[ref or type_] = self._now()
        await _send(ws, type_, {**data, "ref": ref or type_})

    # What is wrong

    async def _ask_for_holes(self) -> None:
        """Ask for what others were told long ago and this one was not, though it was there (wire: platform#order)."""
        if self._asked or self._ws is None:
            return
        for conv_id, book in self.books.items():
            first, since = self._holes.get(conv_id, (0, 0.0))
            if book.whole:
                self._holes.pop(conv_id, None)
            elif first != book.height + 1:
                self._holes[conv_id] = book.height + 1, self._now()
            elif self._now() - since > RECENT:
                self.remarks.append(f"in {conv_id}: online, and never told {book.missing()}")
                await self._catch_up(self._ws, conv_id)
                return

    def _note(self, conv_id: str, wrong: str) -> None:
        if wrong:
            self.complaints.append(f"in {conv_id}: {wrong}")

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _send(ws: aiohttp.ClientWebSocketResponse, type_: str, data: dict[str, Any]) -> None:
    with suppress(ConnectionError):
        await ws.send_str(msgspec.json.encode({"type": type_, "data": data}).decode())


def _forgive(task: asyncio.Future[None]) -> None:
    """A connection that was lost meanwhile is no fault of whoever wanted to speak on it."""
    if not task.cancelled():
        task.exception()
