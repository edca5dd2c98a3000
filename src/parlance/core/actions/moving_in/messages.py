"""Taking over what was said in an app's conversations."""

from collections.abc import Sequence
from itertools import chain

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
            there = await self._looked_at(tx, caller, histories, late=late)
            taken, new = list[TakenOver](), dict[int, list[MovedMessage]]()
            for history, refusals, here in zip(histories, judged, there, strict=True):
                taken.append(await self._sorted(tx, here, history, refusals, new))
            await self._put(tx, [here for here in there if isinstance(here, _Stored)], new)
        return taken

    async def begun(self, caller: Caller, conv_id: ConvId) -> bool:
        """Whether anything has been said in a conversation here."""
        here = await self._store.read.conversations.find(caller.app.app_id, conv_id, self._clock.now())
        return here is not None and here.last_seq > 0

    async def _looked_at(
        self, tx: Transaction, caller: Caller, histories: Sequence[MovedHistory], *, late: bool
    ) -> list["_Stored | bool"]:
        """What is here of each; False: there is no such conversation, True: there was one."""
        app_id, asked = caller.app.app_id, [history.conv_id for history in histories]
        several = await tx.conversations.find_many(app_id, asked, self._clock.now())
        found = {here.conv_id: here for here in several}
        missing = [conv_id for conv_id in asked if conv_id not in found]
        gone = await tx.origins.of(app_id, Noun.CONVERSATION, missing) if missing else {}
        latest = await tx.messages.latest([here.id for here in found.values() if here.last_seq])
        there: list[_Stored | bool] = []
        for history in histories:
            here = found.get(history.conv_id)
            if here is None:
                there.append(history.conv_id in gone)
                continue
            last = latest.get(here.id)
            spoken = last.created_at if last is not None and last.foreign_id is None else 0
            names = [moved.foreign_id for moved in history.messages]
            messages, deleted = await tx.foreign.named(here.id, names) if here.last_seq else ([], set[str]())
            there.append(_Stored(here, {each.msg_id: each for each in messages}, deleted, spoken, late=late))
        return there

    async def _sorted(
        self,
        tx: Transaction,
        there: "_Stored | bool",
        history: MovedHistory,
        refusals: list[str | None],
        new: dict[int, list[MovedMessage]],
    ) -> TakenOver:
        if there is True:
            # It was brought, and deleted here.
            return TakenOver(0, len(history.messages), [])
        if there is False:
            unknown = f"there is no conversation {history.conv_id}"
            return TakenOver(0, 0, [Refusal(index, unknown) for index in range(len(history.messages))])
        sorting = _Sorting(there)
        for index, (moved, refusal) in enumerate(zip(history.messages, refusals, strict=True)):
            sorting.take(index, moved, refusal)
        changed = await _in_step(tx, there.here, sorting.other, self._clock.now()) if sorting.other else 0
        new.setdefault(there.here.id, []).extend(sorting.new)
        known = len(history.messages) - len(sorting.new) - len(sorting.refused) - changed
        return TakenOver(len(sorting.new), known, sorting.refused, changed)

    async def _put(self, tx: Transaction, there: list["_Stored"], new: dict[int, list[MovedMessage]]) -> None:
        now = self._clock.now()
        messages = {each.here.id: [_message(each.here, moved) for moved in new[each.here.id]] for each in there}
        # Whoever has spoken here, or read, is to hear of what comes from there after it.
        unread = {each.here.id for each in there if each.spoken}
        await tx.foreign.add(list(chain.from_iterable(messages.values())), now, unread)
        for each in there:
            if each.here.abilities.addressed:
                readers = {moved.foreign_id: moved.readers or (moved.sender,) for moved in new[each.here.id]}
                await tx.foreign.address(messages[each.here.id], readers, now)


class _Stored:
    """What a conversation has of a history."""

    def __init__(
        self, here: Conversation, messages: dict[str, Message], deleted: set[str], spoken: int, *, late: bool
    ) -> None:
        self.here = here
        self.messages = messages
        self.deleted = deleted
        self.spoken = spoken
        """When somebody last spoke in it that did so here; 0: never."""
        self.too_late = 0 if late else spoken


class _Sorting:
    """Sorts a history: what is new, what says something else there now, and what cannot be taken."""

    def __init__(self, there: _Stored) -> None:
        self._there = there
        self._taken: set[str] = set()
        self.new: list[MovedMessage] = []
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
        if refusal is not None or (stored is None and moved.created_at <= self._there.too_late):
            self.refused.append(Refusal(index, refusal or SPOKEN_HERE))
            return
        self._taken.add(name)
        if stored is None:
            self.new.append(moved)
        else:
            self.other.append((stored, moved))


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
