"""Storing a message for those it names."""

from collections.abc import Collection

from parlance.core.model.events import MessageSent
from parlance.core.model.message import Message
from parlance.core.ports.store import Store
from parlance.kernel.ids import ClientId


class Addressing:
    """Keeps a message, in a transaction of its own, for some or for all of those who are in its conversation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, event: MessageSent, clients: Collection[ClientId] | None) -> Message:
        """The message as it is stored, an earlier one if its `ref` was there already; None: for everybody.

        Its readers are told after the commit. Raises UNAVAILABLE.
        """
        message = event.message
        async with self._store.begin() as tx:
            if message.ref is not None:
                earlier = await tx.messages.by_ref(message.conversation, message.sender, message.ref)
                if earlier is not None:
                    return earlier
            if clients is None:
                await tx.addressed.add_for_everybody(message, message.created_at)
            else:
                await tx.addressed.add(message, clients, message.created_at)
            tx.announce(event)
        return message
