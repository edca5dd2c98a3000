"""Taking over what was said in an app's conversations."""

from collections.abc import Sequence
from typing import NamedTuple

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message, MessageStatus, MessageType, judge
from parlance.core.model.moving import MovedHistory, MovedMessage, Refusal, TakenOver
from parlance.core.model.origin import Noun
from parlance.core.model.typed_message import Typed
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId

SPOKEN_HERE = "it is older than what has been said here since"
_NOWHERE = ConvId("")


class TakeOverMessages:
    """Puts messages behind those that are there, in the order in which they are brought, under their own ids.

    What is there already becomes what it has become there, unless somebody edited, recalled or deleted it here. Once
    somebody has spoken in a conversation here, nothing older goes in, since its sequence would no longer tell the
    time; unless it may come `late`: then it stands at the end, as if it had been sent when it came.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(
        self, caller: Caller, histories: Sequence[MovedHistory], *, late: bool = False
    ) -> list[TakenOver]:
        """All in one transaction; what became of each history.

        Raises NOT_PERMITTED (a client).
        """
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        judged = [[_refusal(message) for message in history.messages] for history in histories]
        async with self._store.begin() as tx:
            return [
                await self._taken(tx, caller, history, refusals, late=late)
                for history, refusals in zip(histories, judged, strict=True)
            ]

    async def begun(self, caller: Caller, conv_id: ConvId) -> bool:
        """Whether anything has been said in a conversation here."""
        here = await self._store.read.conversations.find(caller.app.app_id, conv_id, self._clock.now())
        return here is not None and here.last_seq > 0

    async def _taken(
        self, tx: Transaction, caller: Caller, history: MovedHistory, refusals: list[str | None], *, late: bool
    ) -> TakenOver:
        now, app_id = self._clock.now(), caller.app.app_id
        here = await tx.conversations.find(app_id, history.conv_id, now)
        if here is None:
            if await tx.origins.of(app_id, Noun.CONVERSATION, [history.conv_id]):
                # It was brought, and deleted here.
                return TakenOver(0, len(history.messages), [])
            unknown = f"there is no conversation {history.conv_id}"
            return TakenOver(0, 0, [Refusal(index, unknown) for index in range(len(history.messages))])
        sorting = _Sorting(0 if late else await _spoken_here(tx, here), await _there(tx, here, history))
        for index, (moved, refusal) in enumerate(zip(history.messages, refusals, strict=True)):
            sorting.take(index, moved, refusal)
        changed = await _in_step(tx, here, sorting.other, now)
        await self._put(tx, here, [history.messages[index] for index in sorting.new], now)
        known = len(history.messages) - len(sorting.new) - len(sorting.refused) - changed
        return TakenOver(len(sorting.new), known, sorting.refused, changed)

    async def _put(self, tx: Transaction, here: Conversation, new: list[MovedMessage], now: int) -> None:
        messages = [_message(here, moved) for moved in new]
        await tx.foreign.add(messages, now, unread=bool(messages) and await _spoken_here(tx, here) > 0)
        if here.abilities.addressed:
            readers = {moved.foreign_id: moved.readers or (moved.sender,) for moved in new}
            await tx.foreign.address(messages, readers, now)


class _Stored(NamedTuple):
    """What a conversation has of a history."""

    messages: dict[str, Message]
    deleted: set[str]


class _Sorting:
    """Sorts a history: what is new, what says something else there now, and what cannot be taken."""

    def __init__(self, spoken: int, there: _Stored) -> None:
        self._spoken = spoken
        self._there = there
        self._taken: set[str] = set()
        self.new: list[int] = []
        self.other: list[tuple[Message, MovedMessage]] = []
        self.refused: list[Refusal] = []

    def take(self, index: int, moved: MovedMessage, refusal: str | None) -> None:
        """Sort one."""
        name = moved.foreign_id
        if name in self._taken or name in self._there.deleted:
            return
        stored = self._there.messages.get(name)
        if stored is not None and _is_said(stored, moved):
            return
        if refusal is not None or (stored is None and moved.created_at <= self._spoken):
            self.refused.append(Refusal(index, refusal or SPOKEN_HERE))
            return
        self._taken.add(name)
        if stored is None:
            self.new.append(index)
        else:
            self.other.append((stored, moved))


async def _there(tx: Transaction, here: Conversation, history: MovedHistory) -> _Stored:
    if not here.last_seq:
        return _Stored({}, set())
    found, deleted = await tx.foreign.named(here.id, [moved.foreign_id for moved in history.messages])
    return _Stored({message.msg_id: message for message in found}, deleted)


async def _in_step(tx: Transaction, here: Conversation, other: list[tuple[Message, MovedMessage]], now: int) -> int:
    """Have those say what they say there, unless they were changed here; how many do."""
    patched = [str(stored.id) for stored, _ in other if stored.patched_at is not None]
    by_us = await tx.origins.of(here.app_id, Noun.MESSAGE, patched) if patched else {}
    seen: dict[str, str] = {}
    for stored, moved in other:
        if stored.patched_at is not None and by_us.get(str(stored.id)) != str(stored.patched_at):
            continue
        if moved.recalled:
            after = await tx.messages.recall(stored.id, now)
        else:
            after = await tx.messages.edit(stored.id, moved.content.new_content(), now)
        if after is not None:
            seen[str(stored.id)] = str(after.patched_at)
    await tx.origins.put(here.app_id, Noun.MESSAGE, seen)
    return len(seen)


async def _spoken_here(tx: Transaction, here: Conversation) -> int:
    """When somebody last spoke in it that did so here; 0: never."""
    latest = (await tx.messages.latest([here.id])).get(here.id) if here.last_seq else None
    return latest.created_at if latest is not None and latest.foreign_id is None else 0


def _is_said(stored: Message, moved: MovedMessage) -> bool:
    """Whether it says that already; what was recalled never says anything again."""
    if stored.status is MessageStatus.RECALLED:
        return True
    return not moved.recalled and moved.content == Typed(
        stored.type, stored.text, stored.attr, stored.url, stored.raw, stored.is_binary
    )


def _refusal(moved: MovedMessage) -> str | None:
    """Why no conversation would take it."""
    if moved.recalled:
        return None
    try:
        judge(moved.content.draft(moved.sender, _NOWHERE))
    except Fault as fault:
        return fault.sentence
    return None


def _message(here: Conversation, moved: MovedMessage) -> Message:
    content = moved.content
    status = MessageStatus.RECALLED if moved.recalled else MessageStatus.STORED
    said = (None, None, None) if moved.recalled else (content.text, content.attr, content.url)
    return Message(
        0,
        here.app_id,
        here.id,
        here.conv_id,
        0,
        moved.sender,
        MessageType.TEXT if moved.recalled else content.type,
        *said,
        mention_all=False,
        mentions=(),
        sync=False,
        ref=None,
        created_at=moved.created_at,
        status=status,
        raw=None if moved.recalled else content.raw,
        is_binary=content.is_binary and not moved.recalled,
        foreign_id=moved.foreign_id,
    )
