"""The examples are run, as their readers run them."""

import asyncio
import sys
from pathlib import Path

from cast import PATIENCE
from client.test_faults import texts
from gateway.watch import comes_true
from parlance.client import Client
from parlance.testing import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"


async def test_the_echo_bot(place: Sandbox, ada: str) -> None:
    """Whatever is said to it comes back, after a cut as well."""
    place.app("open", open_to_all=True)
    # Gone through here is what tells it with which messages it begins.
    begun = place.faults.delay(0, "sync", client="echo")
    program = await asyncio.create_subprocess_exec(sys.executable, str(EXAMPLES / "echo_bot.py"), place.url, "open")
    try:
        async with Client(place.url, "open", client_id=ada) as somebody, asyncio.timeout(2 * PATIENCE):
            await comes_true(lambda: bool(begun.hits), "it is there")
            assert {"echo": True} == await somebody.watch("echo")
            heard = somebody.messages()
            await somebody.send_to("echo", "hello")
            assert ["You said: hello"] == await texts(heard, 1)
            place.faults.disconnect("echo")
            await somebody.send_to("echo", "still there?")
            assert ["You said: still there?"] == await texts(heard, 1)
    finally:
        program.terminate()
        await program.wait()


def test_it_is_short() -> None:
    """Ten lines do it."""
    lines = (EXAMPLES / "echo_bot.py").read_text(encoding="utf-8").splitlines()
    assert 10 >= len([line for line in lines[1:] if line.strip()])
