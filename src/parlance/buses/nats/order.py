"""The messages of a conversation in the order of its sequence, though several servers store them.

Invariants:
- What is told of a conversation here is told in the order of its sequence numbers, each once.
- A message that comes early waits, at most `PATIENCE`, for those before it; then they are read from the store.
- Nothing waits where each message names its readers: there, others' messages look like gaps.

Only what was stored a moment before is waited for, and only told to who was here by then: what is older was told
already, or there was nobody to tell, and who has come since has found it by asking.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from typing import Any

import msgspec
import structlog

from parlance.core.model.conversation import ABILITIES
from parlance.core.model.events import Event, MessageEdited, MessageRecalled, MessageSent
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PATIENCE = 0.1
"""Seconds that a message waits for those before it."""
SKEW = 250
"""Milliseconds that the clocks of servers may be apart."""
IN_FLIGHT = 3_000
"""Milliseconds before a message in which those before it may still be on their way."""
MOST_FAILURES = 20
"""Times that the store is asked for what is missing before it is given up."""
LOOKED_BACK = 50
MOST_FILLED = 500
"""Messages that are read for one gap; who missed more asks for them, as after any absence."""
MOST_NAMED = 10_000
MOST_HEIGHTS = 100_000
"""Conversations whose height is kept at least, once they have been heard of."""


def _nobody_waits(coroutine: Coroutine[Any, Any, None]) -> None:
    coroutine.close()


History = Callable[[int, int, int, int], Awaitable[list[Message]]]
"""A conversation's messages between two sequence numbers, both left out; the newest so many of them, ascending."""


Arrivals = Callable[[AppId, Collection[ClientId]], list[tuple[ClientId, int]]]
"""Those of an audience who are here, and since when (ms)."""
Late = MessageSent | MessageEdited | MessageRecalled


class _Height(msgspec.Struct, gc=False):
    """Everything above `base` and up to `top` was told here; what is at `base` or below never was."""

    base: int
    top: int


class _Hold(msgspec.Struct):
    """Messages of one conversation that came too early, by number, and what came after them and speaks of them."""

    early: dict[int, MessageSent] = msgspec.field(default_factory=dict)
    behind: list[tuple[int, Event]] = msgspec.field(default_factory=list)
    failures: int = 0
    """How often the store did not say what was missing."""


class Order:
    """Puts events in order. `tell` is called with those that had to wait; `start` runs something beside."""

    def __init__(self, tell: Callable[[Sequence[Event]], None], history: History, arrivals: Arrivals) -> None:
        self._tell = tell
        self._history = history
        self._arrivals = arrivals
        self.start: Callable[[Coroutine[Any, Any, None]], None] = _nobody_waits
        self._young: dict[int, _Height] = {}
        self._old: dict[int, _Height] = {}
        self._holds: dict[int, _Hold] = {}
        self._named: dict[int, None] = {}
        """The messages told lately that name their readers, by number."""
        self.missed_since: int | None = None
        """From when on (ms) something may have been missed that is still being looked for."""
        self.held = 0
        """How many messages came too early so far."""

    def passed(self, events: Sequence[Event], *, alone: bool = False) -> list[Event]:
        """Those that may be told now; the others are told when their turn has come.

        `alone`: there is no other server, and nothing to wait for.
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
                    self._message(event, event.message.seq, through, alone=alone)
            elif isinstance(event, MessageEdited | MessageRecalled):
                self._change(event, through)
            else:
                through.append(event)
        return through

    def late(self, events: Sequence[Late]) -> list[Event]:
        """The same for what was found in the store, some of which may have been told before."""
        found: list[Event] = []
        for event in events:
            if not isinstance(event, MessageSent):
                found.append(event)
            elif event.message.id not in self._named:
                found += self._again([event.message], event, 0)
        return self.passed(found)

    def _again(self, messages: Sequence[Message], like: MessageSent, since: int) -> list[MessageSent]:
        """Messages from the store, for those of an audience who were here when they were made."""
        here = self._arrivals(like.message.app_id, like.audience)
        found = []
        for message in messages:
            audience = tuple(client for client, at in here if at <= message.created_at + SKEW)
            if audience and message.created_at > since:
                found.append(MessageSent(message, audience, None, like.kind, exact=True))
        return found

    def _remember(self, number: int) -> None:
        self._named[number] = None
        if len(self._named) > MOST_NAMED:
            del self._named[next(iter(self._named))]

    def _message(self, event: MessageSent, seq: int, through: list[Event], *, alone: bool) -> None:
        conversation = event.message.conversation
        height = self._height(conversation)
        if alone and conversation not in self._holds:
            if height is None or seq > height.top + 1:
                height = self._young[conversation] = _Height(seq - 1, seq - 1)
        elif height is None and seq == 1:
            height = self._young[conversation] = _Height(0, 0)
        if height is not None:
            if seq == height.top + 1:
                through.append(event)
                height.top = seq
                if conversation in self._holds:
                    self._release(conversation, height, through)
                return
            if seq <= height.top:
                # Told already, unless it comes so late that nobody waited for it.
                if seq <= height.base:
                    through.append(event)
                return
        self._hold(conversation).early[seq] = event
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

    def _hold(self, conversation: int) -> _Hold:
        hold = self._holds.get(conversation)
        if hold is None:
            hold = self._holds[conversation] = _Hold()
            self.start(self._wait(conversation, hold))
        return hold

    def _release(self, conversation: int, height: _Height, through: list[Event]) -> None:
        """Let go of what is next in the sequence, and of the hold if that is all."""
        hold = self._holds[conversation]
        while (event := hold.early.pop(height.top + 1, None)) is not None:
            through.append(event)
            height.top += 1
        if not hold.early and all(seq <= height.top for seq, _ in hold.behind):
            del self._holds[conversation]
            through += [event for _, event in hold.behind]

    async def _wait(self, conversation: int, hold: _Hold) -> None:
        """Wait for what is missing, and then look for it; again, if more came too early meanwhile."""
        while self._holds.get(conversation) is hold:
            found: list[MessageSent] = []
            known = self._height(conversation) is not None
            if known:
                await asyncio.sleep(PATIENCE)
            upto = max([*hold.early, *(seq for seq, _ in hold.behind)], default=0)
            try:
                if known and self._holds.get(conversation) is hold:
                    found = await self._missing(conversation, hold, upto)
                elif not known and hold.early:
                    await self._look_back(conversation, hold)
                    continue
            except Exception:  # noqa: BLE001 - without the store there is nothing to fill gaps with
                _log.warning("missing messages could not be read")
                hold.failures += 1
                if hold.failures < MOST_FAILURES:
                    await asyncio.sleep(PATIENCE)
                    continue
            if self._holds.get(conversation) is hold:
                self._settle(conversation, hold, found, upto)

    async def _look_back(self, conversation: int, hold: _Hold) -> None:
        """Find out where to begin: at what may still be on its way, or right here."""
        event = min(hold.early.values(), key=_place)
        seq, since = _place(event), self._since(event.message.created_at)
        before = await self._history(conversation, max(0, seq - 1 - LOOKED_BACK), seq, LOOKED_BACK)
        if self._holds.get(conversation) is not hold or self._height(conversation) is not None:
            # The very first message came meanwhile.
            return
        recent = self._again(before, event, since)
        base = min([*hold.early, *map(_place, recent)]) - 1
        height = self._young[conversation] = _Height(base, base)
        through: list[Event] = []
        self._release(conversation, height, through)
        if through:
            self._tell(through)

    async def _missing(self, conversation: int, hold: _Hold, upto: int) -> list[MessageSent]:
        """What the store has of those that did not come."""
        height = self._height(conversation)
        if height is None or not hold.early:
            return []
        like = min(hold.early.values(), key=_place)
        found = await self._history(conversation, height.top, upto + 1, MOST_FILLED)
        return self._again(found, like, self._since(like.message.created_at))

    def _since(self, created_at: int) -> int:
        """What is older than this was told, or there was nobody to tell."""
        since = created_at - IN_FLIGHT
        return since if self.missed_since is None else min(since, self.missed_since)

    def _settle(self, conversation: int, hold: _Hold, found: Sequence[MessageSent], upto: int) -> None:
        """Tell what there is, with what was found in between: all that was missing up to `upto` was looked for."""
        early = hold.early
        height = self._height(conversation)
        if height is None:
            base = min(early, default=upto + 1) - 1
            height = self._young[conversation] = _Height(base, base)
        for event in found:
            early.setdefault(_place(event), event)
        through: list[Event] = []
        for seq in sorted(early):
            if seq > height.top + 1:
                if seq > upto:
                    break
                height.base = height.top = seq - 1
            event = early.pop(seq)
            if seq > height.top:
                through.append(event)
                height.top = seq
        through += [event for seq, event in hold.behind if seq <= max(height.top, upto)]
        hold.behind = [(seq, event) for seq, event in hold.behind if seq > max(height.top, upto)]
        if not early and not hold.behind:
            del self._holds[conversation]
        if through:
            self._tell(through)

    def _height(self, conversation: int) -> _Height | None:
        height = self._young.get(conversation)
        if height is None:
            height = self._old.pop(conversation, None)
            if height is not None:
                self._keep(conversation, height)
        elif len(self._young) > MOST_HEIGHTS:
            self._old, self._young = self._young, {conversation: height}
        return height

    def _keep(self, conversation: int, height: _Height) -> None:
        self._young[conversation] = height


def _place(event: MessageSent) -> int:
    return event.message.seq or 0
