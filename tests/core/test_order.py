"""Everything at once: what each connection hears must be what happened, in the order in which it happened."""

import asyncio
from collections.abc import Sequence

from core.world import World
from parlance.core.model.message import Draft, Message
from parlance.kernel.faults import Fault
from parlance.kernel.ids import ClientId
from realtime.parts import Phone

ADA, BEN = ClientId("ada"), ClientId("ben")
ROUNDS = 15


class Senders:
    """Members who send without waiting, as sockets do."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stored: list[Message] = []
        self.refused: list[Fault] = []
        self._waiting = 0

    async def send(self, text: str, sender: ClientId = ADA) -> None:
        """Hand a message in."""
        world = self._world
        self._waiting += 1
        try:
            waiting = world.actions.send.submit(
                world.backend, Draft(sender, -1, world.group, text=text), 0, self._settle
            )
            if waiting is not None:
                await waiting
        except Fault as fault:
            self._waiting -= 1
            self.refused.append(fault)

    async def settled(self) -> None:
        """Until every message has its answer."""
        async with asyncio.timeout(30):
            while self._waiting:
                # A write of our own comes after what was handed in before it.
                await self._world.know("somebody")

    def _settle(self, message: Message, fault: Fault | None) -> None:
        self._waiting -= 1
        if fault is None:
            self.stored.append(message)
        else:
            self.refused.append(fault)


async def test_who_is_out_hears_nothing(world: World) -> None:
    """Between being taken out and being brought in again, whatever is under way, a member hears no message."""
    ada, ben = world.phone(world.ada), world.phone(world.ben)
    senders = Senders(world)

    async def speak() -> None:
        for number in range(ROUNDS * 10):
            await senders.send(f"m{number}")
            await asyncio.sleep(0)

    async def come_and_go() -> None:
        for _ in range(ROUNDS):
            await world.actions.remove_members(world.ada, world.group, (BEN,))
            await asyncio.sleep(0)
            await world.actions.invite(world.ada, world.group, (BEN,))

    await asyncio.gather(speak(), come_and_go())
    await senders.settled()
    assert ROUNDS * 10 == len(senders.stored)
    assert [] == _heard_while_out(ben)
    assert ROUNDS == len([line for line in ada.heard() if line.startswith("left")])


def _heard_while_out(phone: Phone) -> Sequence[str]:
    heard, inside = [], True
    for line in phone.heard():
        if line.startswith(("taken out", "brought in")):
            inside = line.startswith("brought in")
        elif line.startswith("message") and not inside:
            heard.append(line)
    return heard


async def test_who_stays_hears_all_of_it_in_order(world: World) -> None:
    """The messages of many who speak at once reach a member once each, in the order of the sequence."""
    ben = world.phone(world.ben)
    senders = Senders(world)

    async def speak(speaker: int) -> None:
        for number in range(30):
            await senders.send(f"{speaker}-{number}")
            if number % 7 == speaker:
                await asyncio.sleep(0)

    async def disturb() -> None:
        for _ in range(ROUNDS):
            await world.actions.invite(world.ada, world.group, (ClientId("cy"),))
            await world.actions.remove_members(world.ada, world.group, (ClientId("cy"),))

    await asyncio.gather(disturb(), *(speak(speaker) for speaker in range(5)))
    await senders.settled()
    in_order = sorted(senders.stored, key=lambda message: message.seq or 0)
    assert list(range(1, 151)) == [message.seq for message in in_order]
    said = [f"message ada {message.text}" for message in in_order]
    assert said == [line for line in ben.heard() if line.startswith("message")]


async def test_every_send_is_answered_when_the_conversation_ends(world: World) -> None:
    """Deleted amid traffic, a conversation stores what came before, refuses the rest, and forgets nobody."""
    world.phone(world.ben)
    senders = Senders(world)

    async def speak() -> None:
        for number in range(100):
            await senders.send(f"m{number}")
            await asyncio.sleep(0)

    await asyncio.gather(speak(), world.actions.delete_conversation(world.ada, world.group))
    await senders.settled()
    assert 100 == len(senders.stored) + len(senders.refused)
    assert list(range(1, len(senders.stored) + 1)) == sorted(message.seq or 0 for message in senders.stored)
