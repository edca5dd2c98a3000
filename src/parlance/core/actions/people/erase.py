"""Forgetting a user."""

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.delivery import Cursor, cursor_of
from parlance.core.model.events import BanChanged, ProfileChanged
from parlance.core.model.hook import Hook
from parlance.core.model.record import Erased, Stay
from parlance.core.ports.blobs import Blobs
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId

_AT_ONCE = 200
"""Messages forgotten in one transaction: others write in between."""
_EVER = (1 << 63) - 1
_OF_WORDS = frozenset({Hook.MESSAGE_SENT, Hook.RECEIVERS_OFFLINE})
"""The hooks that tell what somebody said."""


class _Said(msgspec.Struct):
    """What such a hook tells of who said it."""

    by: str = msgspec.field(name="fromPeer")


_said = msgspec.json.Decoder(_Said).decode


class EraseUser:
    """Forgets what a user said, uploaded and is called, and takes it out of its groups.

    It is banned first, and stays so: what it logged in with would bring it back. Its id and its number stay taken. What
    it said leaves its places in the sequences; with whom it talked alone keeps the conversation, without its words.
    Erasing goes in steps: if it is cut short, erasing again goes on. Erasing twice changes nothing.
    """

    def __init__(self, store: Store, rosters: Rosters, changes: Changes, blobs: Blobs, clock: Clock) -> None:
        self._store = store
        self._rosters = rosters
        self._changes = changes
        self._blobs = blobs
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId) -> Erased:
        """Takes the backend: NOT_PERMITTED to a client. Raises UNKNOWN_CLIENT, UNAVAILABLE."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        app_id = caller.app.app_id
        async with self._store.begin() as tx:
            if await tx.users.set_banned(app_id, client, banned=True) is None:
                raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
            tx.announce(BanChanged(app_id, client, banned=True))
        stays = await self._store.read.records.stays(app_id, client)
        messages = sum([await self._forget_messages(stay, client) for stay in stays])
        left = sum([await self._take_out(caller, stay, client) for stay in stays if stay.left_at is None])
        await self._forget_told(app_id, client)
        files = await self._store.read.records.uploads(app_id, client)
        for file in files:
            # The bytes first: as long as there is a record, erasing again finds them.
            await self._blobs.delete(file.key)
            async with self._store.begin() as tx:
                await tx.files.delete(file.key)
        async with self._store.begin() as tx:
            await tx.records.forget(app_id, client, self._clock.now())
            tx.announce(ProfileChanged(app_id, client))
        return Erased(messages, len(files), left)

    async def _forget_messages(self, stay: Stay, client: ClientId) -> int:
        count = place = 0
        while said := await self._store.read.records.said(stay.conversation, client, place, _AT_ONCE):
            async with self._store.begin() as tx:
                count += await tx.records.forget_messages(stay.conversation, [message.id for message in said])
            place = said[-1].seq or 0
        return count

    async def _forget_told(self, app_id: AppId, client: ClientId) -> None:
        """What the app's own server was told, or still would be, of what the client said."""
        cursor = Cursor()
        while told := await self._store.read.deliveries.after(app_id, cursor, _EVER, _AT_ONCE):
            cursor = cursor_of(told[-1])
            words = [each.id for each in told if each.hook in _OF_WORDS and _said(each.body).by == client]
            if words:
                async with self._store.begin() as tx:
                    await tx.deliveries.forget(words)

    async def _take_out(self, caller: Caller, stay: Stay, client: ClientId) -> bool:
        """Out of where people come and go; two who talk alone are left as they are."""
        async with self._store.begin() as tx:
            roster = await self._rosters.read(tx, caller.app.app_id, stay.conv_id)
            if roster is None:
                return False
            abilities, now = roster.conversation.abilities, self._clock.now()
            if abilities.addressed:
                return bool(await self._changes.unsubscribed(tx, roster.conversation, (client,), None, now))
            if abilities.fixed_members or roster.standing(client) is None:
                return False
            await self._changes.left(tx, roster, (client,), None, now)
        return True
