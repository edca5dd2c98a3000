"""One client's side of the conversation with us: frames in, commands out; answers in, frames out.

Rule 1: no I/O and no clock. Whoever holds the socket passes in what it read and what time it is
(monotonic seconds), and sends what `outgoing` gives.
Rule 2: whether a client is logged in is asked when a command is taken up, not when it is read, so that a
login and what follows it may come in one piece.
"""

from typing import Final, TypeGuard

from parlance.protocols.platform import frames
from parlance.protocols.platform.codes import CloseCode, ErrorCode
from parlance.protocols.platform.commands import Command, Login, Logout
from parlance.protocols.platform.moves import OVER, Event, OutOfTurnError, State, move
from parlance.protocols.platform.reader import Misbehaved, read

_OPEN: Final = State.OPEN
MOST_BAD_FRAMES: Final = 20
"""So many in a row, and the session ends (wire: platform#bad-frames)."""


class Session:
    """The protocol of one socket, from its first frame to its last.

    The holder of the socket must:

    1. call `receive` with each text frame, and hand each event to `take` before acting on it, one after
       another: after a login, the next only when `logged_in` or `refuse_login` has been said;
    2. send all that `outgoing` gives after each call that may have written something;
    3. close the socket with `close_code` and `close_reason` once there is a `close_code`;
    4. call `on_deadline` when `next_deadline` has come; `heard` when a WebSocket ping or pong came in;
       `peer_gone` when the socket is no more.

    Pushes (`msg.new` and the like) do not pass through here: their bytes are the same for everybody.
    """

    __slots__ = (
        "_asked_ref",
        "_bad_frames",
        "_deadline",
        "_heard",
        "_idle",
        "_outgoing",
        "_over",
        "close_code",
        "close_reason",
        "state",
    )

    def __init__(self, login_wait: float, idle: float, now: float) -> None:
        self.state = State.OPENING
        self.close_code: CloseCode | None = None
        self.close_reason = ""
        self._over = False
        self._idle = idle
        self._heard = now
        self._deadline: float | None = now + login_wait
        """Until the first login is taken up; afterwards silence is what ends a session."""
        self._bad_frames = 0
        self._asked_ref: str | None = None
        self._outgoing: list[bytes] = []

    # What the socket says

    def receive(self, data: bytes | str, now: float) -> list[Command | Misbehaved]:
        """Read one text frame. What was wrong with a bad one is already in `outgoing`, unless it was a login."""
        if self._over:
            return []
        self._heard = now
        event = read(data)
        if type(event) is Misbehaved and not event.is_login:
            self._complain(event)
        return [event]

    def receive_binary(self, now: float) -> list[Command | Misbehaved]:
        """A binary frame came: this protocol has none."""
        if self._over:
            return []
        self._heard = now
        event = Misbehaved(ErrorCode.BAD_FORMAT, "binary frames are not spoken here")
        self._complain(event)
        return [event]

    def heard(self, now: float) -> None:
        """The peer showed a sign of life that is no text frame."""
        self._heard = now

    def peer_gone(self) -> None:
        """The socket is no more."""
        self._move(Event.PEER_GONE)

    def next_deadline(self) -> float | None:
        """When `on_deadline` wants to be called; None when there is nothing to wait for."""
        if self._over:
            return None
        return self._heard + self._idle if self._deadline is None else self._deadline

    def on_deadline(self, now: float) -> bool:
        """Whether the wait is over, and the session with it. Too early a call changes nothing."""
        deadline = self.next_deadline()
        if deadline is None or now < deadline:
            return False
        words = "silent for too long" if self._deadline is None else "no login in time"
        self._end(Event.QUIET, frames.error(ErrorCode.OTHER, words), CloseCode.QUIET, words)
        return True

    def outgoing(self) -> list[bytes]:
        """The texts to send, each in a frame of its own; each is given once."""
        waiting, self._outgoing = self._outgoing, []
        return waiting

    # What the gateway does with it

    def take(self, event: Command | Misbehaved) -> TypeGuard[Command]:
        """Whether `event` is to be acted upon, now that its turn has come.

        A login that is taken up must be decided before anything else is: OutOfTurnError otherwise.
        """
        if type(event) is Misbehaved:
            if event.is_login:
                self._refuse_unread(event)
            return False
        if self.state is _OPEN:
            self._bad_frames = 0
            if type(event) is Login:
                self._begin_login(event)
            elif type(event) is Logout:
                self._asked_ref = event.data.ref
            return True
        return self._take_before_open(event)

    def _take_before_open(self, command: Command) -> bool:
        if self.state is State.LOGGING_IN:
            raise OutOfTurnError("a login is being decided")
        if self._over:
            return False
        if isinstance(command, Login):
            self._bad_frames = 0
            self._begin_login(command)
            return True
        self._complain(Misbehaved(ErrorCode.OTHER, "log in first", ref=command.data.ref))
        return False

    def logged_in(self, time: int) -> bool:
        """The login is accepted; False if the session ended while it was being decided."""
        self._move(Event.LOGGED_IN)
        if self.state is not State.OPEN:
            return False
        self._outgoing.append(frames.login_success(time, self._asked_ref))
        return True

    def refuse_login(self, code: int, reason: str) -> None:
        """The login is refused, in words for the client; the session ends."""
        farewell = frames.error(code, reason, self._asked_ref)
        self._end(Event.REFUSED, farewell, CloseCode.REFUSED, "login refused")

    def replaced(self) -> None:
        """The same client logged in from the same device, on another connection."""
        self._end(Event.REPLACED, frames.logout_kick(), CloseCode.REPLACED, "logged in elsewhere on this device")

    def banned(self) -> None:
        """The client may not be here any more."""
        words = "the account is banned"
        self._end(Event.BANNED, frames.error(ErrorCode.BANNED, words), CloseCode.REFUSED, words)

    def logged_out(self) -> None:
        """The client's `logout` has been carried out."""
        self._end(Event.LOGGED_OUT, frames.logout_success(self._asked_ref), CloseCode.LOGGED_OUT, "logged out")

    def going_away(self, retry_after: int) -> None:
        """The server stops; the client may come back after so many seconds."""
        words = "the server restarts"
        self._end(Event.GOING_AWAY, frames.going_away(words, "restart", retry_after), CloseCode.GOING_AWAY, words)

    def overflowed(self) -> None:
        """The client reads more slowly than it is written to: it may come back and sync."""
        words = "too slow: come back and sync"
        self._end(Event.OVERFLOWED, frames.going_away(words, "slow", 0), CloseCode.OVERFLOWED, words)

    def _move(self, event: Event) -> None:
        self.state = move(self.state, event)
        self._over = self.state in OVER

    def _begin_login(self, login: Login) -> None:
        self._move(Event.LOGIN_ASKED)
        self._deadline = None
        self._asked_ref = login.data.ref

    def _refuse_unread(self, login: Misbehaved) -> None:
        """A login that could not be read is refused like any other."""
        self._move(Event.LOGIN_ASKED)
        self._asked_ref = login.ref
        self.refuse_login(login.code, login.reason)

    def _complain(self, misbehaved: Misbehaved) -> None:
        self._bad_frames += 1
        wrong = misbehaved
        self._outgoing.append(frames.error(wrong.code, wrong.reason, wrong.ref))
        if self._bad_frames >= MOST_BAD_FRAMES:
            words = "too many bad frames"
            farewell = frames.error(ErrorCode.OTHER, words)
            self._end(Event.MISBEHAVED_TOO_OFTEN, farewell, CloseCode.REFUSED, words)

    def _end(self, event: Event, farewell: bytes, code: CloseCode, reason: str) -> None:
        already_over = self._over
        self._move(event)
        if not already_over:
            self._outgoing.append(farewell)
            self.close_code = code
            self.close_reason = reason
