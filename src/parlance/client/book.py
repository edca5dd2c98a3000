"""What this client knows of its conversations: hears what comes, finds out what did not, and hands it on in order.

wire: platform#order, platform#dedup, platform#sync. On a live connection what others say comes in order; a missing
number was used by another device of this client, or was lost while the line was down. Either way it is asked for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any, cast

from msgspec import UNSET

from parlance.client.errors import NotAMember, ParlanceError, UnknownConversation
from parlance.client.inbox import Inbox
from parlance.client.line import Ask
from parlance.client.model import (
    SYSTEM,
    Change,
    Changed,
    Connected,
    Edited,
    Kind,
    Message,
    Notice,
    Presence,
    Read,
    Recalled,
    Typing,
    change_in,
    message_in,
)
from parlance.client.sequences import Sequence
from parlance.protocols.platform import payloads
from parlance.protocols.platform.payloads import ServerFrame, SyncRow

STRETCH = 100
"""Rows to ask for at once."""
MOST_TRANSIENTS = 256
"""Transient messages whose ids are remembered, so that none is handed on twice."""
_ADDRESSED = frozenset({Kind.SYSTEM, Kind.SERVICE})


class Start(Enum):
    """With which messages a client begins, in conversations of which it has no bookmark."""

    NOW = "now"
    """Those that come after it came."""
    UNREAD = "unread"
    """Those that it has not read."""
    BEGINNING = "beginning"
    """All that there are."""


class Book:
    """See above. `ask` asks the server; what is to be told goes in the `inbox`."""

    def __init__(self, ask: Ask, inbox: Inbox, client_id: str, start: Start, bookmarks: Mapping[str, int]) -> None:
        self._ask = ask
        self._inbox = inbox
        self._me = client_id
        self._start = start
        self._bookmarks = dict(bookmarks)
        self._sequences: dict[str, Sequence] = {}
        self._transients: dict[str, None] = {}
        self._since = 0
        self._begun = False
        self._first_time = 0
        self._to_fill: dict[str, None] = {}
        self._to_reread: dict[str, int] = {}
        self._maybe: set[str] = set()
        self.beginnings: dict[str, int] = {}
        """Where each conversation was begun."""
        self._hears: dict[type[ServerFrame], Callable[[Any], None]] = {
            payloads.MsgNew: self._news,
            payloads.MsgEdited: self._edited,
            payloads.MsgRecalled: self._recalled,
            payloads.MsgRead: self._read,
            payloads.TypingShown: self._typing,
            payloads.PresenceShown: self._presence,
        }
        self._due = asyncio.Event()

    # What comes

    def hear(self, heard: ServerFrame) -> None:
        """A frame that is no answer, or an answer that is news as well."""
        news = self._hears.get(type(heard))
        if news is not None:
            news(heard.data)
        elif isinstance(heard, _CHANGES):
            self._changed(change_in(Change(heard.__struct_config__.tag), heard.data))

    def own(self, message: Message) -> None:
        """What this client has said was taken."""
        sequence = self._take(message)
        if sequence is not None and sequence.gap:
            # Of one commit, the acknowledgement comes before what others have said: a moment's patience.
            self._maybe.add(message.conv_id)

    def look_again(self) -> None:
        """What was missing a moment ago, and still is, has to be asked for."""
        waiting, self._maybe = self._maybe, set()
        for conv_id in waiting:
            sequence = self._sequences.get(conv_id)
            if sequence is not None and (sequence.gap or sequence.behind):
                self._fill_soon(conv_id)

    def message(self, message: Message) -> None:
        """A message came."""
        sequence = self._take(message)
        if sequence is not None and sequence.gap:
            self._fill_soon(message.conv_id)

    def _take(self, message: Message) -> Sequence | None:
        """Take a message in, and hand on whatever is due; its conversation, unless it stands in none's sequence."""
        if message.seq is None:
            if message.msg_id not in self._transients:
                self._transients[message.msg_id] = None
                if len(self._transients) > MOST_TRANSIENTS:
                    del self._transients[next(iter(self._transients))]
                self._tell(message)
            return None
        sequence = self._sequences.get(message.conv_id)
        if sequence is None:
            sequence = self._sequences[message.conv_id] = Sequence()
            sequence.sparse = message.sender == SYSTEM
        if sequence.begins_before(message.seq):
            self.beginnings[message.conv_id] = message.seq - 1
        if not self._inbox.room and self._begun:
            # It can be had again, when somebody takes what waits.
            sequence.begin(message.seq - 1)
            self._note_beginning(message.conv_id, sequence)
            sequence.behind = True
            self._fill_soon(message.conv_id)
            return sequence
        sequence.take(message.seq, message)
        if self._begun:
            sequence.begin_with_first()
            self._note_beginning(message.conv_id, sequence)
        self._hand_on(sequence)
        if sequence.behind:
            self._fill_soon(message.conv_id)
        return sequence

    def _news(self, row: payloads.MessageRow) -> None:
        self.message(message_in(row))

    def _edited(self, row: payloads.MessageRow) -> None:
        self._revised(message_in(row))

    def _recalled(self, row: payloads.RecalledRow) -> None:
        sequence = self._sequences.get(row.conv_id)
        if (sequence is None or sequence.is_news(row.msg_id, row.time)) and row.ref is UNSET:
            self._inbox.put(Recalled(row.conv_id, row.msg_id, row.seq, row.by, row.time))

    def _revised(self, message: Message, *, tell: bool = True) -> None:
        changed_at = message.changed_at or 0
        sequence = self._sequences.get(message.conv_id)
        if sequence is not None and not sequence.is_news(message.msg_id, changed_at):
            return
        if tell and message.recalled:
            self._inbox.put(Recalled(message.conv_id, message.msg_id, message.seq, None, changed_at))
        elif tell:
            self._inbox.put(Edited(message))

    def revised(self, message: Message) -> None:
        """This client has changed a message itself: nobody has to tell it."""
        self._revised(message, tell=False)

    def _read(self, mark: payloads.ReadMark) -> None:
        self._inbox.put(Read(mark.conv_id, mark.client_id, mark.seq, mark.time))

    def _typing(self, seen: payloads.TypingSeen) -> None:
        self._inbox.put(Typing(seen.conv_id, seen.client_id))

    def _presence(self, seen: payloads.OnlineClients) -> None:
        if seen.ref is UNSET:
            self._inbox.put(Presence(seen.clients))

    def _changed(self, change: Changed) -> None:
        if change.what in {Change.LEFT, Change.DELETED}:
            self._sequences.pop(change.conv_id, None)
        self._inbox.put(change)

    # Coming back

    async def catch_up(self) -> None:
        """Find out what changed since this was last called, and see to it that all of it is told."""
        again = self._begun
        self._inbox.put(Connected(again))
        more = True
        while more:
            answer = await self._ask("sync", {"since": self._since, "limit": STRETCH})
            page = cast("payloads.SyncAnswer", answer).data
            for row in page.conversations:
                self._found(row, again)
            self._since, more = page.time, page.more
        if not again:
            self._begun = True
            self._first_time = self._since
            for conv_id, sequence in self._sequences.items():
                sequence.begin_with_first()
                self._note_beginning(conv_id, sequence)
                self._hand_on(sequence)

    def _found(self, row: SyncRow, again: bool) -> None:
        """A conversation in which something changed."""
        known = self._sequences.get(row.conv_id)
        if row.left:
            if known is not None:
                self._changed(Changed(Change.LEFT, row.conv_id, time=row.mtime or 0, client_ids=(self._me,)))
            return
        sequence = self._sequences.setdefault(row.conv_id, Sequence())
        sequence.sparse = row.conv_type in _ADDRESSED
        sequence.fresh = sequence.position is None and row.conv_id not in self._bookmarks
        if sequence.position is None:
            sequence.begin(self._beginning(row, again))
            self._note_beginning(row.conv_id, sequence)
            self._hand_on(sequence)
        elif again:
            self._to_reread[row.conv_id] = sequence.position
            self._due.set()
        if row.last_seq > sequence.last or sequence.gap:
            sequence.behind = True
            self._fill_soon(row.conv_id)

    def _beginning(self, row: SyncRow, again: bool) -> int:
        """Where to begin in a conversation that was not known."""
        bookmark = self._bookmarks.get(row.conv_id)
        if bookmark is not None:
            return bookmark
        if again or self._bookmarks:
            # It came about, or took this client in, while nobody looked: what it has not read was not told.
            return 0 if row.ctime > self._since else row.read_seq
        return {Start.NOW: row.last_seq, Start.UNREAD: row.read_seq, Start.BEGINNING: 0}[self._start]

    def _note_beginning(self, conv_id: str, sequence: Sequence) -> None:
        if sequence.position is not None:
            self.beginnings.setdefault(conv_id, sequence.position)

    async def fill(self) -> None:
        """Ask for what is missing, whenever something is: runs until it is cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            while self._to_fill:
                conv_id = next(iter(self._to_fill))
                await self._attempt(conv_id, self._filled(conv_id))
                self._to_fill.pop(conv_id, None)
            while self._to_reread:
                conv_id, position = self._to_reread.popitem()
                await self._attempt(conv_id, self._reread(conv_id, position))

    async def _attempt(self, conv_id: str, step: Awaitable[None]) -> None:
        """Do it; what fails for other reasons than this client's rights is tried again in a moment, if there is one."""
        try:
            await step
        except (NotAMember, UnknownConversation):
            self._sequences.pop(conv_id, None)
        except ParlanceError:
            self._maybe.add(conv_id)

    async def _filled(self, conv_id: str) -> None:
        """Fetch what is missing of a conversation, as far as there is room for it."""
        while (sequence := self._sequences.get(conv_id)) is not None:
            await self._inbox.roomy()
            self._hand_on(sequence)
            if sequence.position is None or not (sequence.waits or sequence.behind):
                return
            if not (sequence.behind or sequence.gap):
                continue
            # What comes while the answer is on its way may stand behind something that the answer does not know of.
            sequence.behind, known = False, sequence.last
            asked = {"conv_id": conv_id, "after_seq": sequence.position, "limit": STRETCH}
            try:
                stretch = await self._stretch(asked)
            except ParlanceError:
                sequence.behind = True
                raise
            for row in stretch.messages:
                if row.seq is not None:
                    sequence.take(row.seq, message_in(row))
            sequence.covered(stretch.messages[-1].seq or 0 if stretch.messages else known)
            sequence.behind = sequence.behind or stretch.more
            self._hand_on(sequence)

    async def _reread(self, conv_id: str, position: int) -> None:
        """Look whether anything was changed in what was told before: numbers do not show it."""
        stretch = await self._stretch({"conv_id": conv_id, "before_seq": position + 1, "limit": STRETCH})
        for row in stretch.messages:
            message = message_in(row)
            if message.changed_at is not None and message.changed_at >= self._first_time:
                self._revised(message)

    async def _stretch(self, asked: dict[str, Any]) -> payloads.MessageList:
        return cast("payloads.MsgListAnswer", await self._ask("msg.list", asked)).data

    def fill_again(self, conv_id: str) -> None:
        """Something may have been missed in a conversation that no sync shows: a room."""
        sequence = self._sequences.get(conv_id)
        if sequence is not None and sequence.position is not None:
            sequence.behind = True
            self._fill_soon(conv_id)

    def _fill_soon(self, conv_id: str) -> None:
        self._to_fill[conv_id] = None
        self._due.set()

    # What goes out

    def _hand_on(self, sequence: Sequence) -> None:
        while self._inbox.room and (message := sequence.next()) is not None:
            self._tell(message)

    def _tell(self, message: Message) -> None:
        self._inbox.put(Notice(message) if message.sender == SYSTEM else message)


_CHANGES = (
    payloads.ConvJoined,
    payloads.ConvLeft,
    payloads.ConvMembersJoined,
    payloads.ConvMembersLeft,
    payloads.ConvUpdated,
    payloads.ConvDeleted,
)
