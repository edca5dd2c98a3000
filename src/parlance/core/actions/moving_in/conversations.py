"""Taking over an app's conversations, with those who are in them."""

from collections.abc import Sequence

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.moving import MovedConversation, Refusal, TakenOver
from parlance.core.model.origin import Changes, Noun, Seen, changes, seen
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode

_as_it_was = msgspec.json.Decoder(Seen)
_as_it_is = msgspec.json.Encoder()
_NEVER = Seen()


class TakeOverConversations:
    """Makes those that are not here under their ids; does to those that are what changed there, and not here.

    What was deleted here does not come back. Nobody is told: those who are let in were in before.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, moved: Sequence[MovedConversation]) -> TakenOver:
        """All in one transaction; `added` counts conversations. Raises NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        app_id, now = caller.app.app_id, self._clock.now()
        added, changed, refused, states = 0, 0, list[Refusal](), dict[str, str]()
        async with self._store.begin() as tx:
            origins = await tx.origins.of(app_id, Noun.CONVERSATION, [each.new.conv_id for each in moved])
            for index, each in enumerate(moved):
                last = origins.get(each.new.conv_id)
                before = _NEVER if last is None else _as_it_was.decode(last)
                if last is not None and before == seen(each, before, before.at):
                    continue
                here, is_new = await tx.conversations.find(app_id, each.new.conv_id, now), False
                if here is None and last is None:
                    here, is_new = await _made(tx, each), True
                    if here is None:
                        refused.append(Refusal(index, "there is another conversation of that id"))
                        continue
                added += is_new
                after = seen(each, before, now)
                if here is not None:
                    after, is_other = await _in_step(tx, here, each, before, after)
                    changed += is_other and not is_new
                states[each.new.conv_id] = _as_it_is.encode(after).decode()
            await tx.origins.put(app_id, Noun.CONVERSATION, states)
        return TakenOver(added, len(moved) - added - changed - len(refused), refused, changed)


async def _made(tx: Transaction, moved: MovedConversation) -> Conversation | None:
    made = await tx.conversations.add(moved.new)
    if made is None and (moved.new.direct or moved.new.unique_id):
        # There were several with the same people there; here one of them is found again.
        plain = msgspec.structs.replace(moved.new, kind=Kind.GROUP, direct=None, unique_id=None)
        made = await tx.conversations.add(plain)
    if made is not None and moved.updated_at is not None and moved.updated_at > made.created_at:
        await tx.conversations.update(msgspec.structs.replace(made, updated_at=moved.updated_at))
    return made


async def _in_step(
    tx: Transaction, here: Conversation, moved: MovedConversation, before: Seen, after: Seen
) -> tuple[Seen, bool]:
    """Do what changed there; what has been seen then, and whether there was anything to do."""
    traces, restrictions = await tx.foreign.traces(here.id), await tx.restrictions.of(here.id)
    todo = changes(before, after, here, traces, restrictions)
    if not todo.any():
        return after, False
    at = here.created_at if here.last_seq == 0 and before is _NEVER else after.at
    if here.abilities.fixed_members and traces and (todo.joining or todo.leaving):
        here = await tx.conversations.loosen(
            msgspec.structs.replace(here, capacity=max(here.capacity, moved.new.capacity), open_door=True), at
        )
    await _move_people(tx, here, todo, at)
    room = msgspec.structs.replace(here, capacity=max(here.capacity, len(after.members)), **todo.said)
    if room != here:
        updated_at = max(here.updated_at or here.created_at, moved.updated_at or 0)
        await tx.conversations.update(msgspec.structs.replace(room, updated_at=updated_at))
    return msgspec.structs.replace(after, gone=sorted({*after.gone, *todo.leaving})), True


async def _move_people(tx: Transaction, here: Conversation, todo: Changes, at: int) -> None:
    if todo.joining:
        await tx.users.add_missing(here.app_id, list(todo.joining), here.created_at)
        await tx.members.join(here.id, todo.joining, at)
    if todo.leaving:
        await tx.members.leave(here.id, todo.leaving, at)
    for client, standing in todo.standing.items():
        await tx.members.set_standing(here.id, client, standing, at)
    for client, muted in todo.muting.items():
        await tx.members.set_muted(here.id, client, muted=muted)
    if todo.restricting:
        await tx.restrictions.put(here.id, todo.restricting, at, None)
