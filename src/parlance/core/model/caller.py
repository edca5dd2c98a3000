"""Who is asking."""

import msgspec

from parlance.core.model.app import App
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class Caller(msgspec.Struct, frozen=True, gc=False):
    """An app's backend (`client_id` None: acts for the whole app), or one client of it.

    `keyed` is False for who reached an `open` app without showing anything: treated as the backend, save
    for what takes the server key by itself.
    """

    app: App
    client_id: ClientId | None = None
    keyed: bool = True

    @property
    def is_backend(self) -> bool:
        """Whether the caller acts for the whole app."""
        return self.client_id is None

    def acting_as(self, client: ClientId | None, field: str) -> "Caller":
        """This caller on behalf of `client`, if one is named. Raises FOREIGN_CLIENT, naming `field`."""
        return self if client is None else msgspec.structs.replace(self, client_id=self.speak_as(client, field))

    def speak_as(self, client: ClientId, field: str) -> ClientId:
        """`client`, if this caller may speak for it; else FOREIGN_CLIENT naming `field`."""
        if self.client_id is not None and client != self.client_id:
            raise Fault(FaultCode.FOREIGN_CLIENT, field=field)
        return client
