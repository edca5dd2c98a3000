"""All servers of an installation, asked together."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from parlance.core.model.inquiry import Answer, Question


class Answers(msgspec.Struct, frozen=True):
    """What they said, this server first."""

    answers: Sequence[Answer]
    silent: int = 0
    """How many others did not answer in time."""


class Colleagues(Protocol):
    """This server and the others."""

    async def ask(self, question: Question) -> Answers:
        """What each of them answers; nobody is waited for longer than a second."""
