"""Taking a message out of the history for good."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class DeleteMessage:
    """Makes a message as if it had never been, save for its number in the sequence. Nobody is told."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId, msg_id: str, reader: ClientId | None = None) -> None:
        """`reader`: only from what this client has, where messages name their readers.

        Raises NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, UNKNOWN_MESSAGE.
        """
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        async with self._store.begin() as tx:
            conversation = await self._doors.known(caller, conv_id, tx)
            message = await tx.messages.named(conversation.id, msg_id)
            if message is None or not await _deleted(tx, message, reader):
                raise Fault(FaultCode.UNKNOWN_MESSAGE)


async def _deleted(tx: Transaction, message: Message, reader: ClientId | None) -> bool:
    if reader is None:
        return await tx.messages.delete(message.conversation, message.id)
    return await tx.addressed.remove_reader(message.conversation, reader, message.seq or 0)
