"""Taking over an app's conversations, with those who are in them."""

from collections.abc import Sequence

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.moving import MovedConversation, Refusal, TakenOver
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode


class TakeOverConversations:
    """Makes those that are not here under their ids, and lets in whoever is not in those that are.

    Nobody is told: those who are let in were in before.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, moved: Sequence[MovedConversation]) -> TakenOver:
        """All in one transaction; `added` counts conversations. Raises NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        added, refused, now = 0, list[Refusal](), self._clock.now()
        async with self._store.begin() as tx:
            for index, each in enumerate(moved):
                here = await tx.conversations.find(caller.app.app_id, each.new.conv_id, now)
                if here is None:
                    here = await self._made(tx, each)
                    if here is None:
                        refused.append(Refusal(index, "there is another conversation of that id"))
                        continue
                    added += 1
                await self._let_in(tx, here, each, now)
        return TakenOver(added, len(moved) - added - len(refused), refused)

    async def _made(self, tx: Transaction, moved: MovedConversation) -> Conversation | None:
        made = await tx.conversations.add(moved.new)
        if made is None and (moved.new.direct or moved.new.unique_id):
            # There were several with the same people there; here one of them is found again.
            plain = msgspec.structs.replace(moved.new, kind=Kind.GROUP, direct=None, unique_id=None)
            made = await tx.conversations.add(plain)
        if made is not None and moved.updated_at is not None and moved.updated_at > made.created_at:
            await tx.conversations.update(msgspec.structs.replace(made, updated_at=moved.updated_at))
        return made

    async def _let_in(self, tx: Transaction, here: Conversation, moved: MovedConversation, now: int) -> None:
        if here.abilities.present_members or not moved.members:
            return
        members = moved.members
        if here.abilities.fixed_members and (await tx.members.of(here.id)):
            return
        at = here.created_at if here.last_seq == 0 else now
        await tx.users.add_missing(here.app_id, list(members), here.created_at)
        joined = set(await tx.members.join(here.id, members, at))
        for client in moved.muted:
            if client in joined:
                await tx.members.set_muted(here.id, client, muted=True)
