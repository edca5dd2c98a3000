"""What a LeanCloud client is told on coming back: what was changed, and what there is to read."""

from parlance.core.model.caller import Caller
from parlance.core.model.member import Unread
from parlance.core.model.message import Message
from parlance.core.model.places import Notifications, UnreadConversation
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

MOST_CONVERSATIONS = 50
MOST_CHANGED = 1000
MOST_NOTIFICATIONS = 1000
_NO_SEQ_IS_HIGHER = 1 << 61


class PatchedSince:
    """The messages in a client's conversations that were edited or recalled since."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, since: int) -> list[Message]:
        """By when they were changed, the earliest first; nothing since 0. Raises NOT_PERMITTED for a backend."""
        client = _client(caller)
        if since <= 0:
            return []
        return await self._store.read.messages.patched(caller.app.app_id, client, _kept(since), MOST_CHANGED)


class UnreadInbox:
    """Where a client has something to read that came since, with the last of it: fifty conversations at most."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, since: int) -> list[UnreadConversation]:
        """The newest first. Raises NOT_PERMITTED for a backend."""
        client, now = _client(caller), self._clock.now()
        members = self._store.read.members
        found = await members.unread(caller.app.app_id, client, _kept(since), now, MOST_CONVERSATIONS)
        newest = await self._newest(found, client)
        return [
            UnreadConversation(each.conversation, each.count, last, each.mentioned, each.delivered_seq)
            for each in found
            if (last := newest.get(each.conversation.id)) is not None and each.count
        ]

    async def _newest(self, found: list[Unread], client: ClientId) -> dict[int, Message]:
        """What a client sees as the newest message of each."""
        read = self._store.read
        everybodys = [each.conversation.id for each in found if not each.conversation.abilities.addressed]
        newest = await read.messages.latest(everybodys) if everybodys else {}
        for each in found:
            if each.conversation.abilities.addressed:
                own = await read.addressed.before(each.conversation.id, client, _NO_SEQ_IS_HIGHER, 1)
                newest |= {message.conversation: message for message in own}
        return newest


class NotificationsSince:
    """What lastingly happened to a client: where it came in, was taken out, silenced, blocked, and was read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, start: int, most: int) -> Notifications:
        """After `start` (ms), the earliest first. Raises NOT_PERMITTED for a backend."""
        client, most = _client(caller), max(1, min(most, MOST_NOTIFICATIONS))
        happenings, now = self._store.read.happenings, self._clock.now()
        rows = await happenings.since(caller.app.app_id, client, _kept(start), now, most + 1)
        if len(rows) <= most:
            return Notifications(rows)
        # The next question begins after the last one's time: what happened in the same millisecond stays together.
        whole = [each for each in rows if each.time < rows[-1].time]
        return Notifications(whole or rows[:most], more=True)


def _kept(time: int) -> int:
    """A time as the store can take it."""
    return max(0, min(time, _NO_SEQ_IS_HIGHER))


def _client(caller: Caller) -> ClientId:
    if caller.client_id is None:
        raise Fault(FaultCode.NOT_PERMITTED, "only a client comes back")
    return caller.client_id
