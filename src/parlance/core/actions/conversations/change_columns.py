"""Changing what is said about a conversation, as LeanCloud's clients and backends do: by columns."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, manages
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.columns import applied, asked_of
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Roster
from parlance.core.model.membership import ColumnsChanged
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId


class ChangeColumns:
    """Changes some columns: by the backend, and by members; of a group with a closed door by those who manage it."""

    def __init__(self, store: Store, doors: Doors, rosters: Rosters, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._rosters = rosters
        self._changes = changes
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, changes: Mapping[str, Any], origin: int | None = None
    ) -> ColumnsChanged:
        """`changes` by keys, which may have dots, to values or operations; reserved columns are passed over.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, WRONG_KIND (a temporary one), BAD_FORMAT (naming the
        key, or too much is said).
        """
        asked = asked_of(changes)
        async with self._store.begin() as tx:
            conversation = await self._doors.known(caller, conv_id, tx)
            roster = await self._judged(tx, caller, conversation)
            if not asked:
                return ColumnsChanged(conversation, {})
            now = self._clock.now()
            after, modified = applied(conversation, asked)
            after = msgspec.structs.replace(after, updated_at=now)
            await self._changes.updated(
                tx, roster, after, caller.client_id, now, asked=asked, modified=modified, origin=origin
            )
        return ColumnsChanged(after, modified)

    async def _judged(self, tx: Transaction, caller: Caller, conversation: Conversation) -> Roster:
        """The conversation with those who are to be told."""
        abilities = conversation.abilities
        if abilities.expires:
            raise Fault(FaultCode.WRONG_KIND, "what is said about it stays")
        if abilities.addressed:
            if abilities.the_apps_own or not caller.is_backend:
                raise Fault(FaultCode.NOT_PERMITTED)
            # Those who are in are told nothing of each other, and find it when they look.
            return Roster(conversation, {})
        roster = await self._rosters.around(tx, conversation)
        if caller.client_id is not None and roster.standing(caller.client_id) is None:
            raise Fault(FaultCode.NOT_A_MEMBER)
        # Two who talk are equals, however that began.
        if not (conversation.open_door or abilities.loosens or manages(caller, roster)):
            raise Fault(FaultCode.NOT_PERMITTED)
        return roster
