"""PostgreSQL, NATS and the servers, and what can be done to them."""

import asyncio
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from brokers import NatsServer
from chaos.plan import Deed, Step
from databases import PostgresServer
from durability.server_process import ServerProcess, serving

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

HARMLESS = frozenset({"step failed"})
"""What a server may call an error while its database is away: what it does every few seconds could not be done."""

AGAIN = 0.5
"""Seconds after which a server that did not start is started again."""


class Node:
    """One of the servers: its processes, one after the other."""

    def __init__(self, number: int, folder: Path, where: dict[str, str]) -> None:
        self.number = number
        self.lives: list[ServerProcess] = []
        self.failures: list[str] = []
        """What it said when it did not start."""
        self._folder = folder / f"server-{number}"
        self._where = where
        self._life: AbstractAsyncContextManager[ServerProcess] | None = None
        self._starting: asyncio.Future[None] | None = None
        self._frozen = False

    @property
    def address(self) -> str:
        """Where it listens; nowhere while it is down, for its port may be another program's by then."""
        return self.lives[-1].base if self._life is not None else "http://127.0.0.1:1"

    def start(self) -> None:
        """Have it started; other things happen meanwhile."""
        self._starting = asyncio.ensure_future(self._start())

    async def started(self) -> None:
        """Wait until it listens."""
        if self._starting is not None:
            await self._starting

    async def kill(self) -> None:
        """No time for last words, and be it in the middle of starting."""
        if self._starts:
            await self._give_up_starting()
        elif self._life is not None:
            await self.lives[-1].kill()
            await self._bury()

    async def stop(self) -> str:
        """As a supervisor does; what was wrong about how it went, if anything."""
        if self._starts:
            await self._give_up_starting()
            return ""
        server = self.lives[-1]
        server.ask_to_end()
        try:
            code = await server.ended()
        except TimeoutError:
            await self.kill()
            return f"server {self.number} did not end when it was asked to"
        await self._bury()
        return "" if code == 0 else f"server {self.number} ended with {code}"

    def freeze(self) -> None:
        """It is there and does nothing, as a machine that swaps; one that is not there yet goes on starting."""
        self._frozen = not self._starts
        if self._frozen:
            self.lives[-1].process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had happened."""
        if self._frozen:
            self.lives[-1].process.send_signal(signal.SIGCONT)

    def errors(self) -> list[str]:
        """What it called an error in its logs and should not have."""
        lines = [line for life in self.lives for line in life.log]
        wrong = [line for line in lines if line.get("level") in {"error", "critical", None}]
        return [json.dumps(line) for line in wrong if line["event"] not in HARMLESS]

    def keep_logs(self, folder: Path) -> None:
        """Write everything that it has said."""
        for number, life in enumerate(self.lives):
            path = folder / f"server-{self.number}-life-{number}.log"
            path.write_text("".join(f"{json.dumps(line)}\n" for line in life.log))
        if self.failures:
            (folder / f"server-{self.number}-did-not-start.log").write_text("\n".join(self.failures))

    @property
    def _starts(self) -> bool:
        return self._starting is not None and not self._starting.done()

    async def _give_up_starting(self) -> None:
        """It may never end by itself: without a database no server starts."""
        assert self._starting is not None
        self._starting.cancel()
        await asyncio.gather(self._starting, return_exceptions=True)

    async def _start(self) -> None:
        """Start it, and again as a supervisor does: a server that finds no database ends."""
        while True:
            life = serving(self._folder, **self._where)
            try:
                self.lives.append(await life.__aenter__())
            except AssertionError as wrong:
                self.failures.append(str(wrong))
                await asyncio.sleep(AGAIN)
            else:
                self._life = life
                return

    async def _bury(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            await life.__aexit__(None, None, None)


class Stage:
    """Everything that can fail."""

    def __init__(self, nodes: list[Node], nats: NatsServer, postgres: PostgresServer) -> None:
        self.nodes = nodes
        self.complaints: list[str] = []
        self._nats = nats
        self._postgres = postgres

    async def do(self, step: Step) -> None:
        """Do what the plan says."""
        if step.server is None:
            await self._shake(step.deed)
        else:
            await self._strike(self.nodes[step.server], step.deed)

    async def _strike(self, node: Node, deed: Deed) -> None:
        match deed:
            case Deed.KILL:
                await node.kill()
            case Deed.STOP:
                if wrong := await node.stop():
                    self.complaints.append(wrong)
            case Deed.FREEZE:
                node.freeze()
            case Deed.THAW:
                node.thaw()
            case _:
                node.start()

    async def _shake(self, deed: Deed) -> None:
        """What all of them stand on."""
        match deed:
            case Deed.NATS_DOWN:
                self._nats.stop()
            case Deed.NATS_UP:
                self._nats.start()
            case Deed.POSTGRES_UP:
                # From the main thread: it ends with the thread that started it.
                self._postgres.start()
            case _:
                how = signal.SIGINT if deed is Deed.POSTGRES_DOWN else signal.SIGQUIT
                await asyncio.to_thread(self._postgres.stop, how)
