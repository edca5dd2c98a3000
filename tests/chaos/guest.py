"""Somebody with an app of LeanCloud's: the same life as a `Person`'s, in LeanCloud's words (wire: leancloud).

Messages bear no numbers there, but ids and times, which grow with the sequence. What was missed is read from
`logs`, from the last time that is known; what was not acknowledged is sent again with the same `dt`.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random  # noqa: TID251 - every choice follows from the seed
from typing import Any

import aiohttp

from chaos.books import Receipt
from chaos.person import AGAIN, PATIENCE, Place, Words
from chaos.stage import Node
from durability.server_process import APP
from gateway.leancloud.clients import ALL, BINARY
from parlance.protocols.leancloud.generated import messages_pb2 as pb

PAGE = 100
NOT_NOW = "SEND_MESSAGE_TIMEOUT"


@dataclass
class Guest:
    """A client on one device."""

    name: str
    places: Sequence[Place]
    chance: Random
    pace: float
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    """Of each conversation: the messages' ids, and when they were stored."""
    receipts: list[Receipt] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    logins: int = 0
    refusals: int = 0
    talking: bool = True

    def __post_init__(self) -> None:
        self.ids = {place.conv_id: {} for place in self.places}
        self._waiting: dict[str, Words] = {}
        self._numbers = count(1)
        self._serials = count(1)
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._asked: dict[int, tuple[str, float]] = {}
        """What was asked about which conversation, and when, by serial."""
        self._told: dict[str, int] = {}
        """The latest time that was pushed on this connection, by conversation."""
        self._caught_up: set[str] = set()
        """The conversations that were read to their end on this connection."""
        self._known: dict[str, int] = {}
        """Up to when nothing is missing, by conversation."""

    @property
    def settled(self) -> bool:
        """Whether it is in, has been told everything it asked for, and has nothing left to say."""
        return self._ws is not None and not (self._asked or self._waiting)

    async def live(self, session: aiohttp.ClientSession, nodes: Sequence[Node]) -> None:
        """Be on some server or other, until cancelled."""
        while True:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                await self._visit(session, self.chance.choice(nodes).address)
            for forgotten in (self._asked, self._told, self._caught_up):
                forgotten.clear()
            await asyncio.sleep(self.chance.uniform(0.02, 0.4))

    async def talk(self) -> None:
        """Say something every now and then, until cancelled; give up a server that does not answer."""
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.pace)
            asked = [at for _, at in self._asked.values()]
            if self._ws is not None and asked and self._now() - min(asked) > PATIENCE:
                await self._ws.close()
            free = [place for place in self.places if place.conv_id not in self._waiting]
            if self.talking and self._ws is not None and free:
                place = self.chance.choice(free)
                self._waiting[place.conv_id] = words = Words(f"{self.name}/lean {next(self._numbers)}", place)
                await self._say(self._ws, words)

    async def _visit(self, session: aiohttp.ClientSession, address: str) -> None:
        async with asyncio.timeout(PATIENCE):
            ws = await session.ws_connect(f"{address}/", protocols=(BINARY,), max_msg_size=0)
        try:
            opening = pb.SessionCommand(ua="js/5.0.0-rc.8", configBitmap=ALL)
            await self._ask(ws, "", pb.session, pb.open, sessionMessage=opening)
            async for message in ws:
                if message.type is aiohttp.WSMsgType.BINARY:
                    await self._hear(ws, pb.GenericCommand.FromString(message.data))
        finally:
            self._ws = None
            await ws.close()

    async def _hear(self, ws: aiohttp.ClientWebSocketResponse, frame: pb.GenericCommand) -> None:
        conv_id, _ = self._asked.pop(frame.i, ("", 0)) if frame.HasField("i") else ("", 0)
        if frame.cmd == pb.session and frame.op == pb.opened:
            self._ws = ws
            self.logins += 1
            for place in self.places:
                await self._catch_up(ws, place.conv_id)
            for words in self._waiting.values():
                await self._say(ws, words)
        elif frame.cmd == pb.direct:
            self._pushed(frame.directMessage)
        elif frame.cmd == pb.logs:
            await self._logged(ws, conv_id, frame.logsMessage)
        elif frame.cmd == pb.ack:
            await self._answered(ws, conv_id, frame.ackMessage)
        elif frame.cmd == pb.error or (frame.cmd == pb.session and frame.op == pb.closed):
            # Whatever could not be looked up now is looked up by coming again.
            self.refusals += 1
            await ws.close()

    def _pushed(self, message: pb.DirectCommand) -> None:
        ids, told = self.ids[message.cid], self._told.get(message.cid, 0)
        if message.id not in ids and message.timestamp < told:
            self.complaints.append(f"in {message.cid}: {message.id} came after what was said later")
        ids[message.id] = message.timestamp
        self._told[message.cid] = max(told, message.timestamp)
        self._take_note(message.cid)

    def _take_note(self, conv_id: str) -> None:
        """What is pushed comes in order: once all before it is read, nothing is missing up to there."""
        if conv_id in self._caught_up:
            self._known[conv_id] = max(self._known.get(conv_id, 0), self._told.get(conv_id, 0))

    async def _logged(self, ws: aiohttp.ClientWebSocketResponse, conv_id: str, answer: pb.LogsCommand) -> None:
        for item in answer.logs:
            self.ids[conv_id][item.msgId] = item.timestamp
            self._known[conv_id] = max(self._known.get(conv_id, 0), item.timestamp)
        if len(answer.logs) == PAGE:
            await self._catch_up(ws, conv_id)
        else:
            self._caught_up.add(conv_id)
            self._take_note(conv_id)

    async def _answered(self, ws: aiohttp.ClientWebSocketResponse, conv_id: str, answer: pb.AckCommand) -> None:
        words = self._waiting.get(conv_id)
        if words is None:
            return
        if answer.uid and not answer.code:
            self.ids[conv_id][answer.uid] = answer.t
            self.receipts.append(Receipt(conv_id, words.ref, answer.uid, None))
            del self._waiting[conv_id]
            return
        self.refusals += 1
        if answer.reason != NOT_NOW:
            self.complaints.append(f"refused {words.ref}: {answer.code} {answer.reason}")
        await asyncio.sleep(AGAIN)
        await self._say(ws, words)

    async def _say(self, ws: aiohttp.ClientWebSocketResponse, words: Words) -> None:
        text = json.dumps({"_lctype": -1, "_lctext": words.ref})
        direct = pb.DirectCommand(cid=words.place.conv_id, msg=text, dt=words.ref)
        await self._ask(ws, words.place.conv_id, pb.direct, None, directMessage=direct)

    async def _catch_up(self, ws: aiohttp.ClientWebSocketResponse, conv_id: str) -> None:
        """Read on from where nothing is missing."""
        start = self._known.get(conv_id, 0)
        asked = pb.LogsCommand(cid=conv_id, t=start, l=PAGE, direction=pb.LogsCommand.NEW)
        await self._ask(ws, conv_id, pb.logs, None, logsMessage=asked)

    async def _ask(
        self,
        ws: aiohttp.ClientWebSocketResponse,
        about: str,
        cmd: pb.CommandType,
        op: pb.OpType | None,
        **body: Any,
    ) -> None:
        serial = next(self._serials)
        self._asked[serial] = about, self._now()
        frame = pb.GenericCommand(cmd=cmd, op=op, appId=APP, peerId=self.name, i=serial, **body)
        with suppress(ConnectionError):
            await ws.send_bytes(frame.SerializeToString())

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
