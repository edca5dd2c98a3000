"""What the tests of the store stand on: a store in a real file, a stopped clock, counted ids."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import apsw
import asyncpg

from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.events import Event, MessageSent, MessagesRead
from parlance.core.model.member import PLAIN, Inbox
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append
from parlance.kernel.clock import StoppedClock
from parlance.kernel.faults import Fault
from parlance.kernel.ids import AppId, ClientId, ConvId, CountingIds
from parlance.kernel.tallies import StoreTally
from parlance.stores.sql import Finding, Place, SqlStore, open_store, verify

HALL = AppId("hall")
ANNEX = AppId("annex")
ADA = ClientId("ada")
BEN = ClientId("ben")
CY = ClientId("cy")
"""Ada and Ben talk, Cy comes and goes. Dora would live in the annex."""

PATIENCE = 30
"""Seconds that a test waits for what must come."""


class Stage:
    """A store that can be closed and opened again, and short words for what tests say often."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.clock = StoppedClock()
        self.ids = CountingIds(self.clock)
        self.announced: list[Event] = []
        self.waiting = 1_000
        self.tally = StoreTally()

    async def open(self) -> SqlStore:
        """Open the store where the one before left off."""
        self.store = await open_store(
            self.place, announce=self.announce, clock=self.clock, waiting=self.waiting, tally=self.tally
        )
        return self.store

    @property
    def path(self) -> Path:
        """The file it is in, for what is SQLite's alone."""
        assert isinstance(self.place, Path)
        return self.place

    async def verify(self) -> list[Finding]:
        """Where it does not agree with itself."""
        return await verify(self.place)

    async def damage(self, statement: str) -> None:
        """Change it behind the store's back."""
        if isinstance(self.place, Path):
            connection = apsw.Connection(str(self.place))
            connection.execute(statement)
            connection.close()
        else:
            session = await asyncpg.connect(self.place)
            await session.execute(statement)
            await session.close()

    def announce(self, events: Sequence[Event]) -> None:
        """Keep what was announced."""
        self.announced.extend(events)

    async def app(self, app_id: AppId = HALL) -> App:
        """Register an app."""
        app = App(
            app_id,
            "The Hall",
            "public",
            "server",
            "secret",
            Policy.TOKEN,
            AppSettings(),
            self.clock.now(),
            self.clock.now(),
        )
        async with self.store.begin() as tx:
            await tx.apps.add(app)
        return app

    async def group(self, *members: ClientId, conv_id: str = "", app_id: AppId = HALL) -> Conversation:
        """Make a group with these members, the first of them its creator."""
        return await self.conversation(Kind.GROUP, *members, conv_id=conv_id, app_id=app_id)

    async def conversation(
        self,
        kind: Kind,
        *members: ClientId,
        conv_id: str = "",
        app_id: AppId = HALL,
        expires_at: int | None = None,
    ) -> Conversation:
        """Make a conversation; a direct one of the first two."""
        new = NewConversation(
            app_id,
            ConvId(conv_id or self.ids.uuid()),
            kind,
            members[0] if members else ADA,
            self.clock.now(),
            100,
            expires_at=expires_at,
            direct=(members[0], members[1]) if kind is Kind.DIRECT else None,
        )
        async with self.store.begin() as tx:
            made = await tx.conversations.add(new)
            assert made is not None
            await tx.members.join(made.id, dict.fromkeys(members, PLAIN), self.clock.now())
        return made

    async def delete(self, conversation: Conversation) -> None:
        """Delete it."""
        async with self.store.begin() as tx:
            await tx.conversations.delete(conversation.id, self.clock.now())

    def said(
        self, conversation: Conversation, sender: ClientId = ADA, text: str = "hello", ref: str | None = None
    ) -> MessageSent:
        """A message on its way."""
        message = Message(
            self.ids.message(),
            conversation.app_id,
            conversation.id,
            conversation.conv_id,
            0,
            sender,
            -1,
            text,
            None,
            None,
            False,
            (),
            False,
            ref,
            self.clock.now(),
        )
        return MessageSent(message, (ADA, BEN))

    async def say(
        self, conversation: Conversation, sender: ClientId = ADA, text: str = "hello", ref: str | None = None
    ) -> Message:
        """Send a message and wait until it is stored."""
        return await self.store.appender.stored(self.said(conversation, sender, text, ref))

    async def say_at_once(self, *events: MessageSent) -> list[Message | Fault]:
        """Send several in one batch; what came of each, in the order in which they were answered."""
        answers: list[Message | Fault] = []
        done = asyncio.Event()

        def settle(message: Message, fault: Fault | None) -> None:
            answers.append(fault or message)
            if len(answers) == len(events):
                done.set()

        for event in events:
            self.store.appender.append(Append(event, settle))
        await asyncio.wait_for(done.wait(), PATIENCE)
        return answers

    def mark(self, conversation: Conversation, reader: ClientId, seq: int) -> MessagesRead:
        """A read mark on its way."""
        return MessagesRead(conversation.app_id, conversation.conv_id, reader, seq, self.clock.now(), (ADA, BEN))

    async def read(self, conversation: Conversation, reader: ClientId, seq: int) -> None:
        """Move a read mark."""
        await self.store.appender.marked(conversation.id, self.mark(conversation, reader, seq))

    async def inbox(self, client: ClientId, since: int = 0, most: int = 100) -> list[Inbox]:
        """What a client finds on coming back."""
        return await self.store.read.conversations.inbox(HALL, client, since, self.clock.now(), most)

    async def seqs(self, conversation: Conversation) -> list[int | None]:
        """The sequence numbers of everything stored in a conversation."""
        return [message.seq for message in await self.store.read.messages.after(conversation.id, 0, 100_000)]
