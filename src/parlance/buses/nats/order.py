"""The messages of a conversation in the order of its sequence, though several servers store them.

Invariants:
- What is told of a conversation here is told in the order of its sequence numbers, each once.
- A message that comes early waits for those before it, for `PATIENCE` or a little longer; then they are read from the
  store.
- Nothing waits where each message names its readers: there, others' messages look like gaps.

What did not come is told to whom it should have been told: who was in the conversation by then, and here. Who has
come since has found it by asking: numbers are given at the commit, so whoever comes when a higher number has been heard
of finds all below it. As long as anybody of a conversation is here, all that is said in it comes here; so what is
missing was on its way to somebody, or meant for nobody here, and these two say which.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

import structlog

from parlance.buses.nats.doorway import Arrival
from parlance.buses.nats.heights import NEVER, Height, Hold
from parlance.buses.nats.told import Told
from parlance.core.model.conversation import ABILITIES
from parlance.core.model.events import Event, MessageEdited, MessageRecalled, MessageSent
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PATIENCE = 0.1
LONGEST_PATIENCE = 1.0
"""Seconds that a message waits for those before it: longer where servers are so busy that what seemed missing came."""
_MORE, _LESS = 1.5, 0.998
SKEW = 1_000
"""Milliseconds that the clocks of servers may be apart, and that a message may take to be stored: whoever comes in
between does not find it by asking, and is rather told twice than not at all."""
LARGEST_SKEW = 35_000
"""The same while something may have been missed, or is slow."""
IN_FLIGHT = 60_000
"""Milliseconds before a message in which those before it may still be on their way."""
IN_FLIGHT_TO_A_ROOM = 3_000
"""The same where nobody knows since when somebody is in."""
MOST_HELD = 1_000
"""Messages of one conversation that wait for a store which does not say what is missing; then they are told without."""
LOOKED_BACK = 50
PAGE = 500
MOST_PAGES = 40
"""So much is read for one gap; of more, who looks for what was missed tells the rest, later."""
MOST_NAMED = 10_000
MOST_HEIGHTS = 100_000
"""Conversations whose height is kept at least, once they have been heard of."""


def _nobody_waits(coroutine: Coroutine[Any, Any, None]) -> None:
    coroutine.close()


class History(Protocol):
    """What the store knows of a conversation."""

    async def between(self, conversation: int, after: int, before: int, most: int) -> list[Message]:
        """Its messages between two sequence numbers, both left out; the newest so many of them, ascending."""

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> Mapping[ClientId, int]:
        """Those of some clients who are in it, and the number of the last message before they came."""


class Door(Protocol):
    """Who is with this server."""

    @property
    def turn(self) -> int:
        """How many have come so far."""

    def arrivals(self, app_id: AppId, audience: Collection[ClientId]) -> list[Arrival]:
        """Those of an audience who are here."""


Late = MessageSent | MessageEdited | MessageRecalled


class Order:
    """Puts events in order. `tell` is called with those that had to wait; `start` runs something beside."""

    def __init__(self, tell: Callable[[Sequence[Event]], None], history: History, door: Door) -> None:
        self._tell = tell
        self._history = history
        self._door = door
        self.start: Callable[[Coroutine[Any, Any, None]], None] = _nobody_waits
        self.gave_up: Callable[[int], None] = lambda _: None
        """Called when something that was stored at that time (ms) or before is missing, and was not waited for."""
        self._young: dict[int, Height] = {}
        self._old: dict[int, Height] = {}
        self._holds: dict[int, Hold] = {}
        self._watched: deque[tuple[float, int, Hold]] = deque()
        """When to look for what a hold waits for: nearly all are over by then."""
        self._watching = False
        self._patience = PATIENCE
        self._named: dict[int, None] = {}
        """The messages told lately that name their readers, by number."""
        self._told = Told()
        """Of messages that had to be read from the store, and those of servers that may not know who is here."""
        self.troubled: Callable[[], bool] = lambda: False
        """Whether something is slow, or gone."""
        self.missed_since: int | None = None
        """From when on (ms) something may have been missed that is still being looked for."""
        self.held = 0
        """How many messages came too early so far."""

    def passed(self, events: Sequence[Event], *, alone: bool = False, sure: bool = True) -> list[Event]:
        """Those that may be told now; the others are told when their turn has come.

        `alone`: there is no other server, and nothing to wait for. `sure`: whoever says it knows all who are here.
        """
        through: list[Event] = []
        for event in events:
            if type(event) is MessageSent:
                if event.message.seq is None:
                    through.append(event)
                elif ABILITIES[event.kind].addressed:
                    self._remember(event.message.id)
                    through.append(event)
                else:
                    if not sure:
                        self._told.note(event, self._door.turn)
                    self._message(event, event.message.seq, through, alone=alone)
            elif isinstance(event, MessageEdited | MessageRecalled):
                self._change(event, through)
            else:
                through.append(event)
        return through

    async def late(self, events: Sequence[Late]) -> list[Event]:
        """The same for what was found in the store, some of which may have been told before."""
        found: list[Event] = [event for event in events if not isinstance(event, MessageSent)]
        sent = [each for each in events if isinstance(each, MessageSent) and not self._was_told(each.message)]
        for _, alike in groupby(sent, lambda event: (event.message.conversation, event.audience)):
            group = [*alike]
            found += await self._owed([event.message for event in group], group[0], 0, self._found_by)
        return self.passed(found) + self._overlooked(found)

    def _was_told(self, message: Message) -> bool:
        """Whether nobody is left to be told: nearly all that is found was."""
        if message.id in self._named:
            return True
        height = self._height(message.conversation)
        between = height is not None and height.base < (message.seq or 0) <= height.top
        return between and self._told.find(message.id) is None

    def _found_by(self, message: Message) -> int:
        """How many had come here when it was known to be stored: the others have found it by asking."""
        telling = self._told.find(message.id)
        if telling is not None:
            return telling.turn
        height = self._height(message.conversation)
        return height.turn if height is not None and (message.seq or 0) <= height.base else NEVER

    def _overlooked(self, found: Sequence[Event]) -> list[Event]:
        """What was told here already, for those who were not told then: they had just come."""
        overlooked: list[Event] = []
        for event in found:
            if not isinstance(event, MessageSent) or self._waits(event.message):
                continue
            telling = self._told.find(event.message.id)
            if telling is None:
                continue
            told = frozenset(telling.readers)
            if rest := tuple(who for who in event.audience if who not in told):
                overlooked.append(again := MessageSent(event.message, rest, None, event.kind, exact=True))
                self._told.note(again, telling.turn)
        return overlooked

    def _waits(self, message: Message) -> bool:
        hold = self._holds.get(message.conversation)
        return hold is not None and message.seq in hold.early

    async def _owed(
        self, messages: Sequence[Message], like: MessageSent, since: int, found_by: Callable[[Message], int]
    ) -> list[MessageSent]:
        """Messages from the store, for those of an audience who were here, and in, when they were made.

        `found_by`: how many had come here when a message was known to be stored.
        """
        wanted = [message for message in messages if message.created_at > since]
        here = self._door.arrivals(like.message.app_id, like.audience)
        if not wanted or not here:
            return []
        abilities = ABILITIES[like.kind]
        if not (abilities.present_members or abilities.addressed):
            joined = await self._history.joined(like.message.conversation, [each.client_id for each in here])
        else:
            joined = dict.fromkeys((each.client_id for each in here), 0)
        skew = SKEW if self.missed_since is None and not self.troubled() else LARGEST_SKEW
        found = []
        for message in wanted:
            seq = message.seq or 0
            latest = message.created_at + skew
            last_turn = found_by(message)
            came = [each for each in here if each.at <= latest and each.turn <= last_turn]
            audience = tuple(each.client_id for each in came if joined.get(each.client_id, seq) < seq)
            if audience:
                found.append(MessageSent(message, audience, None, like.kind, exact=True))
        return found

    def _remember(self, number: int) -> None:
        self._named[number] = None
        if len(self._named) > MOST_NAMED:
            del self._named[next(iter(self._named))]

    def _message(self, event: MessageSent, seq: int, through: list[Event], *, alone: bool) -> None:
        conversation = event.message.conversation
        height = self._height(conversation)
        if height is None and (seq == 1 or (alone and conversation not in self._holds)):
            height = self._young[conversation] = Height(seq - 1, seq - 1, self._door.turn)
        if height is not None:
            if seq == height.top + 1:
                through.append(event)
                height.top = seq
                if conversation in self._holds:
                    self._patience = max(PATIENCE, self._patience * _LESS)
                    self._release(conversation, height, through)
                return
            if seq <= height.top:
                # Told already, unless it comes so late that nobody waited for it.
                if seq <= height.base:
                    through.append(event)
                return
        hold = self._hold(conversation)
        hold.early[seq] = event
        hold.turns.setdefault(seq, self._door.turn)
        self.held += 1

    def _change(self, event: MessageEdited | MessageRecalled, through: list[Event]) -> None:
        message = event.message
        height = self._height(message.conversation)
        seq = message.seq or 0
        unknown = height is None and message.conversation not in self._holds
        if unknown or (height is not None and seq <= height.top):
            through.append(event)
        else:
            self._hold(message.conversation).behind.append((seq, event))

    def _hold(self, conversation: int) -> Hold:
        hold = self._holds.get(conversation)
        if hold is None:
            hold = self._holds[conversation] = Hold()
            if self._height(conversation) is None:
                self.start(self._wait(conversation, hold, 0))
            else:
                self._watched.append((asyncio.get_running_loop().time() + self._patience, conversation, hold))
                if not self._watching:
                    self._watching = True
                    self.start(self._watch())
        return hold

    async def _watch(self) -> None:
        """Have those that have waited for long see to what they wait for; a task for each hold would cost too much."""
        try:
            while self._watched:
                due, conversation, hold = self._watched[0]
                if self._holds.get(conversation) is hold and (rest := due - asyncio.get_running_loop().time()) > 0:
                    await asyncio.sleep(rest)
                    continue
                self._watched.popleft()
                if self._holds.get(conversation) is hold:
                    self.start(self._wait(conversation, hold, 0))
        finally:
            self._watching = False

    def _release(self, conversation: int, height: Height, through: list[Event]) -> None:
        """Let go of what is next in the sequence, and of the hold if that is all."""
        hold = self._holds[conversation]
        while (event := hold.early.pop(height.top + 1, None)) is not None:
            through.append(event)
            height.top += 1
        if not hold.early and all(seq <= height.top for seq, _ in hold.behind):
            del self._holds[conversation]
            through += [event for _, event in hold.behind]

    async def _wait(self, conversation: int, hold: Hold, patience: float) -> None:
        """Wait for what is missing, and then look for it; again, if more came too early meanwhile."""
        while self._holds.get(conversation) is hold:
            found: list[MessageSent] = []
            known = self._height(conversation) is not None
            if known:
                await asyncio.sleep(patience)
            patience = self._patience
            upto = max([*hold.early, *(seq for seq, _ in hold.behind)], default=0)
            try:
                if known and self._holds.get(conversation) is hold:
                    found = await self._missing(conversation, hold, upto)
                elif not known and hold.early:
                    await self._look_back(conversation, hold)
                    continue
            except Exception:  # noqa: BLE001 - without the store there is nothing to fill gaps with
                if len(hold.early) < MOST_HELD:
                    await asyncio.sleep(PATIENCE)
                    continue
                _log.warning("missing messages could not be read")
                self.gave_up(min(event.message.created_at for event in hold.early.values()))
            if self._holds.get(conversation) is hold:
                self._settle(conversation, hold, found, upto)
            elif known:
                # It came while the store was asked.
                self._patience = min(LONGEST_PATIENCE, self._patience * _MORE)

    async def _look_back(self, conversation: int, hold: Hold) -> None:
        """Find out where to begin: at what may still be on its way, or right here."""
        event = min(hold.early.values(), key=_place)
        seq = _place(event)
        before = await self._history.between(conversation, max(0, seq - 1 - LOOKED_BACK), seq, LOOKED_BACK)
        recent = await self._owed(before, event, self._since(event), _by_place(hold))
        if self._holds.get(conversation) is not hold or self._height(conversation) is not None:
            # The very first message came meanwhile.
            return
        base = min([*hold.early, *map(_place, recent)]) - 1
        height = self._young[conversation] = Height(base, base, hold.found_by()(base))
        through: list[Event] = []
        self._release(conversation, height, through)
        if through:
            self._tell(through)

    async def _missing(self, conversation: int, hold: Hold, upto: int) -> list[MessageSent]:
        """What the store has of those that did not come."""
        height = self._height(conversation)
        if height is None or not hold.early:
            return []
        like = min(hold.early.values(), key=_place)
        since = self._since(like)
        here = self._door.arrivals(like.message.app_id, like.audience)
        oldest = max(since, min((each.at for each in here), default=0) - LARGEST_SKEW)
        found: list[Message] = []
        for _ in range(MOST_PAGES):
            before = found[0].seq if found else upto + 1
            page = await self._history.between(conversation, height.top, before or 0, PAGE)
            found = page + found
            if len(page) < PAGE or page[0].created_at <= oldest:
                break
        return await self._owed(found, like, since, _by_place(hold))

    def _since(self, event: MessageSent) -> int:
        """What is older than this was told, or there was nobody to tell."""
        room = ABILITIES[event.kind].present_members
        since = event.message.created_at - (IN_FLIGHT_TO_A_ROOM if room else IN_FLIGHT)
        return since if self.missed_since is None else min(since, self.missed_since)

    def _settle(self, conversation: int, hold: Hold, found: Sequence[MessageSent], upto: int) -> None:
        """Tell what there is, with what was found in between: all that was missing up to `upto` was looked for."""
        early, found_by = hold.early, hold.found_by()
        height = self._height(conversation)
        if height is None:
            base = min(early, default=upto + 1) - 1
            height = self._young[conversation] = Height(base, base, found_by(base))
        for event in found:
            early.setdefault(_place(event), event)
        through: list[Event] = []
        for seq in sorted(early):
            if seq > height.top + 1:
                if seq > upto:
                    break
                height.base = height.top = seq - 1
                height.turn = found_by(height.base)
            event = early.pop(seq)
            if seq > height.top:
                through.append(event)
                height.top = seq
                if event.exact:
                    self._told.note(event, found_by(seq))
        through += [event for seq, event in hold.behind if seq <= max(height.top, upto)]
        hold.behind = [(seq, event) for seq, event in hold.behind if seq > max(height.top, upto)]
        hold.turns = {seq: hold.turns[seq] for seq in early}
        if not early and not hold.behind:
            del self._holds[conversation]
        if through:
            self._tell(through)

    def _height(self, conversation: int) -> Height | None:
        height = self._young.get(conversation)
        if height is None:
            height = self._old.pop(conversation, None)
            if height is not None:
                self._keep(conversation, height)
        elif len(self._young) > MOST_HEIGHTS:
            self._old, self._young = self._young, {conversation: height}
        return height

    def _keep(self, conversation: int, height: Height) -> None:
        self._young[conversation] = height


def _by_place(hold: Hold) -> Callable[[Message], int]:
    """How many had come here when a message of the conversation that waits was known to be stored."""
    found_by = hold.found_by()
    return lambda message: found_by(message.seq or 0)


def _place(event: MessageSent) -> int:
    return event.message.seq or 0
