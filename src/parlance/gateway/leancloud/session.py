"""One client on a socket of LeanCloud's, as the hub and the fan-out know it."""

from typing import Protocol, final

from parlance.core.model.caller import Caller
from parlance.core.model.message import Draft
from parlance.gateway.leancloud.told import Told
from parlance.gateway.leancloud.wire import LeanCloudWire
from parlance.kernel.ids import ClientId, ConvId
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.session import ClientSession


class Socket(Protocol):
    """What a session needs of the socket that it shares with others."""

    @property
    def unsent(self) -> int:
        """How many bytes wait because the other end reads too slowly."""

    def push(self, session: "Session", told: Told, /) -> None:
        """Tell one client of an event, when its turn has come."""

    def put_out(self, session: "Session", code: ErrorCode, reason: str | None = None) -> None:
        """End a client's session, with words for it; the socket stays."""


@final
class Session:
    """Implements `realtime.connection.Connection`; several may share a socket."""

    __slots__ = (
        "_socket",
        "caller",
        "client",
        "device_id",
        "is_in",
        "number",
        "protocol",
        "room",
        "tag",
        "tag_at",
        "will",
        "wire",
    )

    def __init__(
        self,
        number: int,
        caller: Caller,
        client: ClientId,
        protocol: ClientSession,
        wire: LeanCloudWire,
        socket: Socket,
        will: Draft | None = None,
        tag_at: int = 0,
    ) -> None:
        self.number = number
        self.caller = caller
        self.client = client
        self.protocol = protocol
        """What the protocol's core knows of it."""
        self.device_id = protocol.device or ""
        self.tag = protocol.tag
        self.tag_at = tag_at
        self.wire = wire
        self.is_in = False
        """Whether it is logged in still."""
        self.room: ConvId | None = None
        """The chat room that it is in: a client is in one at a time."""
        self.will = will
        """What is said in its name when it is lost."""
        self._socket = socket

    def can(self, capability: Capabilities) -> bool:
        """Whether the client can take something."""
        return self.protocol.can(capability)

    @property
    def unsent(self) -> int:
        """See `Connection.unsent`."""
        return self._socket.unsent

    def tell(self, told: Told, /) -> None:
        """See `Connection.tell`."""
        self._socket.push(self, told)

    def replaced(self) -> None:
        """See `Connection.replaced`."""
        self._socket.put_out(self, ErrorCode.SESSION_CONFLICT)

    def displaced(self) -> None:
        """See `Connection.displaced`."""
        self._socket.put_out(self, ErrorCode.SESSION_CONFLICT)

    def kicked(self, reason: str, /) -> None:
        """See `Connection.kicked`."""
        self._socket.put_out(self, ErrorCode.KICKED_BY_APP, reason or None)

    def banned(self) -> None:
        """See `Connection.banned`."""
        self._socket.put_out(self, ErrorCode.BLACKLISTED)
