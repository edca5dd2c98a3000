"""What a client talks in, as its list of conversations shows it."""

import msgspec

from parlance.core.actions.people.welcome import Welcome
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.ids import ClientId


class Recent(msgspec.Struct, frozen=True):
    """A conversation as one of its members finds it in the list."""

    conversation: Conversation
    members: tuple[ClientId, ...]
    unread: int
    last_message: Message | None
    last_sender: User | None


class RecentConversations:
    """Shows a client all that it is a member of, the liveliest first.

    Not in it: rooms, whose members are only who is present, and the system conversation, which has none.
    """

    def __init__(self, store: Store, welcome: Welcome, clock: Clock) -> None:
        self._store = store
        self._welcome = welcome
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId) -> list[Recent]:
        """A client nobody has heard of becomes known by it, and has an empty list.

        Raises FOREIGN_CLIENT, BANNED, UNKNOWN_CLIENT (of an app that makes no users).
        """
        caller.speak_as(client, "client_id")
        await self._welcome(caller.app, client)
        read = self._store.read
        inbox = await read.conversations.recent(caller.app.app_id, client, self._clock.now())
        ids = [row.conversation.id for row in inbox]
        latest = await read.messages.latest(ids)
        members = await read.members.names(ids)
        people = await read.users.find_many(caller.app.app_id, {message.sender for message in latest.values()})
        recents = []
        for row in inbox:
            conversation = row.conversation
            last = latest.get(conversation.id)
            sender = None if last is None else people.get(last.sender)
            recents.append(Recent(conversation, tuple(members.get(conversation.id, ())), row.unread, last, sender))
        return recents
