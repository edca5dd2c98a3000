"""What the store asks of a database engine: the whole seam between them.

SQL text is the same for every engine, with some agreements, which `engines/` fulfils:

- placeholders are `$1`, `$2`, … and first appear in that order;
- `EACH_TEXT($n)` and `EACH_NUMBER($n)` stand for a table of a list's items, with columns `value` and `position`;
- `LIKE_TEXT(expression, $n)` is SQL's LIKE without escapes, ASCII letters' case ignored;
- `FOR_UPDATE` at the end of a SELECT keeps others away from what it finds, where others write at the same time.

Yes and no are the numbers 1 and 0.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from parlance.core.model.events import Event
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark
from parlance.kernel.faults import Fault

Value = int | str | Sequence[int] | Sequence[str] | None
Row = tuple[Any, ...]
Statement = tuple[str, tuple[Value, ...]]
Entry = Append | Mark

LONGEST_PAUSE = 10.0
"""Seconds that a transaction waits for its next step. In one, nothing but the store is awaited, so whoever is
quiet for so long has forgotten it: it is rolled back."""


def storable(number: int) -> bool:
    """Whether a number from outside fits the 64 bits that numbers are kept in; nothing stored has another."""
    return -(1 << 63) <= number < 1 << 63


class NotInTransactionError(RuntimeError):
    """Somebody tried to change something without a transaction, or in one that has ended."""


class Executor(Protocol):
    """Runs statements: for reading alone, or within a transaction."""

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """What a SELECT finds."""

    async def rows_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """What several SELECTs find in the same moment of the database, in one go."""

    async def change(self, text: str, *values: Value) -> list[Row]:
        """Change something; answers the rows of its RETURNING. Raises NotInTransactionError for readers."""

    async def change_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """Several changes, and SELECTs among them, in this order, in one go."""

    def stamp(self, at: int) -> int:
        """When a change made at `at` takes its place in the order of commits.

        Commits of one process follow each other with stamps that never fall.
        """

    async def complete_until(self, now: int) -> int:
        """The latest stamp, at most `now`, that no process gives any more: see `Repositories.complete_until`."""


class Turn(Executor, Protocol):
    """A transaction in the making. Nobody else writes until it ends."""

    async def open(self) -> None:
        """Wait until it is this one's turn. Raises UNAVAILABLE if the database cannot be written."""

    async def commit(self, committed: Callable[[], None]) -> None:
        """Make it durable, and end. `committed` is called on the loop's thread, in the order of commits."""

    def roll_back(self) -> None:
        """Undo everything, and end; nothing to wait for, and nothing wrong with doing it twice."""


class Outcome(msgspec.Struct):
    """What became of one batch of the appender.

    `odd` names, by position, what went otherwise than sent: the fault that kept an entry out, or the
    message that was there already under the same `ref`.
    """

    entries: list[Entry]
    events: list[Event]
    odd: dict[int, Fault | Message]
    messages: int = 0
    marks: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    """How long it took, the waiting for the disk included."""


class Engine(Protocol):
    """A database, opened."""

    @property
    def reading(self) -> Executor:
        """For reading what is committed."""

    def turn(self) -> Turn:
        """A transaction, not opened yet."""

    def commit_batch(self, take: Callable[[], list[Entry]], done: Callable[[Outcome], None]) -> None:
        """When the writer is free, `take` what has gathered (in any thread), commit it as one.

        `done` is called on the loop's thread, in the order of commits; not at all if there was nothing.
        """

    async def healthy(self) -> bool:
        """Whether it answers, for reading and for writing."""

    @property
    def name(self) -> str:
        """What the database is called."""

    async def size(self) -> int:
        """How many bytes it has."""

    async def on_duty(self, duty: str) -> bool:
        """Whether this process, of all that use the database, is the one that does what is done by one."""

    async def close(self) -> None:
        """Finish what was begun, then let go of the database."""
