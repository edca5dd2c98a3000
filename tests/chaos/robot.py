"""The app's own backend: it says things over REST, on any server, and says them again until it is answered."""

import asyncio
from collections.abc import Sequence
from itertools import count
from random import Random  # noqa: TID251 - every choice follows from the seed
from typing import Any

import aiohttp

from chaos.books import Receipt
from chaos.stage import Node
from durability.server_process import APP, KEY

PACE = 0.5
PATIENCE = aiohttp.ClientTimeout(total=8)
AWAY = 503


class Robot:
    """Speaks in one conversation, in the name of one of its members."""

    def __init__(self, conv_id: str, speaker: str, chance: Random) -> None:
        self.receipts: list[Receipt] = []
        self.complaints: list[str] = []
        self.refusals = 0
        self.missed = 0
        """How often nobody was there, or nobody answered."""
        self.talking = True
        self.settled = False
        self._conv_id = conv_id
        self._speaker = speaker
        self._chance = chance

    async def live(self, session: aiohttp.ClientSession, nodes: Sequence[Node]) -> None:
        """Say one thing after the other, until it is told to be silent."""
        for number in count(1):
            if not self.talking:
                self.settled = True
                return
            ref = f"robot/{self._speaker} {number}"
            while not await self._said(session, self._chance.choice(nodes).address, ref):
                continue
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * PACE)

    async def _said(self, session: aiohttp.ClientSession, address: str, ref: str) -> bool:
        url = f"{address}/im/conversations/{self._conv_id}/message"
        message = {"from_client": self._speaker, "type": -1, "text": ref, "ref": ref, "no_sync": 1}
        headers = {"app-id": APP, "app-key": KEY}
        try:
            async with session.post(url, json=message, headers=headers, timeout=PATIENCE) as answer:
                if self._taken(ref, answer.status, await answer.json()):
                    return True
        except (aiohttp.ClientError, OSError, TimeoutError):
            self.missed += 1
        await asyncio.sleep(self._chance.uniform(0.1, 0.4))
        return False

    def _taken(self, ref: str, status: int, answer: dict[str, Any]) -> bool:
        if answer["code"] == 0:
            self.receipts.append(Receipt(self._conv_id, ref, answer["data"]["msg_id"], None))
            return True
        self.refusals += 1
        if status != AWAY:
            self.complaints.append(f"robot: {ref} was refused with {status}: {answer}")
        return False
