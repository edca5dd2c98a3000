"""On which devices a client is connected, at whichever server."""

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.inquiry import Device, DevicesAsked, DevicesFound
from parlance.core.ports.colleagues import Colleagues
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class AtServer(msgspec.Struct, frozen=True):
    """A device, and the server that it is connected to."""

    server: str
    device: Device


class DevicesOf:
    """Asks every server."""

    def __init__(self, colleagues: Colleagues) -> None:
        self._colleagues = colleagues

    async def __call__(self, caller: Caller, client: ClientId) -> list[AtServer]:
        """Those that are connected now, the oldest connection first. Raises NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        said = await self._colleagues.ask(DevicesAsked(caller.app.app_id, (client,)))
        found = [
            AtServer(answer.server, device)
            for answer in said.answers
            if isinstance(answer, DevicesFound)
            for device in answer.devices
        ]
        return sorted(found, key=lambda each: each.device.connected_at)
