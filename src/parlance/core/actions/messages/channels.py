"""The service conversations of an app, and what its backend says in one."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Draft, Message, judge, message_of
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId, Ids


class Channels:
    """Finds one, for the backend alone, and makes messages for it. Their senders need not be known."""

    def __init__(self, doors: Doors, clock: Clock, ids: Ids) -> None:
        self._doors = doors
        self._clock = clock
        self._ids = ids

    async def find(self, caller: Caller, conv_id: ConvId) -> Conversation:
        """Raises NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, WRONG_KIND."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED, "only the app speaks here")
        conversation = await self._doors.known(caller, conv_id)
        abilities = conversation.abilities
        if not abilities.addressed or abilities.the_apps_own:
            raise Fault(FaultCode.WRONG_KIND, "that is no service conversation", field="conv_id")
        return conversation

    def message(self, draft: Draft, conversation: Conversation) -> Message:
        """What a draft becomes there. Raises what `judge` raises."""
        judge(draft)
        now = self._clock.now()
        number = self._ids.message(now) if draft.number is None else draft.number
        return message_of(draft, conversation, number, now)
