"""Putting other words in a message."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.patch import found, must_be_its_sender, readers
from parlance.core.actions.pace import Pace
from parlance.core.model.caller import Caller
from parlance.core.model.events import MessageEdited
from parlance.core.model.message import Message, NewContent, judge_edit
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId


class EditMessage:
    """Replaces what a message says: its sender within the app's window, or the backend."""

    def __init__(self, store: Store, doors: Doors, pace: Pace, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._pace = pace
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, msg_id: str, content: NewContent, origin: int | None = None
    ) -> Message:
        """Raises RATE_LIMITED, UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE, NOT_THE_SENDER, NOT_PERMITTED.

        And what `judge_edit` raises.
        """
        now = self._clock.now()
        self._pace.take(caller, conv_id)
        async with self._store.begin() as tx:
            roster, message = await found(tx, self._doors, caller, conv_id, msg_id)
            if not caller.is_backend:
                must_be_its_sender(caller, message, now)
            judge_edit(message, content)
            edited = await tx.messages.edit(message.id, content, now)
            if edited is None:
                raise Fault(FaultCode.UNKNOWN_MESSAGE)
            audience = await readers(tx, roster, edited)
            tx.announce(MessageEdited(caller.app.app_id, edited, caller.client_id, audience, origin))
        return edited
