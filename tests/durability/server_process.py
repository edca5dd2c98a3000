"""`parlance serve` in a process of its own, that can be killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import databases
from parlance.app.assemble import opened
from parlance.app.config import Config
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Message
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId, ConvId

PROGRAM = (sys.executable, "-c", "from parlance.cli.main import main; main()")
STARTS_WITHIN = 120.0
ENDS_WITHIN = 30.0
APP = "yard"
KEY = "key-of-the-yard"


class ServerProcess:
    """A server, and what it has said."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.log: list[dict[str, Any]] = []
        self.port = 0
        self._listening = asyncio.Event()
        self._reading = asyncio.ensure_future(self._read())

    @property
    def base(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def kill(self) -> None:
        """Kill it, as a machine that runs out of memory would: no time for last words."""
        self.process.kill()
        await self._ended()

    def ask_to_end(self) -> None:
        """What a supervisor does."""
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait for its end, within the time that it has for that; its exit code."""
        async with asyncio.timeout(ENDS_WITHIN):
            return await self._ended()

    async def listening(self) -> None:
        """Wait until it listens."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STARTS_WITHIN):
                await self._listening.wait()
        assert self.port, self.log

    async def _ended(self) -> int:
        code = await self.process.wait()
        await self._reading
        return code

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            entry: dict[str, Any] = json.loads(line) if line.startswith(b"{") else {"event": line.decode()}
            self.log.append(entry)
            if entry["event"] == "listening":
                self.port = entry["port"]
                self._listening.set()
        self._listening.set()


@asynccontextmanager
async def serving(data: Path, *flags: str, **variables: str) -> AsyncIterator[ServerProcess]:
    """A server on a data folder, killed at the end if it is still there."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM,
        *("serve", "--port", "0", "--data", str(data), *flags),
        env=_environment(
            PARLANCE_LIMITS_SENDS_PER_SECOND="0", PARLANCE_LIMITS_BURST="0", **databases.variables(data), **variables
        ),
        stdout=DEVNULL,
        stderr=PIPE,
    )
    server = ServerProcess(process)
    try:
        await server.listening()
        yield server
    finally:
        if process.returncode is None:
            await server.kill()


async def told(*words: str, data: Path) -> tuple[int, str]:
    """What a command that ends by itself answers: its exit code, and everything it wrote."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM,
        *words,
        *("--data", str(data)),
        env=_environment(**databases.variables(data)),
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(STARTS_WITHIN):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def peopled(data: Path, clients: list[str], places: int, **settings: Any) -> list[str]:
    """An open app with clients, and groups that they are all in; the groups' ids."""
    async with opened(Config(data_dir=data, **settings)) as application:
        actions = application.actions
        caller = Caller(await actions.register_app(APP, master_key=KEY, policy=Policy.OPEN))
        people = tuple(map(ClientId, clients))
        for client in people:
            await actions.create_user(caller, client, Profile())
        opening = Opening(Kind.GROUP, people[0], people[1:])
        return [(await actions.open_conversation(caller, opening)).conv_id for _ in range(places)]


async def stored(data: Path, places: list[str], **settings: Any) -> dict[str, list[Message]]:
    """Everything that lies in the groups of a data folder that nobody serves, by `seq`."""
    async with opened(Config(data_dir=data, **settings)) as application:
        caller = Caller(await application.actions.find_apps.one(APP))
        found: dict[str, list[Message]] = {}
        for place in places:
            rows: list[Message] = []
            more = True
            while more:
                stretch = await application.actions.read_history(caller, ConvId(place), after=len(rows), most=100)
                rows += stretch.messages
                more = stretch.more
            found[place] = rows
        return found


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "PORT"}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}
