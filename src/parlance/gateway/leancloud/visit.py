"""One socket of LeanCloud's clients: commands become actions, their outcome becomes frames.

Rule 1: a socket's commands are taken up one after another, and while one is carried out, what its clients are to be
told of waits: the answer goes out first, then the pushes (wire: leancloud#pacing).
Rule 2: nothing is awaited for the commit of a message: its `ack` is put in the outbox when it comes.
Rule 3: what ends one client's session leaves the socket and its other clients alone.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import WSMsgType

from parlance.core.model.message import Message
from parlance.core.model.session import Going
from parlance.gateway.leancloud.coming import NOTHING_MISSED, catch_up, open_session
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.faults import code_of, detail_of
from parlance.gateway.leancloud.handlers import HANDLERS
from parlance.gateway.leancloud.rooms import come_back, left_behind
from parlance.gateway.leancloud.sending import draft_of, refused
from parlance.gateway.leancloud.session import Session
from parlance.gateway.leancloud.speaking import Speaking
from parlance.gateway.leancloud.told import Told
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import message_hex
from parlance.kernel.tallies import SocketTally
from parlance.protocols.leancloud.answers.failures import error
from parlance.protocols.leancloud.answers.messages import message_taken
from parlance.protocols.leancloud.answers.sessions import logged_out
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands import conversations, messages, sessions
from parlance.protocols.leancloud.commands.command import Command
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pacing import PATCH_PUSHES_AFTER, START_PUSHES_AFTER
from parlance.protocols.leancloud.reader import Asked, Misbehaved
from parlance.protocols.websocket import websocket_pong
from parlance.realtime.outbox import Outbox
from parlance.web.sockets import Message as SocketMessage
from parlance.web.sockets import Socket

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FRAMES_IN_A_ROW = 50
"""Frames of one socket that are taken up before others get their turn."""

_UNANSWERED = frozenset({messages.AckMessages, messages.ReadMessages})
"""Whatever comes of them, with a serial or without (wire: leancloud#serials)."""
_PUSHES_AFTER: dict[type[Command], float] = {
    conversations.StartConversation: START_PUSHES_AFTER,
    messages.PatchMessages: PATCH_PUSHES_AFTER,
}
"""How much later than the answer (seconds) the pushes come that waited for it."""


class Visit:
    """A socket from its first frame to its last, with all the clients on it."""

    __slots__ = ("_connection", "_desk", "_numbers", "_out", "_sessions", "_socket", "_tally")

    def __init__(
        self,
        socket: Socket,
        connection: Connection,
        desk: Desk,
        outbox: Callable[[Callable[[], None]], Outbox],
        tally: SocketTally,
    ) -> None:
        self._socket = socket
        self._connection = connection
        self._desk = desk
        self._tally = tally
        self._out = Speaking(socket, connection, desk.clock, outbox, lambda: self._let_go(lost=True))
        self._sessions: dict[str, Session] = {}
        self._numbers: set[int] = set()

    async def run(self) -> None:
        """Serve the socket until it ends."""
        taken = 0
        try:
            while True:
                events = self._read(await self._socket.receive())
                if events is None:
                    return
                taken += 1
                if not taken % FRAMES_IN_A_ROW:
                    # What has arrived already is received without waiting: others get their turn here.
                    await asyncio.sleep(0)
                for event in events:
                    waiting = await self._turn(event)
                    if waiting is not None:
                        await waiting
                self._out.say()
        finally:
            self._connection.peer_gone()
            self._let_go(lost=True)

    def _read(self, message: SocketMessage) -> list[Asked | Misbehaved] | None:
        """What a message holds; None if it was the last."""
        kind = message.type
        now = self._desk.clock.monotonic()
        if kind is WSMsgType.BINARY or kind is WSMsgType.TEXT:
            self._tally.frames_in += 1
            self._tally.bytes_in += len(message.data)
            receive = self._connection.receive_binary if kind is WSMsgType.BINARY else self._connection.receive_text
            return receive(message.data, now)
        if kind is WSMsgType.PING or kind is WSMsgType.PONG:
            self._connection.heard(now)
            if kind is WSMsgType.PING:
                # Not past the outbox: whoever pings and never reads is a slow reader like any other.
                self._out.outbox.put(websocket_pong(message.data))
            return []
        return None

    async def _turn(self, event: Asked | Misbehaved) -> Awaitable[None] | None:
        """Wait until an event may be taken up, and take it up; what then takes time is answered."""
        now = self._desk.clock.monotonic()
        at = self._connection.turn(event, now)
        if at > now:
            self._out.say()
            await asyncio.sleep(at - now)
        if not self._connection.take(event):
            self._tally.misbehaved += isinstance(event, Misbehaved)
            return None
        command = event.command
        if type(command) is messages.SendMessage:
            return self._send(event, command)
        if type(command) is messages.UnsendableMessage:
            self._out.answer(event, refused(self._desk, command.cid, command.code))
            return None
        if type(command) is sessions.OpenSession:
            return self._open(event, command)
        if event.session is None:
            return self._serve_installation(event, command)
        return self._carry_out(event, self._sessions[event.session.peer_id])

    async def _carry_out(self, asked: Asked, session: Session) -> None:
        """Do what a client asks, answer, and then tell what has happened meanwhile."""
        command = asked.command
        if type(command) is sessions.CloseSession:
            self._connection.close(asked)
            session.will = None
            self._leave(session, Going.CLOSED)
            return
        # What is never answered (and comes in great numbers) holds nothing up.
        if type(command) not in _UNANSWERED:
            self._out.wait_with_pushes()
        try:
            answer = await HANDLERS[type(command)](self._desk, session, command)
        except Fault as fault:
            answer = self._refusal(fault, command)
        except Exception as wrong:  # noqa: BLE001 - a bug of ours costs this client one answer, others nothing
            _log.error("command failed", command=type(command).__name__, connection=session.number, exc_info=wrong)
            answer = self._refusal(Fault(FaultCode.INTERNAL), command)
        if answer is not None and type(command) not in _UNANSWERED:
            self._out.answer(asked, answer)
        self._out.say()
        self._out.stop_waiting(_PUSHES_AFTER.get(type(command), 0.0))

    def _refusal(self, fault: Fault, command: Command) -> pb.GenericCommand:
        code = code_of(fault.code, type(command))
        if fault.app_code is None:
            return error(code, detail_of(fault))
        return error(code, detail_of(fault), app_code=fault.app_code, app_msg=fault.reason)

    async def _serve_installation(self, asked: Asked, command: Command) -> None:
        """An installation that watches queries or waits for pushes: nothing is told it (wire: leancloud#login)."""
        if type(command) is sessions.Login:
            if command.app_id and await self._desk.find_app(command.app_id) is not None:
                self._connection.accept_login(asked)
            else:
                self._out.answer(asked, error(ErrorCode.APP_NOT_AVAILABLE))
        elif type(command) is sessions.Logout:
            self._out.answer(asked, logged_out(command.installation_id, command.service))

    # Messages

    def _send(self, asked: Asked, command: messages.SendMessage) -> Awaitable[None] | None:
        """Take a message in (wire: leancloud#direct)."""
        assert asked.session is not None  # noqa: S101 - for the type checker: nobody else sends
        session = self._sessions[asked.session.peer_id]

        def settle(message: Message, fault: Fault | None) -> None:
            if fault is None:
                self._out.answer(asked, message_taken(message.msg_id, message.created_at, message.conv_id))
            else:
                self._refuse_message(asked, command, fault)
            self._out.say()

        try:
            draft = draft_of(command, session.client)
            if command.will:
                draft.number = self._desk.ids.message()
                session.will = draft
                taken = message_taken(message_hex(draft.number), self._desk.clock.now(), command.cid)
                self._out.answer(asked, taken)
                return None
            waiting = self._desk.actions.send.submit(session.caller, draft, session.number, settle)
        except Exception as wrong:  # noqa: BLE001 - see `_failed_to_send`
            self._failed_to_send(asked, command, wrong)
            return None
        return None if waiting is None else self._see_through(waiting, asked, command)

    async def _see_through(self, waiting: Awaitable[None], asked: Asked, command: messages.SendMessage) -> None:
        try:
            await waiting
        except Exception as wrong:  # noqa: BLE001 - see `_failed_to_send`
            self._failed_to_send(asked, command, wrong)

    def _failed_to_send(self, asked: Asked, command: messages.SendMessage, wrong: Exception) -> None:
        """Say that a message came to nothing. A bug of ours costs this client one answer, others nothing."""
        if isinstance(wrong, Fault):
            self._refuse_message(asked, command, wrong)
            return
        _log.error("message failed", exc_info=wrong)
        self._refuse_message(asked, command, Fault(FaultCode.INTERNAL))

    def _refuse_message(self, asked: Asked, command: messages.SendMessage, fault: Fault) -> None:
        if fault.code is FaultCode.RATE_LIMITED:
            self._tally.rate_limited += 1
        self._out.answer(asked, refused(self._desk, command.cid, fault))

    def _say_will(self, session: Session) -> None:
        """Send what a client that is lost has left to be said (wire: leancloud#direct)."""
        draft, session.will = session.will, None
        if draft is None:
            return
        try:
            waiting = self._desk.actions.send.submit(session.caller, draft, session.number, lambda _, __: None)
        except Fault:
            return
        if waiting is not None:
            self._desk.start(_quietly(waiting))

    # Coming and going

    async def _open(self, asked: Asked, command: sessions.OpenSession) -> None:
        """Take up a login (wire: leancloud#session-open)."""
        desk, out = self._desk, self._out
        out.wait_with_pushes()
        try:
            session = await open_session(desk, self._connection, asked, command, self)
        except Fault as fault:
            self._not_now(fault)
            return
        if session is None:
            self._tally.logins_refused += 1
            out.say()
            out.stop_waiting()
            return
        self._join(session, command.ua, reconnect=command.reconnect)
        # It hears that it is in when what it missed is known: whatever is said after that comes to it as news.
        try:
            await come_back(desk, session, reconnect=command.reconnect)
            missed = await catch_up(desk, session, command, counts=out.counts)
        except Fault as fault:
            self._not_now(fault)
            return
        except Exception as wrong:  # noqa: BLE001 - who cannot be told what it missed is in all the same
            _log.error("catching up failed", connection=session.number, exc_info=wrong)
            missed = NOTHING_MISSED
        out.say()
        if session.is_in:
            out.push(session, missed.pushes)
        out.stop_waiting(told_already=lambda who, told: who is session and missed.covers(told))

    def _not_now(self, fault: Fault) -> None:
        """The database is away: whoever logs in is to come again, and be told then what it missed."""
        _log.warning("a client is to come again", reason=fault.sentence)
        self._tally.logins_refused += 1
        self._out.come_again()

    def _join(self, session: Session, ua: str, *, reconnect: bool) -> None:
        desk, before = self._desk, self._sessions.get(session.protocol.peer_id)
        self._sessions[session.protocol.peer_id] = session
        self._numbers.add(session.number)
        session.is_in = True
        self._tally.logins += 1
        self._tally.clients += len(self._sessions) == 1 and before is None
        desk.tally.add(ua)
        desk.tally.open += 1
        first = desk.hub.add(session, session.client)
        desk.actions.come_online(session.caller, "", session.number, first=first, tag=session.tag, reconnect=reconnect)
        if before is not None:
            # The same client again: it takes the place of who it was.
            session.room, before.room = before.room, None
            self._leave(before)

    def _leave(self, session: Session, going: Going = Going.LOST) -> None:
        """A client is out, for whatever reason."""
        if not session.is_in:
            return
        session.is_in = False
        desk, peer_id = self._desk, session.protocol.peer_id
        self._numbers.discard(session.number)
        if self._sessions.get(peer_id) is session:
            del self._sessions[peer_id]
            self._tally.clients -= not self._sessions
        desk.tally.open -= 1
        if desk.hub.remove(session, session.client):
            desk.actions.go_offline(session.caller, tag=session.tag, going=going)
        elif session.room is not None:
            desk.start(left_behind(desk, session, session.room))

    def put_out(self, session: Session, code: ErrorCode, reason: str | None = None) -> None:
        """End one client's session, with words for it; the socket stays."""
        self._tally.kicked += 1
        self._connection.kick(session.protocol.peer_id, code, reason, self._desk.clock.now())
        session.will = None
        self._leave(session, Going.REPLACED if code == ErrorCode.SESSION_CONFLICT else Going.KICKED)
        self._out.say()

    def going_away(self) -> None:
        """See `gateway.visits.Visit.going_away`."""
        self._out.going_away(elsewhere=self._desk.elsewhere)
        self._let_go(lost=False)

    def finish(self) -> None:
        """See `gateway.visits.Visit.finish`."""
        self._out.finish()

    def look_at_the_clock(self, now: float) -> None:
        """See `gateway.visits.Visit.look_at_the_clock`."""
        if self._connection.on_deadline(now):
            self._tally.idled += 1
            self._out.say()

    def _let_go(self, *, lost: bool) -> None:
        """Nobody is here any more; the wills of those who are lost are carried out."""
        self._connection.abandon()
        self._out.fall_silent()
        for session in tuple(self._sessions.values()):
            if lost:
                self._say_will(session)
            if session.room is not None:
                self._desk.actions.lost_rooms.remember(session.caller, session.device_id, session.room)
            self._leave(session)

    @property
    def unsent(self) -> int:
        """How many bytes wait because the other end reads too slowly."""
        return self._out.outbox.unsent

    def push(self, session: Session, told: Told, /) -> None:
        """Tell one client of an event, when its turn has come."""
        if told.origin is not None and told.origin in self._numbers:
            self._connection.pushed_to_itself(self._desk.clock.monotonic())
        self._out.tell(session, told)


async def _quietly(waiting: Awaitable[None]) -> None:
    """Await what nobody is left to be told of."""
    try:
        await waiting
    except Fault:
        return
