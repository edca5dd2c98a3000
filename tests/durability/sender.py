"""A client that sends without pause, keeps what is not acknowledged, and sends it again (wire: platform#once)."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
import msgspec

from durability.server_process import APP

AT_ONCE = 25
"""Messages on their way at the same time."""


@dataclass(frozen=True)
class Receipt:
    """What a server has promised to keep."""

    conv_id: str
    msg_id: str
    seq: int


class Sender:
    """One client, over many connections."""

    def __init__(self, client_id: str, places: list[str]) -> None:
        self.client_id = client_id
        self.receipts: dict[str, Receipt] = {}
        """By ref: what was acknowledged."""
        self.waiting: dict[str, dict[str, Any]] = {}
        """By ref: what was sent and not acknowledged."""
        self.refused: list[dict[str, Any]] = []
        """Errors that came instead of an acknowledgement."""
        self.goodbye: dict[str, Any] | None = None
        self.close_code: int | None = None
        self.put_off: int | None = None
        """Seconds after which a login that could not be decided may be tried again."""
        self.sent = 0
        self._in = False
        self._places = places
        self._numbers = count(1)

    async def talk(self, base: str, most: int | None = None) -> None:
        """Send again what waits, and then new messages (`most`, or without end), until the connection is gone.

        Who is told at the door to come again a moment later does so (wire: platform#closing).
        """
        self.put_off = 0
        async with aiohttp.ClientSession() as session:
            with suppress(aiohttp.ClientError, ConnectionError):
                while self.put_off is not None:
                    await asyncio.sleep(self.put_off)
                    self.goodbye = self.close_code = self.put_off = None
                    self._in = False
                    async with session.ws_connect(f"{base}/im/socket") as ws:
                        await self._talk(ws, most)

    async def _talk(self, ws: aiohttp.ClientWebSocketResponse, most: int | None) -> None:
        login = {"app_id": APP, "client_id": self.client_id, "device_id": "phone"}
        await ws.send_json({"type": "login", "data": login})
        # No more at a time than what it hears of while it sends: who does not listen is cut off.
        again = deque(self.waiting.values())
        begun = 0
        while not ws.closed:
            while again and len(self.waiting) - len(again) < AT_ONCE:
                await self._send(ws, again.popleft())
            while len(self.waiting) < AT_ONCE and (most is None or begun < most):
                begun += 1
                await self._send(ws, self._new())
            if not self.waiting and begun == most:
                return
            message = await ws.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                self._hear(msgspec.json.decode(message.data))
            elif message.type is aiohttp.WSMsgType.CLOSE:
                self.close_code = message.data

    def _new(self) -> dict[str, Any]:
        number = next(self._numbers)
        ref = f"{self.client_id}-{number}"
        data = {"conv_id": self._places[number % len(self._places)], "type": -1, "text": ref, "ref": ref}
        self.waiting[ref] = data
        return data

    async def _send(self, ws: aiohttp.ClientWebSocketResponse, data: dict[str, Any]) -> None:
        self.sent += 1
        with suppress(ConnectionError):
            await ws.send_str(msgspec.json.encode({"type": "msg.send", "data": data}).decode())

    def _hear(self, frame: dict[str, Any]) -> None:
        data = frame["data"]
        match frame["type"]:
            case "msg.sent":
                receipt = Receipt(data["conv_id"], data["msg_id"], data["seq"])
                assert receipt == self.receipts.setdefault(data["ref"], receipt)
                self.waiting.pop(data["ref"], None)
            case "login.success":
                self._in = True
            case "server.going_away" if not self._in:
                self.put_off = data["retry_after"]
            case "server.going_away":
                self.goodbye = data
            case "error":
                self.refused.append(data)
                self.waiting.pop(data["ref"], None)


async def talk_together(senders: list[Sender], base: str, most: int | None = None) -> None:
    """All of them at once."""
    await asyncio.gather(*(sender.talk(base, most) for sender in senders))
