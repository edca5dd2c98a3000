"""A bot that says everything back."""

import asyncio
import sys

from parlance.client import Client


async def main(url: str = "http://127.0.0.1:8000", app: str = "666666") -> None:
    async with Client(url, app, client_id="echo", nickname="Echo") as me:
        async for message in me.messages():
            await me.send(message.conv_id, f"You said: {message.text}")


asyncio.run(main(*sys.argv[1:]))
