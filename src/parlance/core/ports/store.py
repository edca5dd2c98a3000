"""The store: repositories for reading, and transactions for changing."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from parlance.core.model.events import Event
from parlance.core.ports.addressed import Addressed
from parlance.core.ports.appender import Appender
from parlance.core.ports.apps import Apps
from parlance.core.ports.audit import Audit
from parlance.core.ports.broadcasts import Broadcasts
from parlance.core.ports.code_attempts import CodeAttempts
from parlance.core.ports.conversation_queries import ConversationQueries
from parlance.core.ports.conversations import Conversations
from parlance.core.ports.deliveries import Deliveries
from parlance.core.ports.directory import Directory
from parlance.core.ports.files import Files
from parlance.core.ports.foreign import Foreign
from parlance.core.ports.happenings import Happenings
from parlance.core.ports.join_requests import JoinRequests
from parlance.core.ports.members import Members
from parlance.core.ports.messages import Messages
from parlance.core.ports.operators import Operators
from parlance.core.ports.origins import Origins
from parlance.core.ports.outbox import Outbox
from parlance.core.ports.provider_tokens import ProviderTokens
from parlance.core.ports.records import Records
from parlance.core.ports.restrictions import Restrictions
from parlance.core.ports.tag_holders import TagHolders
from parlance.core.ports.users import Users


class Repositories(Protocol):
    """One repository per noun."""

    async def complete_until(self, now: int) -> int:
        """The latest time, at most `now`, of which nothing is still to come.

        What is read after this is all that bears this time or an earlier one; what is committed later bears a
        later one, whichever process commits it.
        """

    @property
    def apps(self) -> Apps:
        """The tenants."""

    @property
    def users(self) -> Users:
        """Their people."""

    @property
    def conversations(self) -> Conversations:
        """Their conversations."""

    @property
    def conversation_queries(self) -> ConversationQueries:
        """The same, looked for by LeanCloud's columns."""

    @property
    def members(self) -> Members:
        """Who is in them."""

    @property
    def restrictions(self) -> Restrictions:
        """Who may not speak there, or not come in."""

    @property
    def happenings(self) -> Happenings:
        """What lastingly happened to one of their people."""

    @property
    def tag_holders(self) -> TagHolders:
        """Which devices hold tags."""

    @property
    def messages(self) -> Messages:
        """What was said."""

    @property
    def addressed(self) -> Addressed:
        """What was said to some by name."""

    @property
    def foreign(self) -> Foreign:
        """What was said elsewhere, before they came here."""

    @property
    def origins(self) -> Origins:
        """What was last seen of things where they came from."""

    @property
    def broadcasts(self) -> Broadcasts:
        """What was said to everybody."""

    @property
    def join_requests(self) -> JoinRequests:
        """Who has asked to come in."""

    @property
    def code_attempts(self) -> CodeAttempts:
        """Who was wrong about a code."""

    @property
    def files(self) -> Files:
        """What was uploaded."""

    @property
    def directory(self) -> Directory:
        """Their organisations, classes and who is in them."""

    @property
    def outbox(self) -> Outbox:
        """What their providers are still to be told."""

    @property
    def deliveries(self) -> Deliveries:
        """What their own servers are told."""

    @property
    def provider_tokens(self) -> ProviderTokens:
        """The keys that their providers made."""

    @property
    def records(self) -> Records:
        """All of it that is about one client."""

    @property
    def operators(self) -> Operators:
        """Who looks after all of it."""

    @property
    def audit(self) -> Audit:
        """What they did."""


class Transaction(Repositories, Protocol):
    """All of it or nothing. Nothing but the store is awaited while one is open."""

    def announce(self, event: Event) -> None:
        """Tell everybody, right after the commit and in the order of commits; never if it fails."""


BeforeCommit = Callable[[Transaction, Sequence[Event]], Awaitable[None]]
"""Is called last in a transaction, with what it is going to announce."""


class Store(Protocol):
    """Everything that is kept."""

    @property
    def read(self) -> Repositories:
        """What is committed. Repositories here refuse to change anything."""

    @property
    def appender(self) -> Appender:
        """The way in for messages."""

    def begin(self, before_commit: BeforeCommit | None = None) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction: commits (durably) on leaving, rolls back on an exception.

        `before_commit` may change more; what it raises undoes everything and is raised on leaving.
        Raises UNAVAILABLE if the store cannot be reached.
        """
