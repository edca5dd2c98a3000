"""The pieces of Python on the client's page do what they say, one after another, at a real server."""

import ast
import asyncio
import inspect
from contextlib import AsyncExitStack
from typing import Any

import parlance.client
from cast import PATIENCE
from docs.blocks import blocks
from docs.terminal import ROOT
from parlance.testing import Sandbox, sandbox

LISTENS = ("me.messages()", "me.events()")
"""What comes to no end by itself."""
LONG_ENOUGH = 0.2


async def test_the_pieces_of_the_clients_page() -> None:
    """Each is run; what listens hears something, and is then interrupted."""
    pieces = [block for block in blocks(ROOT / "docs/client.md") if block.language == "python" and not block.file]
    with sandbox() as place:
        async with AsyncExitStack() as stack:
            me = await stack.enter_async_context(place.client("me"))
            ben = await stack.enter_async_context(place.client("ben"))
            conv_id = place.group("me", "ben")
            words = vars(parlance.client) | surroundings(place) | {"me": me, "conv_id": conv_id}
            for piece in pieces:
                listening = any(each in piece.text for each in LISTENS)
                if listening:
                    await ben.send(conv_id, "something")
                await run(piece.text, words, LONG_ENOUGH if listening else PATIENCE, interrupted=listening)
                words["me"] = me
            assert pieces


def surroundings(place: Sandbox) -> dict[str, Any]:
    """What the page takes for granted."""
    for name in ("cy", "dora"):
        place.user(name)

    async def ask_my_backend(client_id: str) -> str:
        return place.token(client_id)

    return {
        "url": place.url,
        "another_url": "http://127.0.0.1:9",
        "app_id": place.app_id,
        "key": place.key,
        "token": place.token("ada"),
        "ask_my_backend": ask_my_backend,
    }


async def run(text: str, words: dict[str, Any], seconds: float, *, interrupted: bool) -> None:
    """Run a piece of a page, which may await."""
    code = compile(text, "docs/client.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waiting = eval(code, words)  # noqa: S307 - our own page
    try:
        async with asyncio.timeout(seconds):
            if inspect.isawaitable(waiting):
                await waiting
    except TimeoutError:
        assert interrupted, text
