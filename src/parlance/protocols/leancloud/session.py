"""The clients on one connection."""

from typing import final

from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.moves import OutOfTurnError, SessionEvent, SessionState, move_session


@final
class ClientSession:
    """A client from its `session/open` to its end; a connection may carry many."""

    __slots__ = ("capabilities", "device", "peer_id", "state", "tag")

    def __init__(self, peer_id: str) -> None:
        self.peer_id = peer_id
        self.state = SessionState.OPENING
        self.capabilities = Capabilities(0)
        self.tag: str | None = None
        self.device: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether this client is logged in."""
        return self.state in (SessionState.OPEN, SessionState.REOPENING)

    def can(self, capability: Capabilities) -> bool:
        """Whether this client has said that it can take something."""
        return capability in self.capabilities

    def move(self, event: SessionEvent) -> None:
        """Let something happen to it."""
        self.state = move_session(self.state, event)


@final
class ClientSessions:
    """Those that are logged in, in the order in which they came, and the one that is being decided."""

    __slots__ = ("_deciding", "_open")

    def __init__(self) -> None:
        self._open: dict[str, ClientSession] = {}
        self._deciding: ClientSession | None = None

    def __len__(self) -> int:
        return len(self._open)

    @property
    def deciding(self) -> bool:
        """Whether somebody waits to be let in."""
        return self._deciding is not None

    @property
    def all_open(self) -> list[ClientSession]:
        """Those that are logged in, the first to have come first."""
        return list(self._open.values())

    def find(self, peer_id: str | None) -> ClientSession | None:
        """A client that is logged in; without a name, the one who came first (wire: leancloud#peer-id)."""
        if peer_id is not None:
            return self._open.get(peer_id)
        return next(iter(self._open.values()), None)

    def begin(self, peer_id: str) -> ClientSession:
        """Somebody asks to be let in, for the first time or again."""
        session = self._open.get(peer_id)
        if session is None:
            session = ClientSession(peer_id)
        else:
            session.move(SessionEvent.ASKED_AGAIN)
        self._deciding = session
        return session

    def decide(self, session: ClientSession | None, event: SessionEvent) -> ClientSession:
        """It has been decided about `session`."""
        if session is None or session is not self._deciding:
            raise OutOfTurnError(f"{event.value!r} while nobody waits for that")
        self._deciding = None
        session.move(event)
        if session.state is SessionState.OPEN:
            self._open[session.peer_id] = session
        return session

    def finish(self, session: ClientSession, event: SessionEvent) -> None:
        """A client is out."""
        session.move(event)
        self._open.pop(session.peer_id, None)

    def abandon(self) -> list[ClientSession]:
        """All are out, without a goodbye."""
        left = self.all_open
        for session in left:
            self.finish(session, SessionEvent.CONNECTION_OVER)
        if self._deciding is not None:
            self._deciding.move(SessionEvent.CONNECTION_OVER)
        return left
