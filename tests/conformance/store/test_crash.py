"""A process that is killed: what was acknowledged is there."""

import asyncio
import sys
from pathlib import Path

import pytest

import parlance
from conformance.store.stage import HALL, PATIENCE, Stage
from parlance.core.model.message import Message

TALKER = """
import asyncio, os, sys
from pathlib import Path
from conformance.store.stage import ADA, BEN, HALL, Stage
from parlance.core.ports.appender import Append
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import SystemIds

async def main():
    stage = Stage(sys.argv[1] if "://" in sys.argv[1] else Path(sys.argv[1]))
    stage.clock = SystemClock()
    stage.ids = SystemIds(stage.clock)
    await stage.open()
    await stage.app()
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA, BEN], stage.clock.now())
    groups = [await stage.group(ADA, BEN) for _ in range(5)]

    def said(message, fault):
        assert fault is None
        os.write(1, f"{message.conversation} {message.seq} {message.id} {message.ref}\\n".encode())

    for number in range(10**9):
        stage.store.appender.append(Append(stage.said(groups[number % 5], ref=f"r{number}"), said))
        if number % 20 == 0:
            await asyncio.sleep(0)
            while stage.store.appender.waiting > 200:
                await asyncio.sleep(0.001)

asyncio.run(main())
"""
TESTS = Path(__file__).parents[2]
SOURCE = Path(parlance.__file__).parents[1]


async def acknowledged_until_killed(stage: Stage, lines: int) -> list[tuple[int, int, int, str]]:
    """Run the talker, kill it after so many acknowledgements, and answer all that it got out."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        TALKER,
        str(stage.place),
        env={"PYTHONPATH": f"{SOURCE}:{TESTS}"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    heard = [await asyncio.wait_for(child.stdout.readline(), PATIENCE * 3) for _ in range(lines)]
    child.kill()
    heard += (await asyncio.wait_for(child.stdout.read(), PATIENCE)).splitlines(keepends=True)
    await child.wait()
    whole = [line.split() for line in heard if line.endswith(b"\n")]
    return [(int(group), int(seq), int(number), ref.decode()) for group, seq, number, ref in whole]


async def stored_by_number(stage: Stage) -> dict[int, Message]:
    """Everything that is stored, each conversation of it without a gap."""
    stored = {}
    for conversation in await stage.store.read.conversations.matching(HALL, [], stage.clock.now(), None):
        messages = await stage.store.read.messages.after(conversation.id, 0, 1_000_000)
        assert list(range(1, len(messages) + 1)) == [message.seq for message in messages]
        stored.update({message.id: message for message in messages})
    return stored


@pytest.mark.parametrize("lines", [1, 500, 2_000])
async def test_what_was_acknowledged_is_there(stage: Stage, lines: int) -> None:
    """Each under its number, in a sequence without gaps; and the store agrees with itself."""
    await stage.store.close()
    acknowledged = await acknowledged_until_killed(stage, lines)
    await stage.open()
    stored = await stored_by_number(stage)
    for group, seq, number, ref in acknowledged:
        message = stored[number]
        assert (group, seq, ref) == (message.conversation, message.seq, message.ref)
    assert [] == await stage.verify()
