"""Calling a member something of its own in one conversation."""

from parlance.core.actions.doors import Doors, manages
from parlance.core.actions.members.describe import MemberDescribed
from parlance.core.model.caller import Caller
from parlance.core.model.member import judge_alias
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class CallMember:
    """Gives a member an alias: itself, the backend, the owner or an admin."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId, client: ClientId, alias: str) -> MemberDescribed:
        """The member as it is called now; `alias` "" takes it back.

        Raises BAD_FORMAT (too long), UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, UNKNOWN_CLIENT (nobody of
        that name is in it), WRONG_KIND (where nobody stays).
        """
        judge_alias(alias)
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            abilities = roster.conversation.abilities
            if abilities.present_members or abilities.addressed:
                raise Fault(FaultCode.WRONG_KIND, "nobody has a place in it")
            if client != caller.client_id and not manages(caller, roster):
                raise Fault(FaultCode.NOT_PERMITTED)
            if not await tx.members.set_alias(roster.conversation.id, client, alias):
                raise Fault(FaultCode.UNKNOWN_CLIENT, f"not a member: {client}")
            user = await tx.users.find(caller.app.app_id, client)
        return MemberDescribed(client, user, alias)
