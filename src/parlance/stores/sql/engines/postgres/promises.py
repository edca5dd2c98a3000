"""What processes promise each other about the stamps of their commits.

A stamp is a time that stands in the rows of a commit; whoever has seen everything up to a stamp must miss
nothing that is committed later. One process gives its stamps in the order of its commits, but another one may
commit at the same moment, or a moment later with a clock that is behind. So each writing session keeps a
shared advisory lock whose number is a time: *nothing that I commit from now on bears an earlier stamp*. It moves the
lock on about once a second, the new one first. Everybody sees all locks (`pg_locks`), and up to the lowest
nothing is still to come. The lock goes with the session, and so does everything the session could still commit.

docs/decisions/0019-promised-stamps.md says why it holds, and what the alternatives cost.
"""

from parlance.stores.sql.engines.postgres.connections import Connection
from parlance.stores.sql.moments import Moments

_BASE = 0x5061 << 47
"""Keeps our numbers apart from those of other programs in the same database."""
_SPAN = 1 << 44
_MINE = (
    "locktype = 'advisory' AND mode = 'ShareLock' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_NUMBER = "((classid::bigint << 32) | objid::bigint)"
_STANDING = f"(SELECT {_NUMBER} AS number FROM pg_locks WHERE {_MINE})"
_EXTREMES = (
    f"SELECT min(number) - {_BASE}, max(number) - {_BASE} FROM {_STANDING} AS standing"
    f" WHERE number >= {_BASE} AND number < {_BASE + _SPAN}"
)
_GIVE = "SELECT pg_advisory_lock_shared($1)"
_TAKE_BACK = "SELECT pg_advisory_unlock_shared($1)"


class Promises:
    """Those of one process, and what it has last seen of everybody's."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._given = 0
        self._lowest = 0

    @property
    def given(self) -> int:
        """What this process promised last."""
        return self._given

    @property
    def complete_until(self) -> int:
        """The latest time of which nothing is still to come, as far as was last seen."""
        return self._lowest - 1

    async def begin(self, connection: Connection) -> None:
        """In a session that has committed nothing yet."""
        # While this stands nobody believes to have seen anything, so there is time to look at the others: what
        # was believed before this moment is not above their highest.
        await connection.execute(_GIVE, _BASE)
        self._given = 0
        highest = (await self._extremes(connection))[1]
        self._moments.raise_to(highest)
        await self.renew(connection)

    async def renew(self, connection: Connection) -> None:
        """Move on to the present moment; nothing may be under way in the session."""
        before, self._given = self._given, self._moments.next()
        await connection.execute(_GIVE, _BASE + self._given)
        await connection.execute(_TAKE_BACK, _BASE + before)
        self._lowest = (await self._extremes(connection))[0]

    async def _extremes(self, connection: Connection) -> tuple[int, int]:
        lowest, highest = await connection.fetchrow(_EXTREMES) or (0, 0)
        return lowest or 0, highest or 0
