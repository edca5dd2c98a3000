"""What happens to the installation, and when: all of it follows from a seed.

The plan knows what is up and what is down because it has said so itself. It never looks at the clock or at the servers,
so the same seed gives the same deeds in the same order, however fast the machine is.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random  # noqa: TID251 - every choice follows from the seed

LONGEST_REST = 1.6
"""Seconds between one deed and the next."""


class Deed(StrEnum):
    """What is done to a server, to NATS or to PostgreSQL."""

    KILL = "kill -9"
    STOP = "stop gently"
    START = "start"
    FREEZE = "freeze"
    THAW = "thaw"
    NATS_DOWN = "kill NATS"
    NATS_UP = "start NATS"
    POSTGRES_DOWN = "stop PostgreSQL"
    POSTGRES_CRASH = "crash PostgreSQL"
    POSTGRES_UP = "start PostgreSQL"


@dataclass(frozen=True)
class Step:
    """A deed, the server that it is done to (None: to what all of them share), and the seconds of rest after it."""

    deed: Deed
    server: int | None
    rest: float

    def __str__(self) -> str:
        where = "" if self.server is None else f" server {self.server}"
        return f"{self.deed}{where}, then wait {self.rest:.2f} s"


_WEIGHTS = {
    Deed.KILL: 4,
    Deed.STOP: 3,
    Deed.FREEZE: 2,
    Deed.NATS_DOWN: 4,
    Deed.POSTGRES_DOWN: 1,
    Deed.POSTGRES_CRASH: 1,
    # What is down comes back soon, so that there is always something to break.
    Deed.START: 9,
    Deed.THAW: 5,
    Deed.NATS_UP: 9,
    Deed.POSTGRES_UP: 12,
}


class Plan:
    """One deed after the other. At least one server is always awake: somebody has to be there to be tried."""

    def __init__(self, seed: int, servers: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - nothing secret
        self._awake = set(range(servers))
        self._frozen: set[int] = set()
        self._down: set[int] = set()
        self._nats = self._postgres = True

    def next(self) -> Step:
        """What is done now."""
        possible = [(deed, server) for deed, servers in self._possible() for server in servers]
        # By deed first: three servers that may die do not make a death three times as likely.
        deeds = list(dict.fromkeys(deed for deed, _ in possible))
        deed = self._chance.choices(deeds, [_WEIGHTS[each] for each in deeds])[0]
        server = self._chance.choice([server for each, server in possible if each is deed])
        self._take_note(deed, server)
        return Step(deed, server, self._chance.uniform(0.1, LONGEST_REST))

    def healing(self) -> list[Step]:
        """What makes everything whole again."""
        steps = [] if self._postgres else [Step(Deed.POSTGRES_UP, None, 0)]
        steps += [] if self._nats else [Step(Deed.NATS_UP, None, 0)]
        steps += [Step(Deed.THAW, server, 0) for server in sorted(self._frozen)]
        return steps + [Step(Deed.START, server, 0) for server in sorted(self._down)]

    def _possible(self) -> list[tuple[Deed, list[int | None]]]:
        awake: list[int | None] = [*sorted(self._awake)] if len(self._awake) > 1 else []
        possible: list[tuple[Deed, list[int | None]]] = [(deed, awake) for deed in (Deed.KILL, Deed.STOP, Deed.FREEZE)]
        possible.append((Deed.THAW, [*sorted(self._frozen)]))
        possible.append((Deed.START, [*sorted(self._down)]))
        possible.append((Deed.NATS_DOWN if self._nats else Deed.NATS_UP, [None]))
        if self._postgres:
            possible += [(Deed.POSTGRES_DOWN, [None]), (Deed.POSTGRES_CRASH, [None])]
        else:
            possible.append((Deed.POSTGRES_UP, [None]))
        return possible

    def _take_note(self, deed: Deed, server: int | None) -> None:
        match deed:
            case Deed.NATS_DOWN | Deed.NATS_UP:
                self._nats = deed is Deed.NATS_UP
            case Deed.POSTGRES_DOWN | Deed.POSTGRES_CRASH | Deed.POSTGRES_UP:
                self._postgres = deed is Deed.POSTGRES_UP
            case _ if server is not None:
                for state in (self._awake, self._frozen, self._down):
                    state.discard(server)
                state_now = {Deed.FREEZE: self._frozen, Deed.KILL: self._down, Deed.STOP: self._down}
                state_now.get(deed, self._awake).add(server)
