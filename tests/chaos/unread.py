"""When all is calm: everybody reads up to some message, and the servers count what is left."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from random import Random  # noqa: TID251 - every choice follows from the seed

from chaos.person import AGAIN, Person

STORED_WITHIN = 30.0


async def read_somewhere(people: Sequence[Person], chance: Random) -> list[str]:
    """Whose unread is not exactly what it should be."""
    # A client's devices share one mark: the first of them speaks for all.
    readers = {person.name: person for person in reversed(people) if person.settled}
    expected: dict[str, dict[str, int]] = {}
    for person in readers.values():
        for place in person.places:
            top = person.books[place.conv_id].top
            await person.read(place.conv_id, chance.randint(person.marks.get(place.conv_id, 0), top))
        expected[person.name] = {place.conv_id: person.marks.get(place.conv_id, 0) for place in person.places}
    return [word for person in readers.values() for word in await _counted(person, expected[person.name])]


async def _counted(person: Person, marks: dict[str, int]) -> list[str]:
    """Ask until the marks are stored: they have no answer of their own."""
    wrong: list[str] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(STORED_WITHIN):
            right = False
            while not right:
                wrong = _compared(person, await person.inbox(), marks)
                right = not wrong
                # Who has just lost its connection had no answer to wait for.
                await asyncio.sleep(0 if right else AGAIN)
                for conv_id in () if right else marks:
                    await person.read_again(conv_id)
    return wrong


def _compared(person: Person, rows: dict[str, tuple[int, int, int]], marks: dict[str, int]) -> list[str]:
    wrong = []
    for conv_id, mark in marks.items():
        top = person.books[conv_id].top
        if rows.get(conv_id, (0, 0, 0)) != (top, mark, top - mark):
            wrong.append(f"{person.name}: unread of {conv_id} is {rows.get(conv_id)}, not {(top, mark, top - mark)}")
    return wrong
