"""What a client of LeanCloud's is to be told of an event; made once for everybody."""

from collections.abc import Mapping, Sequence
from typing import Final, final

import msgspec

from parlance.kernel.ids import ClientId
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.session import ClientSession

NOTHING: Final[Sequence[Push]] = ()
_NO_NEEDS: Final = Capabilities(0)


@final
class Told(msgspec.Struct, frozen=True, gc=False):
    """The pushes for each client that is told, or (`only`) those for some of them."""

    pushes: Sequence[Push] = NOTHING
    only: Mapping[ClientId, Sequence[Push]] | None = None
    needs: Capabilities = _NO_NEEDS
    """What a client must have said that it can take."""
    reader: ClientId | None = None
    unread: Push | None = None
    """For the other devices of who has read, if they are told how much is unread."""
    origin: int | None = None
    """Of a message, the session that sent it."""
    message: tuple[str, int] | None = None
    """Of a stored message, its conversation and its place there."""

    def to(self, client: ClientId, session: ClientSession, *, counts: bool) -> Sequence[Push]:
        """What this client is pushed; `counts`: it is told how much is unread."""
        if self.needs not in session.capabilities:
            return NOTHING
        if self.only is None:
            return self.pushes
        pushes = self.only.get(client, NOTHING)
        return (*pushes, self.unread) if counts and self.unread is not None and client == self.reader else pushes
