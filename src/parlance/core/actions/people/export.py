"""Handing out all that is kept of a user."""

from collections.abc import AsyncIterator

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.core.model.record import Stay
from parlance.core.model.stored_file import StoredFile
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

_AT_ONCE = 500


class Restricted(msgspec.Struct, frozen=True):
    """Where a user may not speak (until when, in ms; 0: it may), or not come in."""

    conv_id: ConvId
    silenced_until: int
    blocked: bool


class Export(msgspec.Struct, frozen=True):
    """All of it; what was said comes in pieces, conversation by conversation, each in its order."""

    user: User
    conversations: list[Stay]
    restrictions: list[Restricted]
    files: list[StoredFile]
    messages: AsyncIterator[list[Message]]


class ExportUser:
    """Gathers what a user said, uploaded and is called, and where it is or was in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, client: ClientId) -> Export:
        """Takes the backend: NOT_PERMITTED to a client. Raises UNKNOWN_CLIENT."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        app_id, read = caller.app.app_id, self._store.read
        user = await read.users.find(app_id, client)
        if user is None:
            raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
        stays = await read.records.stays(app_id, client)
        restricted = [Restricted(*each) for each in await read.records.restricted(app_id, client)]
        files = await read.records.uploads(app_id, client)
        return Export(user, stays, restricted, files, self._said(stays, client))

    async def _said(self, stays: list[Stay], client: ClientId) -> AsyncIterator[list[Message]]:
        for stay in stays:
            place = 0
            while said := await self._store.read.records.said(stay.conversation, client, place, _AT_ONCE):
                yield said
                place = said[-1].seq or 0
