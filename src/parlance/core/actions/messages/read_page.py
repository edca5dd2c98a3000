"""Reading a page of a conversation with who wrote it; whoever is shown the newest page has read it."""

from collections.abc import Mapping

import msgspec

from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.mark_read import MarkRead
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.welcome import Welcome
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import only_other, pair
from parlance.core.model.message import Message
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import Page, PageAsked


class Reading(msgspec.Struct, frozen=True):
    """Some messages, newest first, and their senders as far as they are known."""

    page: Page[Message]
    people: Mapping[ClientId, User]


class ReadPage:
    """A page of a conversation. A client that reads the first one is marked as having read up to its newest message."""

    def __init__(self, store: Store, doors: Doors, mark_read: MarkRead, bans: Bans) -> None:
        self._store = store
        self._doors = doors
        self._mark_read = mark_read
        self._bans = bans

    async def __call__(
        self, caller: Caller, conv_id: ConvId, asked: PageAsked, reader: ClientId | None = None
    ) -> Reading:
        """`reader`: on whose behalf a backend reads; without one, nothing is marked.

        Raises FOREIGN_CLIENT, BANNED, UNKNOWN_CONVERSATION, NOT_A_MEMBER.
        """
        caller = caller.acting_as(reader, "client_id")
        app_id = caller.app.app_id
        if caller.client_id is not None:
            self._bans.check(app_id, caller.client_id)
        conversation = (await self._doors.conversation(caller, conv_id)).conversation
        page = await self._store.read.messages.page(conversation.id, asked)
        if caller.client_id is not None and asked.number == 1 and page.rows:
            await self._mark_read(caller, conv_id, page.rows[0].seq or 0)
        return Reading(page, await self._store.read.users.find_many(app_id, {message.sender for message in page.rows}))


class ReadDirectPage:
    """A page of what two people have said to each other: nothing, if they have not met."""

    def __init__(self, store: Store, welcome: Welcome, read_page: ReadPage) -> None:
        self._store = store
        self._welcome = welcome
        self._read_page = read_page

    async def __call__(self, caller: Caller, reader: ClientId, other: ClientId, asked: PageAsked) -> Reading:
        """A reader nobody has heard of becomes known by it.

        Raises FOREIGN_CLIENT, WRONG_KIND (with oneself), BANNED, UNKNOWN_CLIENT (of an app that makes no users).
        """
        caller = caller.acting_as(reader, "client_id")
        the_two = pair(reader, only_other(reader, (other,)))
        await self._welcome(caller.app, reader)
        conversation = await self._store.read.conversations.find_direct(caller.app.app_id, the_two)
        if conversation is None:
            return Reading(Page([], 0, asked), {})
        return await self._read_page(caller, conversation.conv_id, asked)
