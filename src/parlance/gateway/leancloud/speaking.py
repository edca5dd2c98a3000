"""What goes out on one of LeanCloud's sockets, and when (wire: leancloud#pacing).

Rule 1: while a command is carried out, pushes wait: its answer goes out first.
Rule 2: nothing overtakes what is held back.
"""

import asyncio
from collections.abc import Callable, Iterable

from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.told import Told
from parlance.kernel.clock import Clock
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.reader import Asked
from parlance.protocols.leancloud.subprotocols import Offline
from parlance.protocols.websocket import websocket_binary_frame, websocket_frame
from parlance.realtime.outbox import Outbox
from parlance.web.sockets import Socket


class Speaking:
    """The way out of a visit. `over` is called when the last words are about to be said, once or more."""

    __slots__ = ("_answers_due", "_clock", "_connection", "_over", "_socket", "_timer", "_waiting", "outbox")

    def __init__(
        self,
        socket: Socket,
        connection: Connection,
        clock: Clock,
        outbox: Callable[[Callable[[], None]], Outbox],
        over: Callable[[], None],
    ) -> None:
        self.outbox = outbox(self.come_again)
        self._socket = socket
        self._connection = connection
        self._clock = clock
        self._over = over
        self._waiting: list[tuple[Session, Told]] | None = None
        """What is to be told once the command that is being carried out is answered; None: there is none."""
        self._timer: asyncio.TimerHandle | None = None
        self._answers_due = False

    @property
    def counts(self) -> bool:
        """Whether clients are told how much is unread (wire: leancloud#subprotocols)."""
        spoken = self._connection.subprotocol
        return spoken is None or spoken.offline is Offline.UNREAD

    # Answers

    def answer(self, asked: Asked, answer: pb.GenericCommand) -> None:
        """Answer a command; it goes out with the next `say`."""
        self._connection.answer(asked, answer, self._clock.monotonic())

    def say(self) -> None:
        """Send what the protocol has to say, and close if that was the last of it."""
        payloads = self._connection.outgoing()
        code = self._connection.close_code
        if code is None or self._answers_due:
            for payload in payloads:
                self._put(payload)
            return
        self._over()
        self.outbox.flush()
        # The last words go past the outbox, which may be full.
        self._socket.write(b"".join(map(self._framed, payloads)))
        self._socket.close(code, self._connection.close_reason)

    def going_away(self, *, elsewhere: bool) -> None:
        """The server stops; answers to what was taken in before still go out, until `finish`."""
        self._connection.going_away(elsewhere=elsewhere)
        self._answers_due = True
        self.say()

    def finish(self) -> None:
        """Close the socket, if all is said."""
        self._answers_due = False
        self.say()

    def fall_silent(self) -> None:
        """Nobody is left to be told anything."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # Pushes

    def tell(self, session: Session, told: Told) -> None:
        """Tell one client of an event, when its turn has come."""
        if self._waiting is None:
            self._deliver(session, told)
        else:
            self._waiting.append((session, told))

    def push(self, session: Session, pushes: Iterable[Push]) -> None:
        """Push to one client at once."""
        codec, peer_id = self._connection.codec, session.protocol.peer_id
        for push in pushes:
            self._put(codec.addressed(push, peer_id))

    def wait_with_pushes(self) -> None:
        """A command is being carried out."""
        self._waiting = []

    def stop_waiting(self, delay: float = 0.0, told_already: Callable[[Session, Told], bool] | None = None) -> None:
        """It has been answered: tell what has waited, `delay` seconds later; to who is still there."""
        waiting, self._waiting = self._waiting or (), None
        for session, told in waiting:
            if session.is_in and not (told_already is not None and told_already(session, told)):
                self._deliver(session, told, delay)

    def _deliver(self, session: Session, told: Told, delay: float = 0.0) -> None:
        connection = self._connection
        pushes = told.to(session.client, session.protocol, counts=self.counts)
        if not delay and not connection.holding:
            self.push(session, pushes)
            return
        due = self._clock.monotonic() + delay
        for push in pushes:
            connection.hold(push, session.protocol.peer_id, due)
        self._wait_for_what_is_held()

    def _wait_for_what_is_held(self) -> None:
        due = self._connection.next_deadline() if self._connection.holding else None
        if due is not None and self._timer is None:
            seconds = max(0.0, due - self._clock.monotonic())
            self._timer = asyncio.get_running_loop().call_later(seconds, self._let_out)

    def _let_out(self) -> None:
        self._timer = None
        self._connection.on_deadline(self._clock.monotonic())
        self.say()
        self._wait_for_what_is_held()

    def come_again(self) -> None:
        """Close the socket; whoever is on it may come back at once."""
        self._connection.overflowed()
        self.say()

    def _framed(self, payload: bytes) -> bytes:
        return websocket_binary_frame(payload) if self._connection.codec.binary else websocket_frame(payload)

    def _put(self, payload: bytes) -> None:
        self.outbox.put(self._framed(payload))
