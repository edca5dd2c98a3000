"""Whether a client is in conversations."""

from collections.abc import Collection

from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ConvId

MOST_AT_ONCE = 100
"""Conversations asked about in one call: each may have to be read."""


class Membership:
    """Tells a client where it is in."""

    def __init__(self, store: Store, rosters: Rosters) -> None:
        self._store = store
        self._rosters = rosters

    async def __call__(self, caller: Caller, conv_ids: Collection[ConvId]) -> dict[ConvId, bool]:
        """For each; it is not in one that nobody knows. Takes a client. Raises BAD_FORMAT (too many)."""
        client = caller.client_id
        if client is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client is in a conversation")
        if len(conv_ids) > MOST_AT_ONCE:
            raise bad_format("conv_ids", f"at most {MOST_AT_ONCE} conversations are asked about at once")
        found = dict.fromkeys(conv_ids, False)
        subscribed: dict[int, ConvId] = {}
        for conv_id in found:
            roster = await self._rosters.find(caller.app.app_id, conv_id)
            if roster is not None and roster.conversation.abilities.addressed:
                # Who is in it may be very many, and is not read with it.
                subscribed[roster.conversation.id] = conv_id
            elif roster is not None:
                found[conv_id] = roster.standing(client) is not None
        for number in await self._store.read.members.among(subscribed, client) if subscribed else ():
            found[subscribed[number]] = True
        return found
