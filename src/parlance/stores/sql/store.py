"""The store: repositories for reading, transactions, and the appender, over one engine."""

from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self

from parlance.core.model.events import Event
from parlance.core.ports.store import BeforeCommit
from parlance.kernel.faults import Fault
from parlance.kernel.tallies import StoreTally
from parlance.stores.sql.addressed import SqlAddressed
from parlance.stores.sql.appender import BatchingAppender
from parlance.stores.sql.apps import SqlApps
from parlance.stores.sql.audit import SqlAudit
from parlance.stores.sql.broadcasts import SqlBroadcasts
from parlance.stores.sql.code_attempts import SqlCodeAttempts
from parlance.stores.sql.conversations import SqlConversations
from parlance.stores.sql.deliveries import SqlDeliveries
from parlance.stores.sql.directory import SqlDirectory
from parlance.stores.sql.engine import Engine, Executor, Turn
from parlance.stores.sql.files import SqlFiles
from parlance.stores.sql.foreign import SqlForeign
from parlance.stores.sql.happenings import SqlHappenings
from parlance.stores.sql.join_requests import SqlJoinRequests
from parlance.stores.sql.members import SqlMembers
from parlance.stores.sql.messages import SqlMessages
from parlance.stores.sql.operators import SqlOperators
from parlance.stores.sql.origins import SqlOrigins
from parlance.stores.sql.outbox import SqlOutbox
from parlance.stores.sql.provider_tokens import SqlProviderTokens
from parlance.stores.sql.querying import SqlConversationQueries
from parlance.stores.sql.reading import ReadConversations, ReadMembers
from parlance.stores.sql.records import SqlRecords
from parlance.stores.sql.restrictions import SqlRestrictions
from parlance.stores.sql.tag_holders import SqlTagHolders
from parlance.stores.sql.users import SqlUsers

Announce = Callable[[Sequence[Event]], None]
TakenNote = Callable[[Sequence[Event]], Awaitable[None]]
"""Waits until every process that keeps what has changed at hand has heard of it; not for long, and never raises."""


async def nobody_else(_events: Sequence[Event]) -> None:
    """As `TakenNote`, where there is no other process."""


class SqlRepositories:
    """One repository per noun, over the same executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.apps = SqlApps(executor)
        self.users = SqlUsers(executor)
        self.conversations = SqlConversations(executor)
        self.conversation_queries = SqlConversationQueries(executor)
        self.members = SqlMembers(executor)
        self.restrictions = SqlRestrictions(executor)
        self.happenings = SqlHappenings(executor)
        self.tag_holders = SqlTagHolders(executor)
        self.messages = SqlMessages(executor)
        self.addressed = SqlAddressed(executor)
        self.foreign = SqlForeign(executor)
        self.origins = SqlOrigins(executor)
        self.broadcasts = SqlBroadcasts(executor)
        self.join_requests = SqlJoinRequests(executor)
        self.code_attempts = SqlCodeAttempts(executor)
        self.files = SqlFiles(executor)
        self.directory = SqlDirectory(executor)
        self.outbox = SqlOutbox(executor)
        self.deliveries = SqlDeliveries(executor)
        self.provider_tokens = SqlProviderTokens(executor)
        self.records = SqlRecords(executor)
        self.operators = SqlOperators(executor)
        self.audit = SqlAudit(executor)

    async def complete_until(self, now: int) -> int:
        """See `Repositories.complete_until`."""
        return await self._executor.complete_until(now)


class ReadRepositories(SqlRepositories):
    """For reading what is committed."""

    def __init__(self, executor: Executor) -> None:
        super().__init__(executor)
        self.conversations: SqlConversations = ReadConversations(executor)
        self.members: SqlMembers = ReadMembers(executor)


class SqlTransaction(SqlRepositories):
    """See `core/ports/store.py`."""

    def __init__(
        self, turn: Turn, announce: Announce, taken_note: TakenNote, before_commit: BeforeCommit | None = None
    ) -> None:
        super().__init__(turn)
        self._taken_note = taken_note
        self._turn = turn
        self._tell = announce
        self._before_commit = before_commit
        self._events: list[Event] = []

    def announce(self, event: Event) -> None:
        """See `Transaction.announce`."""
        self._events.append(event)

    async def __aenter__(self) -> Self:
        await self._turn.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._turn.roll_back()
            return
        if self._before_commit is not None:
            try:
                await self._before_commit(self, self._events)
            except BaseException:
                self._turn.roll_back()
                raise
        await self._turn.commit(self._committed)
        if self._events:
            await self._taken_note(self._events)

    def _committed(self) -> None:
        if self._events:
            self._tell(self._events)


class SqlStore:
    """See `core/ports/store.py`. `announce` is called on the loop's thread, in the order of commits."""

    def __init__(
        self, engine: Engine, announce: Announce, waiting: int, tally: StoreTally, taken_note: TakenNote = nobody_else
    ) -> None:
        self._engine = engine
        self._taken_note = taken_note
        self._announce = announce
        self._read = ReadRepositories(engine.reading)
        self._appender = BatchingAppender(engine, announce, waiting, tally)

    @property
    def read(self) -> ReadRepositories:
        """See `Store.read`."""
        return self._read

    @property
    def appender(self) -> BatchingAppender:
        """See `Store.appender`."""
        return self._appender

    def begin(self, before_commit: BeforeCommit | None = None) -> SqlTransaction:
        """See `Store.begin`."""
        return SqlTransaction(self._engine.turn(), self._announce, self._taken_note, before_commit)

    async def healthy(self) -> bool:
        """Whether the database answers, for reading and for writing."""
        return await self._engine.healthy()

    @property
    def database(self) -> str:
        """What the database is called."""
        return self._engine.name

    async def size(self) -> int:
        """How many bytes the database has; 0 if it cannot be asked."""
        try:
            return await self._engine.size()
        except Fault:
            return 0

    async def on_duty(self, duty: str) -> bool:
        """Whether this process is the one that does what is done by one; another takes over when it is gone."""
        return await self._engine.on_duty(duty)

    async def close(self) -> None:
        """Commit what waits, finish what was begun, and let go of the database."""
        self._appender.close()
        await self._engine.close()
