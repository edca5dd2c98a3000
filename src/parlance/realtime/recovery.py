"""After a time in which this server did not hear all that others said: what its clients missed is read and told.

So are the ends of connections: who was banned, thrown out or displaced meanwhile goes. What else is no message needs no
telling: who is in which conversation is read anew when it is asked for.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.events import MessageEdited, MessageRecalled, MessageSent, TagTaken
from parlance.core.model.message import Message, MessageStatus
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import COUNTER_BITS, AppId, ClientId, ConvId
from parlance.realtime.hub import Hub
from parlance.realtime.logins import Logins

SLACK = 35 * SECOND
"""How far servers' clocks may be apart, and how long a message may take from its number to its commit: a batch waits
for the one before it, and a statement that has no answer is given up after fifteen seconds."""
PAGE = 500
SHORTEST_REST, LONGEST_REST, RESTS = 1.0, 10.0, 5
"""Seconds of rest after a look, and how many times as long as the look it lasts: servers that are too busy to answer
each other in time must not be made busier by looking all the time."""
_NO_END = (1 << 63) - 1

Late = Sequence[MessageSent | MessageEdited | MessageRecalled]


class Recovery:
    """Looks for what was missed when it is called. `late` tells what was not told yet; `recovered` is called after."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        rosters: Rosters,
        bans: Bans,
        late: Callable[[Late], Awaitable[None]],
        recovered: Callable[[], None],
        logins: Logins,
        clock: Clock,
    ) -> None:
        self._store = store
        self._hub = hub
        self._rosters = rosters
        self._bans = bans
        self._late = late
        self._recovered = recovered
        self._logins = logins
        self._clock = clock
        self._since: int | None = None
        self._rested = 0.0
        self._again = False
        """This look follows another at once."""

    def lost(self, since: int) -> None:
        """Take note that what others said after `since` (ms) may not have been heard."""
        self._since = since if self._since is None else min(self._since, since)
        self._rosters.forget()
        self._bans.doubtful = True

    async def __call__(self) -> None:
        """Do what there is to do; what fails is done the next time."""
        if self._bans.doubtful:
            await self._bans.load()
            self._hub.show_out(self._bans.banned)
        began = self._clock.monotonic()
        if self._since is None or began < self._rested:
            return
        since, self._since = self._since, None
        try:
            self._logins.say_again()
            for app_id in self._hub.apps():
                await self._ends(app_id, since - SLACK)
                await self._messages(app_id, since - SLACK)
                await self._patches(app_id, since - SLACK)
        except BaseException:
            self.lost(since)
            raise
        # What was lost meanwhile may have been stored behind what this look had read: one more look follows at once.
        self._again = self._more() and not self._again
        if not self._again:
            ended = self._clock.monotonic()
            self._rested = ended + min(LONGEST_REST, max(SHORTEST_REST, RESTS * (ended - began)))
        if not self._more():
            self._recovered()

    def _more(self) -> bool:
        return self._since is not None

    async def _ends(self, app_id: AppId, since: int) -> None:
        """End the connections of those who were thrown out, or whose tag was taken, elsewhere and meanwhile."""
        here = tuple(self._hub.clients(app_id))
        for client, tag, device, at in await self._store.read.tag_holders.taken_since(app_id, here, since):
            self._hub.heard([TagTaken(app_id, client, tag, device, 0, at)])
        for client, at in (await self._store.read.users.kicked_since(app_id, here, since)).items():
            for login, connection in self._hub.logins(app_id, client):
                if login.at >> COUNTER_BITS < at:
                    connection.kicked("")

    async def _messages(self, app_id: AppId, since: int) -> None:
        after = max(0, since) << COUNTER_BITS
        while True:
            page = await self._store.read.messages.said_by(app_id, None, after, _NO_END, PAGE, newest=False)
            conversations: dict[ConvId, list[Message]] = {}
            for message in page:
                conversations.setdefault(message.conv_id, []).append(message)
            for conv_id, messages in conversations.items():
                await self._tell(app_id, conv_id, messages)
            if len(page) < PAGE:
                return
            after = page[-1].id

    async def _tell(self, app_id: AppId, conv_id: ConvId, messages: Iterable[Message]) -> None:
        """Tell those who are here of what was said in one conversation, in its order."""
        roster = await self._rosters.find(app_id, conv_id)
        if roster is None:
            return
        kind, here = roster.conversation.kind, self._hub.clients(app_id)
        events = []
        for message in sorted(messages, key=lambda each: each.seq or 0):
            audience: Iterable[ClientId] = roster.members
            if roster.conversation.abilities.addressed:
                audience = await self._store.read.addressed.readers(message.conversation, message.seq or 0)
            concerned = tuple(client for client in audience if client in here)
            if concerned:
                events.append(MessageSent(message, concerned, kind=kind))
        if events:
            await self._late(events)

    async def _patches(self, app_id: AppId, since: int) -> None:
        for client in tuple(self._hub.clients(app_id)):
            patched = await self._store.read.messages.patched(app_id, client, since, PAGE)
            if patched:
                await self._late([_changed(app_id, message, client) for message in patched])


def _changed(app_id: AppId, message: Message, client: ClientId) -> MessageEdited | MessageRecalled:
    what = MessageRecalled if message.status is MessageStatus.RECALLED else MessageEdited
    return what(app_id, message, None, (client,))
