"""Where it is kept who looks after the installation."""

from collections.abc import Sequence
from typing import Protocol

from parlance.core.model.operator import Failures, Operator, OperatorSession


class Operators(Protocol):
    """Operators, their sessions, and who was wrong about passwords."""

    async def find(self, name: str) -> Operator | None:
        """The operator of that name."""

    async def all(self) -> list[Operator]:
        """Every operator, by name."""

    async def put(self, operator: Operator) -> None:
        """Keep a new operator, or a new password for one."""

    async def remove(self, name: str) -> bool:
        """Forget an operator, and its sessions; False if there is none."""

    async def add_session(self, session: OperatorSession) -> None:
        """Keep a session."""

    async def session(self, token: str) -> OperatorSession | None:
        """The session kept under that hash, whether or not it is over."""

    async def end_session(self, token: str) -> bool:
        """Forget a session; False if there is none."""

    async def end_sessions(self, operator: str) -> None:
        """Forget all of an operator's."""

    async def failures(self, subjects: Sequence[str]) -> dict[str, Failures]:
        """How those of the subjects have fared of whom something is kept."""

    async def put_failures(self, subject: str, failures: Failures, at: int) -> None:
        """Replace what is kept of a subject."""

    async def forget_failures(self, subjects: Sequence[str]) -> None:
        """They were right."""

    async def tidy(self, now: int, tried_before: int) -> None:
        """Forget sessions that are over, and failures that are old."""
