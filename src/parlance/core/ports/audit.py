"""Where it is kept what operators did."""

from typing import Protocol

from parlance.core.model.audit import AuditAsked, AuditEntry


class Audit(Protocol):
    """Entries in the order of time."""

    async def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""

    async def settle(self, entry: int, outcome: str, detail: str) -> None:
        """Say what came of it."""

    async def page(self, asked: AuditAsked, most: int) -> list[AuditEntry]:
        """The newest that are asked for."""

    async def purge(self, before: int) -> None:
        """Forget those with lower ids."""
