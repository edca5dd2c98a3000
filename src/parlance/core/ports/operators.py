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
        """Forget an operator, its sessions, and from where it came; False if there is none."""

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

    async def came_from(self, name: str, network: str, at: int) -> None:
        """An operator came in from there."""

    async def comes_from(self, name: str, network: str, since: int) -> bool:
        """Whether that operator came in from there since then."""

    async def tidy(self, now: int, tried_before: int, came_before: int, most: int) -> None:
        """Forget sessions that are over, what is old, and all failures but the newest `most` or so."""
