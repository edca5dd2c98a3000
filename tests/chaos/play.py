"""One run: the stage is set, people talk, the plan is carried out, calm returns, and everything is checked."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed

import aiohttp

from brokers import own_nats_server
from chaos.people import Town, founded
from chaos.plan import Plan
from chaos.robot import Robot
from chaos.stage import Node, Stage
from chaos.unread import read_somewhere
from chaos.verdict import Stored, on_the_guests, on_the_people, on_the_store
from databases import postgres_server
from durability.server_process import stored
from gateway.watch import comes_true
from parlance.app import operations
from parlance.app.config import Config

SERVERS = 3
CALM_WITHIN = 120.0
"""Seconds after which, all being well again, everybody has everything."""


@dataclass
class Outcome:
    """What came of a run."""

    seed: int
    seconds: float = 0.0
    steps: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Length:
    """When it is enough: after so many seconds, or so many steps."""

    seconds: float = float("inf")
    steps: int | None = None


async def play(seed: int, length: Length, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Let everything fail, for so long. Logs are kept in `folder` if anything was wrong."""
    outcome = Outcome(seed)
    chance = Random(seed)  # noqa: S311 - nothing secret
    async with postgres_server().lent() as database:
        town = await founded(folder, database, chance)
        async with _stage(folder, database) as stage, _alive(town, stage) as robot:
            await _fail(stage, Plan(seed, SERVERS), length, outcome, tell)
            outcome.complaints += await _calm(town, robot, outcome)
            outcome.complaints += await read_somewhere(town.people, chance)
        heap = await stored(folder, town.conv_ids, database_url=database)
        outcome.complaints += _judged(town, robot, stage, heap)
        outcome.complaints += await operations.verify(Config(data_dir=folder, database_url=database))
        outcome.remarks += [f"{each.name} ({each.device}): {what}" for each in town.people for what in each.remarks]
        outcome.figures |= _figures(town, robot, heap)
        outcome.figures["came late, or were asked for"] = len(outcome.remarks)
        outcome.figures["starts that failed"] = sum(len(node.failures) for node in stage.nodes)
        if outcome.complaints:
            for node in stage.nodes:
                node.keep_logs(folder)
    return outcome


@asynccontextmanager
async def _stage(folder: Path, database: str) -> AsyncIterator[Stage]:
    nats = own_nats_server()
    nats.start()
    where = {"PARLANCE_DATABASE_URL": database, "PARLANCE_BUS_URL": nats.url(), "PARLANCE_DRAIN": "2"}
    nodes = [Node(number, folder, where) for number in range(SERVERS)]
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            await node.started()
        yield Stage(nodes, nats, postgres_server())
    finally:
        for node in nodes:
            await node.kill()
        nats.stop()


@asynccontextmanager
async def _alive(town: Town, stage: Stage) -> AsyncIterator[Robot]:
    """Everybody is there, talks, and ends."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        robot = Robot(town.places[0].conv_id, town.speaker_for_the_robot, town.chance_of("robot"))
        lives = [each.live(session, stage.nodes) for each in town.everybody]
        lives += [each.talk() for each in town.everybody]
        lives.append(robot.live(session, stage.nodes))
        tasks = [asyncio.ensure_future(life) for life in lives]
        try:
            yield robot
        finally:
            for task in tasks:
                task.cancel()
            for wrong in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(wrong, Exception):
                    raise wrong


async def _fail(stage: Stage, plan: Plan, length: Length, outcome: Outcome, tell: Callable[[str], None]) -> None:
    """Carry the plan out, and then make everything whole."""
    began = time.monotonic()
    for number in count():
        if time.monotonic() - began >= length.seconds or number == length.steps:
            break
        step = plan.next()
        outcome.steps.append(str(step))
        tell(f"{time.monotonic() - began:6.1f} s  {step}")
        await stage.do(step)
        await asyncio.sleep(step.rest)
    for step in plan.healing():
        await stage.do(step)
    for node in stage.nodes:
        await node.started()
    outcome.seconds = time.monotonic() - began


async def _calm(town: Town, robot: Robot, outcome: Outcome) -> list[str]:
    """Everybody falls silent, and waits to be told what it has not been told yet; who still lacks anything."""
    began = time.monotonic()
    robot.talking = False
    for each in town.everybody:
        each.talking = False
    with suppress(AssertionError):
        await comes_true(lambda: robot.settled and town.settled, "all has been said", CALM_WITHIN)
        await comes_true(town.all_have_everything, "all has been heard", CALM_WITHIN)
    outcome.figures["seconds until everybody had everything"] = round(time.monotonic() - began, 1)
    return [f"{each.name}: never came to rest" for each in town.everybody if not each.settled]


def _judged(town: Town, robot: Robot, stage: Stage, heap: Stored) -> list[str]:
    receipts = [receipt for each in (*town.everybody, robot) for receipt in each.receipts]
    wrong = on_the_store(heap, receipts) + on_the_people(heap, town.people) + on_the_guests(heap, town.guests)
    wrong += stage.complaints + robot.complaints
    return wrong + [error for node in stage.nodes for error in node.errors()]


def _figures(town: Town, robot: Robot, heap: Stored) -> dict[str, float]:
    everybody = [*town.everybody, robot]
    return {
        "people": len(town.everybody),
        "conversations": len(town.places),
        "messages stored": sum(map(len, heap.values())),
        "acknowledged": sum(len(each.receipts) for each in everybody),
        "received": sum(len(book.rows) for person in town.people for book in person.books.values())
        + sum(len(ids) for guest in town.guests for ids in guest.ids.values()),
        "logins": sum(each.logins for each in town.everybody),
        "refused for now": sum(each.refusals for each in everybody),
    }
