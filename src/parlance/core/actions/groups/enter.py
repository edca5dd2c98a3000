"""Entering a group face to face: whoever is told its code comes in."""

import hmac

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors
from parlance.core.actions.people.acquaintance import make_known
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.group import CODE_WORKS, LOCKED_OUT, WRONG_CODES
from parlance.core.model.member import Roster
from parlance.core.ports.code_attempts import Attempts
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class EnterByCode:
    """A client comes in by a code. Who is wrong too often is locked out of it for a while."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._bans = bans
        self._clock = clock

    async def __call__(self, caller: Caller, group_id: int, code: str) -> Roster:
        """The group with the client in it; being in already is no error. Takes a client, who becomes known by it.

        Raises UNKNOWN_CONVERSATION, UNKNOWN_CLIENT (if the app makes none), BANNED, RATE_LIMITED (locked out, even
        for the right code), WRONG_CODE (also one that is too old, or of a group without), FULL.
        """
        client = caller.client_id
        if client is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client enters a group")
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            await make_known(tx, self._bans, caller, (client,), now)
            if await self._right(tx, roster.conversation, client, code, now):
                return await self._changes.let_in(tx, roster, (client,), client, now)
        # That it was wrong is kept: this refusal must not undo it.
        raise Fault(FaultCode.WRONG_CODE, field="code")

    async def _right(self, tx: Transaction, group: Conversation, client: ClientId, code: str, now: int) -> bool:
        """Whether the code opens the group; counts if not. Raises RATE_LIMITED."""
        if not group.code or group.created_at + CODE_WORKS <= now:
            return False
        attempts = await tx.code_attempts.of(group.id, client)
        if attempts.locked_until > now:
            raise Fault(FaultCode.RATE_LIMITED, retry_after=-(-(attempts.locked_until - now) // SECOND))
        if hmac.compare_digest(group.code.encode(), code.encode(errors="replace")):
            await tx.code_attempts.forget(group.id, client)
            return True
        wrong = attempts.wrong + 1
        locks = wrong >= WRONG_CODES
        kept = Attempts(0, now + LOCKED_OUT) if locks else Attempts(wrong)
        await tx.code_attempts.put(group.id, client, kept, now)
        return False
