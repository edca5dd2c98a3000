"""One socket's side of the conversation with us: frames in, commands out; answers and pushes in, frames out.

Rule 1: no I/O and no clock. Whoever holds the socket passes in what it read and what time it is
(monotonic seconds), and sends what `outgoing` gives.
Rule 2: who is logged in is asked when a command is taken up, not when it is read.
Rule 3: one client's misfortune is not another's: what ends a session leaves the socket and its other sessions alone.
"""

from collections.abc import Callable
from math import inf
from typing import Final, TypeGuard

from parlance.protocols.leancloud.answers.failures import error
from parlance.protocols.leancloud.answers.sessions import closed, conflicting, echo, logged_in, opened
from parlance.protocols.leancloud.codecs import CODECS, Codec, Decoded, Push, guessed
from parlance.protocols.leancloud.codes import CloseCode, ErrorCode
from parlance.protocols.leancloud.commands import conversations, members, messages, sessions
from parlance.protocols.leancloud.commands.command import MOST_CHARACTERS_OF_AN_ID, Command
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.limits import Limits
from parlance.protocols.leancloud.moves import (
    OVER,
    ConnectionEvent,
    ConnectionState,
    OutOfTurnError,
    SessionEvent,
    move_connection,
)
from parlance.protocols.leancloud.pacing import Pacing
from parlance.protocols.leancloud.pushes.farewells import goaway, kicked
from parlance.protocols.leancloud.pushes.push import CHAT
from parlance.protocols.leancloud.reader import Asked, Misbehaved, read
from parlance.protocols.leancloud.session import ClientSession, ClientSessions
from parlance.protocols.leancloud.subprotocols import Format, Subprotocol

PUSH_BACK: Final[frozenset[type[Command]]] = frozenset(
    {
        conversations.StartConversation,
        members.AddMembers,
        members.RemoveMembers,
        members.UpdateMemberInfo,
        members.ShutUpMembers,
        members.LetMembersSpeak,
        members.BlockMembers,
        members.UnblockMembers,
    }
)
"""Commands whose consequences are pushed to who gave them as well (wire: leancloud#pacing)."""
_FOR_INSTALLATIONS: Final = (sessions.Login, sessions.Logout)


class Connection:
    """The protocol of one socket, from its first frame to its last.

    The holder of the socket must:

    1. call `receive_text` or `receive_binary` with each frame; for each event, wait until `turn` says, and hand it
       to `take` before acting on it, one after another: after a `session/open`, the next only when `accept`,
       `refuse` or `refuse_conflicting` has been said;
    2. answer each command that was taken up with `answer`, and send what `outgoing` gives after every call;
    3. close the socket with `close_code` and `close_reason` once there is a `close_code`;
    4. call `on_deadline` when `next_deadline` has come; `heard` when a WebSocket ping or pong came in;
       `peer_gone` when the socket is no more; and `abandon` when it is over, for whatever reason.

    Pushes do not pass through here: `codec.addressed` makes their frames. Only those that the pacing concerns are
    given to `hold`.
    """

    __slots__ = (
        "_app_id", "_bad_frames", "_clients", "_deadline", "_heard", "_limits", "_new_peer_id", "_outgoing", "_over",
        "_pacing", "_settled", "close_code", "close_reason", "codec", "state", "subprotocol",
    )  # fmt: skip

    def __init__(
        self, subprotocol: Subprotocol | None, limits: Limits, new_peer_id: Callable[[], str], now: float
    ) -> None:
        self.subprotocol = subprotocol
        self.codec: Codec = CODECS[Format.PROTOBUF if subprotocol is None else subprotocol.format]
        self.state = ConnectionState.WAITING
        self.close_code: CloseCode | None = None
        self.close_reason = ""
        self._settled = subprotocol is not None
        """Whether the format is known; the first frame tells otherwise."""
        self._limits = limits
        self._new_peer_id = new_peer_id
        self._clients = ClientSessions()
        self._app_id: str | None = None
        """Of the installation that logged in here; its clients do not always name it again."""
        self._over = False
        self._heard = now
        self._deadline: float | None = now + limits.login_wait
        """Until the first login; afterwards silence is what ends a connection."""
        self._bad_frames = 0
        self._pacing = Pacing()
        self._outgoing: list[bytes] = []

    # What the socket says

    def receive_text(self, data: bytes | str, now: float) -> list[Asked | Misbehaved]:
        """Read one text frame. What was wrong with a bad one is already in `outgoing`."""
        if not self._listen(data, now, binary=False):
            return []
        return self._received(self.codec.read_text(data))

    def receive_binary(self, data: bytes, now: float) -> list[Asked | Misbehaved]:
        """Read one binary frame, in the same way."""
        if not self._listen(data, now, binary=True):
            return []
        return self._received(self.codec.read_binary(data))

    def heard(self, now: float) -> None:
        """The peer showed a sign of life that is no frame of ours."""
        self._heard = now

    def peer_gone(self) -> None:
        """The socket is no more."""
        self._move(ConnectionEvent.PEER_GONE)

    def next_deadline(self) -> float | None:
        """When `on_deadline` wants to be called; None when there is nothing to wait for."""
        if self._over:
            return None
        held, ends = self._pacing.due, self._ends_at()
        return ends if held is None else min(held, ends)

    def on_deadline(self, now: float) -> bool:
        """Let out what was held back until now, and say whether the connection has been waited for in vain.

        Too early a call changes nothing.
        """
        if self._over:
            return False
        self._outgoing += self._pacing.release(now)
        if now < self._ends_at():
            return False
        if self._deadline is None:
            self._end(ConnectionEvent.QUIET, CloseCode.READ_TIMEOUT)
        else:
            self._end(ConnectionEvent.QUIET, CloseCode.LOGIN_TIMEOUT)
        return True

    def outgoing(self) -> list[bytes]:
        """The payloads to send, each in a frame of its own, of the kind that `codec.binary` says; given once."""
        waiting, self._outgoing = self._outgoing, []
        return waiting

    # What the gateway does with its commands

    def turn(self, event: Asked | Misbehaved, now: float) -> float:
        """When `event` may be taken up; nearly always at once (wire: leancloud#pacing).

        What nobody waits for an answer to cannot get in the way of a push, and is not held up.
        """
        if not isinstance(event, Asked) or not event.wants_answer or type(event.command) is sessions.Echo:
            return now
        released, at = self._pacing.next_command(now)
        self._outgoing += released
        return at

    def take(self, event: Asked | Misbehaved) -> TypeGuard[Asked]:
        """Whether `event` is to be acted upon, now that its turn has come. If not, it has been answered.

        A login that is taken up must be decided before anything else is: OutOfTurnError otherwise.
        """
        if not isinstance(event, Asked) or self._over:
            return False
        if self._clients.deciding:
            raise OutOfTurnError("a login is being decided")
        self._bad_frames = 0
        command = event.command
        if type(command) is sessions.OpenSession:
            return self._begin(event, command)
        if type(command) is sessions.Echo:
            self._write(echo(), event.i, None)
            return False
        if type(command) in (sessions.Login, sessions.Logout) or (
            type(command) is messages.AckMessages and command.ids
        ):
            return True
        session = self._clients.find(event.peer_id)
        if session is None:
            self._refuse(event, ErrorCode.SESSION_REQUIRED)
            return False
        event.session, event.peer_id = session, session.peer_id
        return True

    def answer(self, asked: Asked, answer: pb.GenericCommand, now: float) -> None:
        """Answer a command that was taken up, the last of them even after the end; not what nobody waits for.

        Logging in and out have answers of their own: `accept`, `refuse`, `refuse_conflicting`, `accept_login`, `close`.
        """
        if self.state is ConnectionState.CLOSED or not asked.wants_answer:
            return
        self._write(answer, asked.i, asked.peer_id, named=asked.named)
        if type(asked.command) in PUSH_BACK and answer.cmd != pb.error:
            self._pacing.pushed(now)

    def accept(self, asked: Asked, st: str, st_ttl: int, server_ts: int) -> bool:
        """The client is in, with a token for so many seconds; False if it was lost while that was being decided."""
        session = self._decided(asked, SessionEvent.ACCEPTED)
        command = asked.command
        if session is None or not isinstance(command, sessions.OpenSession):
            return False
        session.capabilities, session.tag, session.device = command.capabilities, command.exclusive_tag, command.device
        self._somebody_in()
        self._write(opened(st, st_ttl, server_ts), asked.i, asked.peer_id)
        return True

    def refuse(self, asked: Asked, code: ErrorCode, detail: str | None = None) -> None:
        """The client may not come in; if it was in already, it stays so."""
        if self._decided(asked, SessionEvent.REFUSED) is not None:
            self._write(error(code, detail), asked.i, asked.peer_id)

    def refuse_conflicting(self, asked: Asked) -> None:
        """The client came back by itself and finds another device in its place (wire: leancloud#tags)."""
        if self._decided(asked, SessionEvent.REFUSED) is not None:
            self._write(conflicting(), asked.i, asked.peer_id)

    def accept_login(self, asked: Asked) -> None:
        """An installation is in, for watched queries or pushes; it has no session."""
        command = asked.command
        if not self._over and isinstance(command, sessions.Login):
            self._somebody_in()
            self._app_id = command.app_id
            self.answer(asked, logged_in(command.installation_id, command.service), self._heard)

    def close(self, asked: Asked) -> None:
        """The client's `session/close` has been carried out; the socket stays."""
        session = asked.session
        if session is None or self._over:
            return
        self._clients.finish(session, SessionEvent.CLOSED)
        self.answer(asked, closed(), self._heard)

    # What happens to its clients, and to all of it

    @property
    def clients(self) -> list[ClientSession]:
        """Those that are logged in here, the first to have come first."""
        return self._clients.all_open

    def client(self, peer_id: str) -> ClientSession | None:
        """The session of a client that is logged in here."""
        return self._clients.find(peer_id)

    def kick(self, peer_id: str, code: ErrorCode, reason: str | None, server_ts: int) -> None:
        """A client is out: its tag is another device's now, or the app does not want it. The socket stays."""
        session = self._clients.find(peer_id)
        if session is None or self._over:
            return
        self._clients.finish(session, SessionEvent.KICKED)
        self._outgoing.append(self.codec.addressed(kicked(code, reason, server_ts), peer_id))

    def abandon(self) -> list[ClientSession]:
        """The connection is over: those who were still in, without having said goodbye. Given once."""
        return self._clients.abandon()

    def hold(self, push: Push, peer_id: str, due: float) -> None:
        """Keep a push to a client of this connection until `due` (see `pacing`), or its next command."""
        if not self._over:
            self._pacing.hold(self.codec.addressed(push, peer_id), due)

    @property
    def holding(self) -> bool:
        """Whether something is held back: what comes after it waits as well, so that nothing is overtaken."""
        return self._pacing.due is not None

    def pushed_to_itself(self, now: float) -> None:
        """A command of this connection had a push to this connection as well: its next one waits."""
        self._pacing.pushed(now)

    def going_away(self, *, elsewhere: bool = True) -> None:
        """The server stops: clients come back, and ask for the address before if there is one `elsewhere`."""
        if not self._over:
            self._outgoing += self._pacing.release(inf)
            if elsewhere:
                self._outgoing.append(self.codec.write(goaway()))
        self._end(ConnectionEvent.GOING_AWAY, CloseCode.GOING_AWAY)

    def overflowed(self) -> None:
        """The peer reads more slowly than it is written to: it may come back."""
        self._end(ConnectionEvent.OVERFLOWED, CloseCode.OVERFLOWED)

    def turn_away(self, code: CloseCode) -> None:
        """There is nothing here for this peer, now and ever (wire: leancloud#closing)."""
        self._end(ConnectionEvent.TURNED_AWAY, code)

    # Inside

    def _listen(self, data: bytes | str, now: float, *, binary: bool) -> bool:
        if self._over:
            return False
        self._heard = now
        if len(data) > self._limits.frame_bytes:
            self._end(ConnectionEvent.FRAME_TOO_LONG, CloseCode.FRAME_TOO_LONG)
            return False
        if not self._settled:
            self.codec = guessed(data, binary=binary)
            self._settled = True
        return True

    def _received(self, decoded: Decoded) -> list[Asked | Misbehaved]:
        event = read(decoded, self._limits.message_bytes)
        if type(event) is Misbehaved:
            self._complain(event)
        return [event]

    def _complain(self, wrong: Misbehaved) -> None:
        # Whoever sends what cannot be read at all is told in any case; of a single command, whoever asked.
        if wrong.i is not None or wrong.undecodable:
            self._write(error(wrong.code, wrong.detail), wrong.i, wrong.peer_id)
        if wrong.undecodable:
            self._bad_frames += 1
            if self._bad_frames >= self._limits.bad_frames:
                self._end(ConnectionEvent.MISBEHAVED_TOO_OFTEN, CloseCode.UNPARSEABLE_RAW_MESSAGE)

    def _begin(self, asked: Asked, command: sessions.OpenSession) -> bool:
        if len(command.peer_id) > MOST_CHARACTERS_OF_AN_ID:
            self._refuse(asked, ErrorCode.INVALID_LOGIN, f"peerId: at most {MOST_CHARACTERS_OF_AN_ID} characters")
            return False
        peer_id = command.peer_id or self._new_peer_id()
        if self._clients.find(peer_id) is None and len(self._clients) >= self._limits.sessions:
            self._refuse(asked, ErrorCode.APP_QUOTA_EXCEEDED, f"at most {self._limits.sessions} clients on a socket")
            return False
        if command.app_id is None:
            command.app_id = self._app_id
        asked.session, asked.peer_id = self._clients.begin(peer_id), peer_id
        return True

    def _decided(self, asked: Asked, event: SessionEvent) -> ClientSession | None:
        """The session that `asked` was about, after `event`; None if there is nobody left to tell."""
        return None if self._over else self._clients.decide(asked.session, event)

    def _refuse(self, asked: Asked, code: ErrorCode, detail: str | None = None) -> None:
        if asked.wants_answer:
            self._write(error(code, detail), asked.i, asked.peer_id)

    def _write(self, answer: pb.GenericCommand, i: int | None, peer_id: str | None, *, named: bool = False) -> None:
        if i is not None:
            answer.i = i
        if not answer.HasField("service") and answer.cmd != pb.echo:
            answer.service = CHAT
        if peer_id is not None and (named or answer.cmd in (pb.session, pb.error)):
            answer.peerId = peer_id
        self._outgoing.append(self.codec.write(answer))

    def _somebody_in(self) -> None:
        self._move(ConnectionEvent.SOMEBODY_IN)
        self._deadline = None

    def _ends_at(self) -> float:
        if self._deadline is None or self._clients.deciding:
            return self._heard + self._limits.idle
        return self._deadline

    def _move(self, event: ConnectionEvent) -> None:
        self.state = move_connection(self.state, event)
        self._over = self.state in OVER

    def _end(self, event: ConnectionEvent, code: CloseCode) -> None:
        already_over = self._over
        self._move(event)
        if not already_over:
            self.close_code = code
            self.close_reason = code.name
