"""One client on one socket: commands become actions, their outcome becomes frames.

Rule 1: a client's commands are taken up one after another. What needs no waiting is done at once, what
does (a conversation that is not at hand, a look into the store) is awaited before the next is looked at,
so that a client's messages keep their order.
Rule 2: nothing is awaited for the commit of a message or a read mark: the answer is put in the outbox when
it comes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import WSMsgType

from parlance.core.actions.catalogue import Actions
from parlance.core.actions.presence.log_in import LoginAsked
from parlance.core.model.caller import Caller
from parlance.core.model.message import Draft, Message, NewContent
from parlance.core.model.user import Profile, client_id, client_ids
from parlance.gateway.platform_faults import CODES
from parlance.gateway.platform_wire import PlatformWire, recalled, row
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.tallies import SocketTally
from parlance.protocols.platform import commands, frames
from parlance.protocols.platform.codes import ErrorCode
from parlance.protocols.platform.commands import is_set
from parlance.protocols.platform.moves import State
from parlance.protocols.platform.reader import Misbehaved
from parlance.protocols.platform.session import Session
from parlance.protocols.websocket import websocket_frame, websocket_pong
from parlance.realtime.hub import Hub
from parlance.realtime.outbox import Outbox
from parlance.web.sockets import Message as SocketMessage
from parlance.web.sockets import Socket

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

COME_BACK_AFTER = 1
"""Seconds after which a client may come back when the server stops."""

FRAMES_IN_A_ROW = 50
"""Frames of one client that are taken up before others get their turn."""

Handler = Callable[["Visit", Any], Awaitable[None] | None]


class Visit:
    """A connection from its first frame to its last; implements `realtime.connection.Connection`."""

    __slots__ = (
        "_actions",
        "_answers_due",
        "_clock",
        "_hub",
        "_session",
        "_socket",
        "_tally",
        "caller",
        "device_id",
        "logged_in",
        "number",
        "outbox",
        "tag",
        "tag_at",
        "tell",
        "wire",
    )

    def __init__(
        self,
        *,
        number: int,
        nobody: Caller,
        socket: Socket,
        session: Session,
        wire: PlatformWire,
        actions: Actions,
        hub: Hub,
        outbox: Callable[[Callable[[], None]], Outbox],
        clock: Clock,
        tally: SocketTally,
    ) -> None:
        self.number = number
        self.caller = nobody
        self.device_id = ""
        self.tag: str | None = None
        self.tag_at = 0
        self.logged_in: ClientId | None = None
        self.wire = wire
        self.outbox = outbox(self._overflowed)
        self.tell = self.outbox.put
        self._socket = socket
        self._session = session
        self._actions = actions
        self._hub = hub
        self._clock = clock
        self._tally = tally
        self._answers_due = False

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
                    waiting = self._take_up(event)
                    if waiting is not None:
                        await self._see_through(waiting, event)
                self._say()
        finally:
            self._session.peer_gone()
            self._leave()

    def _read(self, message: SocketMessage) -> list[commands.Command | Misbehaved] | None:
        """What a message holds; None if it was the last."""
        kind = message.type
        now = self._clock.monotonic()
        if kind is WSMsgType.TEXT:
            self._tally.frames_in += 1
            self._tally.bytes_in += len(message.data)
            return self._session.receive(message.data, now)
        if kind is WSMsgType.BINARY:
            self._tally.frames_in += 1
            return self._session.receive_binary(now)
        if kind is WSMsgType.PING or kind is WSMsgType.PONG:
            self._session.heard(now)
            if kind is WSMsgType.PING:
                # Not past the outbox: whoever pings and never reads is a slow reader like any other.
                self.outbox.put(websocket_pong(message.data))
            return []
        return None

    def _take_up(self, event: commands.Command | Misbehaved) -> Awaitable[None] | None:
        """Act on an event whose turn has come; what cannot be done at once is answered, to be awaited."""
        if not self._session.take(event):
            self._tally.misbehaved += 1
            return None
        try:
            return _HANDLERS[type(event)](self, event.data)
        except Exception as error:  # noqa: BLE001 - see `_failed`
            self._failed(error, event)
            return None

    async def _see_through(self, waiting: Awaitable[None], event: commands.Command | Misbehaved) -> None:
        try:
            await waiting
        except Exception as error:  # noqa: BLE001 - see `_failed`
            self._failed(error, event)

    def _failed(self, error: Exception, event: Any) -> None:
        """Say that a command came to nothing. A bug of ours costs this client one answer, others nothing."""
        ref = event.data.ref
        if isinstance(error, Fault):
            self._refuse(error, ref)
            return
        _log.error("command failed", command=type(event).__name__, connection=self.number, exc_info=error)
        if self._session.state is State.LOGGING_IN:
            self._session.refuse_login(ErrorCode.OTHER, FaultCode.INTERNAL.value)
        else:
            self._refuse(Fault(FaultCode.INTERNAL), ref)

    # What others do to this connection

    @property
    def unsent(self) -> int:
        """See `Connection.unsent`."""
        return self.outbox.unsent

    def replaced(self) -> None:
        """See `Connection.replaced`."""
        self._tally.kicked += 1
        self._session.replaced()
        self._say()

    def displaced(self) -> None:
        """See `Connection.displaced`."""
        self.replaced()

    def kicked(self, _: str, /) -> None:
        """See `Connection.kicked`: no app comes back by itself after these words."""
        self.replaced()

    def banned(self) -> None:
        """See `Connection.banned`."""
        self._session.banned()
        self._say()

    def going_away(self) -> None:
        """See `Connection.going_away`; answers to what was taken in before still go out, until `finish`."""
        self._session.going_away(COME_BACK_AFTER)
        self._answers_due = True
        for payload in self._session.outgoing():
            self._put(payload)
        self._leave()

    def finish(self) -> None:
        """Close the socket if the session is over."""
        self._answers_due = False
        self._say()

    def look_at_the_clock(self, now: float) -> None:
        """End the visit if it has been silent for too long."""
        if self._session.on_deadline(now):
            self._tally.idled += 1
            self._say()

    def _overflowed(self) -> None:
        self._session.overflowed()
        self._say()

    # What goes out

    def _put(self, payload: bytes) -> None:
        self.outbox.put(websocket_frame(payload))

    def _say(self) -> None:
        """Send what the session has to say, and close if that was the last of it."""
        payloads = self._session.outgoing()
        code = self._session.close_code
        if code is None or self._answers_due:
            for payload in payloads:
                self._put(payload)
            return
        self._leave()
        self.outbox.flush()
        # The last words go past the outbox, which may be full.
        self._socket.write(b"".join(map(websocket_frame, payloads)))
        self._socket.close(code, self._session.close_reason)

    def _refuse(self, fault: Fault, ref: str | None) -> None:
        if fault.code is FaultCode.RATE_LIMITED:
            self._tally.rate_limited += 1
        code = CODES[fault.code]
        self._put(frames.error(code, fault.sentence, ref, retry_after=fault.retry_after))

    # Coming and going

    async def log_in(self, asked: commands.LoginAsked) -> None:
        """Take up a login: a second one on this connection replaces the first."""
        self._leave()
        try:
            client = client_id(asked.client_id)
            device = "" if asked.device_id == "" else client_id(asked.device_id, "device_id")
            who = LoginAsked(str(asked.app_id), client, asked.token, _profile(asked.ext or {}))
            caller = await self._actions.log_in(who)
        except Fault as fault:
            self._tally.logins_refused += 1
            if fault.code is FaultCode.UNAVAILABLE:
                # A refused login is for good: this one may come back.
                self._session.going_away(fault.retry_after or COME_BACK_AFTER)
                return
            self._session.refuse_login(CODES[fault.code], fault.sentence)
            return
        if not self._session.logged_in(self._clock.now()):
            return
        self._say()
        self.caller, self.device_id, self.logged_in = caller, device, client
        self._tally.logins += 1
        self._tally.clients += 1
        first = self._hub.add(self, client)
        self._actions.come_online(caller, device, self.number, first=first)
        try:
            await self._actions.hear_broadcasts(caller)
        except Fault as fault:
            # It is in all the same, and hears of it when it comes again.
            _log.warning("broadcasts not told", reason=fault.sentence)

    def _leave(self) -> None:
        """Leave the hub, if this connection is in it."""
        client, self.logged_in = self.logged_in, None
        if client is not None:
            self._tally.clients -= 1
            if self._hub.remove(self, client):
                self._actions.go_offline(self.caller)

    def log_out(self, _asked: commands.Asked) -> None:
        """Say goodbye."""
        self._session.logged_out()

    # Messages

    def send(self, asked: commands.SendAsked) -> Awaitable[None] | None:
        """Take a message in."""
        mentions = asked.mention_client_ids
        to = asked.to_client_id
        draft = Draft(
            self.caller.client_id or ClientId(""),
            asked.type,
            None if asked.conv_id is None else ConvId(asked.conv_id),
            None if to is None else client_id(to, "to_client_id"),
            asked.text,
            asked.attr,
            asked.url,
            is_set(asked.transient),
            is_set(asked.no_sync),
            is_set(asked.mention_all),
            client_ids(mentions, "mention_client_ids") if mentions else (),
            asked.ref,
        )
        return self._actions.send.submit(self.caller, draft, self.number, self._sent)

    def _sent(self, message: Message, fault: Fault | None) -> None:
        if fault is not None:
            self._refuse(fault, message.ref)
        else:
            self._put(frames.msg_sent(message.ref, message.conv_id, message.msg_id, message.seq, message.created_at))

    async def list_messages(self, asked: commands.ListAsked) -> None:
        """Read back a stretch of messages."""
        stretch = await self._actions.read_history(
            self.caller, ConvId(asked.conv_id), after=asked.after_seq, before=asked.before_seq, most=asked.limit
        )
        rows = [row(message) for message in stretch.messages]
        self._put(frames.msg_list(asked.conv_id, rows, stretch.more, asked.ref))

    def mark_read(self, asked: commands.ReadAsked) -> Awaitable[None] | None:
        """Move the read mark; only a refusal is answered."""

        def settle(fault: Fault | None) -> None:
            if fault is not None:
                self._refuse(fault, asked.ref)

        return self._actions.mark_read.submit(self.caller, ConvId(asked.conv_id), asked.seq, self.number, settle)

    async def recall(self, asked: commands.RecallAsked) -> None:
        """Take a message back."""
        message = await self._actions.recall(self.caller, ConvId(asked.conv_id), asked.msg_id, self.number)
        self._put(recalled(message, self.caller.client_id, asked.ref, answer=True))

    async def edit(self, asked: commands.EditAsked) -> None:
        """Put other words in a message."""
        content = NewContent(asked.text, asked.attr)
        message = await self._actions.edit(self.caller, ConvId(asked.conv_id), asked.msg_id, content, self.number)
        self._put(frames.msg_edited(row(message), asked.ref, answer=True))

    def type(self, asked: commands.ConversationAsked) -> Awaitable[None]:
        """Show the others that one is writing."""
        return self._actions.type(self.caller, ConvId(asked.conv_id), self.number)

    # The rest

    def watch(self, asked: commands.PresenceAsked) -> None:
        """Say who is online, and from now on when that changes."""
        clients = client_ids(list(asked.client_ids), "client_ids")
        online = self._actions.watch(self.caller, clients)
        self._hub.watch(self, clients)
        self._put(frames.presence({str(client): here for client, here in online.items()}, asked.ref, answer=True))

    async def sync(self, asked: commands.SyncAsked) -> None:
        """Say what changed while the client was away."""
        synced = await self._actions.sync(self.caller, asked.since, asked.limit)
        rows = [
            frames.sync_row(
                changed.inbox.conversation.conv_id,
                changed.inbox.conversation.kind,
                changed.inbox.conversation.last_seq,
                changed.inbox.read_seq,
                0 if changed.inbox.left else changed.inbox.unread,
                None if changed.last_message is None else row(changed.last_message),
                conv_extend=None if changed.inbox.left else changed.inbox.conversation.ext,
                ctime=changed.inbox.conversation.created_at,
                mtime=changed.inbox.conversation.updated_at,
                left=changed.inbox.left,
            )
            for changed in synced.rows
        ]
        self._put(frames.sync(rows, synced.time, synced.more, asked.ref))

    async def enter_room(self, asked: commands.ConversationAsked) -> None:
        """Come into a room."""
        await self._actions.enter_room(self.caller, ConvId(asked.conv_id))
        self._put(frames.conv_join(asked.conv_id, asked.ref))

    async def leave_room(self, asked: commands.ConversationAsked) -> None:
        """Go out of a room."""
        await self._actions.leave_room(self.caller, ConvId(asked.conv_id))
        self._put(frames.conv_leave(asked.conv_id, asked.ref))

    def ping(self, asked: commands.Asked) -> None:
        """Say what time it is."""
        self._put(frames.pong(self._clock.now(), asked.ref))


_HANDLERS: Mapping[Any, Handler] = {
    commands.Login: Visit.log_in,
    commands.SendMessage: Visit.send,
    commands.ListMessages: Visit.list_messages,
    commands.ReadMessages: Visit.mark_read,
    commands.RecallMessage: Visit.recall,
    commands.EditMessage: Visit.edit,
    commands.Typing: Visit.type,
    commands.WatchPresence: Visit.watch,
    commands.Sync: Visit.sync,
    commands.JoinConversation: Visit.enter_room,
    commands.LeaveConversation: Visit.leave_room,
    commands.Ping: Visit.ping,
    commands.Logout: Visit.log_out,
}


def _profile(ext: Mapping[str, Any]) -> Profile:
    """What a login says about its user (wire: platform#login)."""
    nickname, avatar = ext.get("nickname"), ext.get("avatar")
    return Profile(
        nickname=nickname if isinstance(nickname, str) else None,
        avatar=avatar if isinstance(avatar, str) else None,
    )
