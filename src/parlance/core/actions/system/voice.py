"""The app itself speaks to some of its people: the one place that stores system messages."""

from collections.abc import Collection

from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.events import MessageSent
from parlance.core.model.message import Message, MessageType
from parlance.core.model.system_message import SYSTEM, SystemMessage
from parlance.core.ports.store import Transaction
from parlance.kernel.ids import AppId, ClientId, ConvId, Ids


class Voice:
    """Says things in the app's one system conversation, which is made when first something is said."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    async def say(
        self, tx: Transaction, app_id: AppId, clients: Collection[ClientId], said: SystemMessage, at: int
    ) -> None:
        """Store a message for these clients in this transaction; they are told of it after the commit."""
        audience = tuple(dict.fromkeys(clients))
        if not audience:
            return
        conversation = await self._conversation(tx, app_id, at)
        message = Message(
            self._ids.message(),
            app_id,
            conversation.id,
            conversation.conv_id,
            0,
            SYSTEM,
            MessageType.TEXT,
            said.text,
            said.attr,
            None,
            False,
            (),
            True,
            None,
            at,
        )
        await tx.addressed.add(message, audience, at)
        tx.announce(MessageSent(message, audience, kind=conversation.kind))

    async def _conversation(self, tx: Transaction, app_id: AppId, at: int) -> Conversation:
        found = await tx.conversations.find_system(app_id)
        while found is None:
            # Nobody else writes meanwhile; only its public id may be taken, and the next one is another.
            conv_id = ConvId(self._ids.uuid())
            found = await tx.conversations.add(NewConversation(app_id, conv_id, Kind.SYSTEM, SYSTEM, at, capacity=0))
        return found
