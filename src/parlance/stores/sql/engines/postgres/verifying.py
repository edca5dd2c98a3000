"""Reading one moment of a database, to see whether it agrees with itself."""

from collections.abc import Mapping

from parlance.stores.sql.engines.postgres.migrating import session

Disagreement = tuple[str, str, str]
"""A rule, what it is about, and what is wrong with that."""


async def disagreements(url: str, rules: Mapping[str, str]) -> list[Disagreement]:
    """The rows that each rule's SELECT finds."""
    async with session(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        return [
            (rule, str(subject), str(detail))
            for rule, text in rules.items()
            for subject, detail in await connection.fetch(text)
        ]
