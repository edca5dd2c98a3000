"""Taking over what was said in an app's conversations."""

from collections.abc import Sequence

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message, MessageStatus, MessageType, judge
from parlance.core.model.moving import MovedHistory, MovedMessage, Refusal, TakenOver
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId

SPOKEN_HERE = "it is older than what has been said here since"
_NOWHERE = ConvId("")


class TakeOverMessages:
    """Puts messages behind those that are there, in the order in which they are brought, under their own ids.

    What is there already stays as it is. Once somebody has spoken in a conversation here, nothing older goes in: its
    sequence would no longer tell the time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, histories: Sequence[MovedHistory]) -> list[TakenOver]:
        """All in one transaction; what became of each history.

        Raises NOT_PERMITTED (a client).
        """
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        judged = [[_refusal(message) for message in history.messages] for history in histories]
        async with self._store.begin() as tx:
            return [
                await self._taken(tx, caller, history, refusals)
                for history, refusals in zip(histories, judged, strict=True)
            ]

    async def _taken(
        self, tx: Transaction, caller: Caller, history: MovedHistory, refusals: list[str | None]
    ) -> TakenOver:
        now = self._clock.now()
        here = await tx.conversations.find(caller.app.app_id, history.conv_id, now)
        if here is None:
            unknown = f"there is no conversation {history.conv_id}"
            return TakenOver(0, 0, [Refusal(index, unknown) for index in range(len(history.messages))])
        ids = await tx.foreign.ids(here.id) if here.last_seq else set[str]()
        spoken = await _spoken_here(tx, here)
        new, refused, known = list[Message](), list[Refusal](), 0
        for index, (moved, refusal) in enumerate(zip(history.messages, refusals, strict=True)):
            if moved.foreign_id in ids:
                known += 1
            elif refusal is not None or moved.created_at <= spoken:
                refused.append(Refusal(index, refusal or SPOKEN_HERE))
            else:
                ids.add(moved.foreign_id)
                new.append(_message(here, moved))
        await tx.foreign.add(new, now)
        return TakenOver(len(new), known, refused)


async def _spoken_here(tx: Transaction, here: Conversation) -> int:
    """When somebody last spoke in it that did so here; 0: never."""
    latest = (await tx.messages.latest([here.id])).get(here.id) if here.last_seq else None
    return latest.created_at if latest is not None and latest.foreign_id is None else 0


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
