"""Where it is kept whom of the people and groups a provider may not know as they are."""

from enum import StrEnum
from typing import Protocol

import msgspec

from parlance.kernel.ids import AppId


class Subject(StrEnum):
    """What an errand is about."""

    GROUP = "group"
    USER = "user"


class Errand(msgspec.Struct, frozen=True):
    """The provider of an app has to be brought in step about one group or user, at `due_at` (ms) or later.

    It does not say what has changed: whoever runs it looks at what is true then. There is at most one about
    each subject. `ticket` is new whenever somebody puts it there: who saw an older one has not seen everything.
    """

    app_id: AppId
    subject: Subject
    number: int
    """The group's or the user's number."""
    ticket: int
    due_at: int
    attempts: int = 0


class Outbox(Protocol):
    """The errands that are still to be run."""

    async def put(self, errand: Errand) -> bool:
        """Keep an errand, in the place of any other about the same; whether there was none."""

    async def put_everything(self, app_id: AppId, ticket: int, due_at: int) -> None:
        """Keep an errand about every group of an app, and about everybody who is banned."""

    async def due(self, at: int, most: int) -> list[Errand]:
        """Some that are due, the longest due first."""

    async def finish(self, errand: Errand) -> bool:
        """Take an errand out; False (and nothing done) if somebody has put it there anew since."""

    async def put_off(self, errand: Errand, due_at: int) -> None:
        """It did not work; nothing is done if somebody has put it there anew since."""

    async def waiting(self) -> int:
        """How many there are."""
