"""Who there is, and where they talk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed

from chaos.guest import Guest
from chaos.person import Person, Place
from durability.server_process import APP, KEY
from parlance.app.assemble import opened
from parlance.app.config import Config
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId

CROWD = 70
"""Members of the large group."""
SPEAKERS = 12
SMALL = [(0, 4), (3, 8), (7, 12), (10, 14)]
"""Which of the crowd are in each small group: some are in two."""
TWICE = 4
"""So many have a second device, which only listens."""
GUESTS = 3
"""So many come with apps of LeanCloud's: into the large group, and one small one."""
PACE = 0.4
"""Seconds between two messages of a speaker, on average."""


@dataclass
class Town:
    """Everybody, and every conversation."""

    people: list[Person]
    guests: list[Guest]
    places: list[Place]
    chances: Random
    speaker_for_the_robot: str

    @property
    def conv_ids(self) -> list[str]:
        """The conversations' ids."""
        return [place.conv_id for place in self.places]

    @property
    def settled(self) -> bool:
        """Whether everybody is in and has nothing left to say."""
        return all(each.settled for each in self.everybody)

    @property
    def everybody(self) -> Sequence[Person | Guest]:
        """Whatever they speak."""
        return [*self.people, *self.guests]

    def all_have_everything(self) -> bool:
        """Whether nobody lacks what anybody knows of."""
        tops: dict[str, int] = {}
        books = [(conv_id, book) for person in self.people for conv_id, book in person.books.items()]
        for conv_id, book in books:
            tops[conv_id] = max(tops.get(conv_id, 0), book.top)
        return all(book.height == tops[conv_id] for conv_id, book in books) and all(
            len(ids) == tops[conv_id] for guest in self.guests for conv_id, ids in guest.ids.items()
        )

    def chance_of(self, who: str) -> Random:
        """Somebody's own dice: what one does follows from nobody else."""
        return Random(f"{self.chances.random()} {who}")  # noqa: S311 - nothing secret


async def founded(folder: Path, database: str, chance: Random) -> Town:
    """An app with people, who talk in a large group, in small ones, and with each other."""
    names = [f"p{number:02}" for number in range(CROWD)]
    guests = [f"g{number}" for number in range(GUESTS)]
    members: list[tuple[Place, Sequence[str]]] = []
    async with opened(Config(data_dir=folder, database_url=database)) as application:
        actions = application.actions
        caller = Caller(await actions.register_app(APP, master_key=KEY, policy=Policy.OPEN))
        for name in (*names, *guests):
            await actions.create_user(caller, ClientId(name), Profile())

        async def open_(kind: Kind, word: str, inside: Sequence[str]) -> None:
            opening = Opening(kind, ClientId(inside[0]), tuple(map(ClientId, inside[1:])))
            conv_id = (await actions.open_conversation(caller, opening)).conv_id
            members.append((Place(conv_id, word), inside))

        await open_(Kind.GROUP, "the large group", [*names, *guests])
        await open_(Kind.GROUP, "a small group", [*names[:2], *guests])
        for first, last in SMALL:
            await open_(Kind.GROUP, "a small group", names[first:last])
        for first in range(0, SPEAKERS, 2):
            await open_(Kind.DIRECT, "direct", names[first : first + 2])
    town = Town([], [], [place for place, _ in members], chance, names[0])
    for number, name in enumerate(names):
        devices = ["phone", "laptop"] if number < TWICE else ["phone"]
        marks: dict[str, int] = {}
        places = [_seen_by(name, place, inside) for place, inside in members if name in inside]
        for device in devices:
            pace = PACE if number < SPEAKERS and device == "phone" else None
            town.people.append(Person(name, device, places, town.chance_of(f"{name} {device}"), pace, marks))
    for name in guests:
        places = [place for place, inside in members if name in inside]
        town.guests.append(Guest(name, places, town.chance_of(name), PACE))
    return town


def _seen_by(name: str, place: Place, inside: Sequence[str]) -> Place:
    """The same conversation; a direct one is addressed by who is at its other end."""
    if place.kind != "direct":
        return place
    return Place(place.conv_id, place.kind, next(each for each in inside if each != name))
