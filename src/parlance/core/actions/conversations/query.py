"""Finding conversations by LeanCloud's columns, for its clients and for backends.

Invariant: whatever is asked, nobody else waits for it. The store narrows down what is looked at; that is looked at a
few rows at a time between other people's turns; regular expressions are tried aside, within a budget.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.conversation_query import ConversationQuery, FoundConversation
from parlance.core.model.conversation_row import conversation_row
from parlance.core.model.message import Message
from parlance.core.model.where.budget import Budget, too_long
from parlance.core.model.where.narrowing import Narrowed, Narrowing, in_order_of_store, narrowed
from parlance.core.model.where.ordering import (
    LIVELIEST_FIRST,
    Ordering,
    put_in_order,
    put_nearest_first,
    read_sort,
)
from parlance.core.model.where.reading import Where, read_where
from parlance.core.ports.aside import Aside
from parlance.core.ports.store import Repositories, Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId

MOST_FOUND = 1_000
MOST_LOOKED_AT = 20_000
"""Conversations that are looked at for one question; one that needs more takes too long."""
LONGEST = 1.0
"""Seconds that looking at them may take."""
MOST_AT_ONCE = 4
"""Questions with regular expressions that one caller may have under way."""
_FEW = 100
"""Rows looked at before others have their turn: about a millisecond's worth."""
_LAST_SKIPPED = 1 << 53
_MOST_COUNTED = 1_000_000

Row = dict[str, Any]
Match = tuple[int, Row]
"""A conversation's internal id, and its row."""


class _Question(msgspec.Struct, frozen=True):
    app_id: AppId
    where: Where
    narrowed: Narrowed
    orderings: tuple[Ordering, ...]
    by_store: Ordering | None
    skip: int
    limit: int
    at: int

    @property
    def end(self) -> int:
        return self.skip + self.limit

    @property
    def needs_members(self) -> bool:
        sorted_by = {ordering.column.name for ordering in self.orderings}
        return not {"m", "mu"}.isdisjoint(self.where.columns | sorted_by)


class QueryConversations:
    """Finds those for which a `where` holds, the liveliest first unless another order is asked for.

    Without a condition a client finds what it is in, a backend everything; with one, a client finds whatever there is
    in the app. Never among them: the conversation in which the app itself speaks, and temporary ones, unless those are
    asked for by their ids by somebody who is in them.
    """

    def __init__(self, store: Store, aside: Aside, clock: Clock) -> None:
        self._store = store
        self._aside = aside
        self._clock = clock
        self._under_way: Counter[tuple[AppId, ClientId | None]] = Counter()

    async def __call__(self, caller: Caller, asked: ConversationQuery) -> list[FoundConversation]:
        """Raises BAD_FORMAT, naming `where` or `sort`, for what makes no sense or takes too long, and RATE_LIMITED."""
        question = self._question(caller, asked)
        if question.limit <= 0:
            return []
        if question.narrowed.exact and question.by_store is not None:
            numbers = await self._candidates(question, question.limit, question.skip)
        elif question.where.swift:
            numbers = await self._looked_for(question)
        else:
            with self._counted(caller):
                numbers = await self._looked_for(question)
        read = self._store.read
        conversations = await read.conversation_queries.several(numbers)
        return await _shown(read, caller, conversations, with_last_message=asked.with_last_message)

    async def count(self, caller: Caller, asked: ConversationQuery) -> int:
        """How many there are, whatever page of them is asked for. Raises the same."""
        question = self._question(caller, msgspec.structs.replace(asked, limit=MOST_FOUND, skip=0))
        question = msgspec.structs.replace(question, limit=_MOST_COUNTED, orderings=(), by_store=None)
        if question.narrowed.exact:
            return len(await self._candidates(question, _MOST_COUNTED))
        if question.where.swift:
            return len(await self._looked_for(question))
        with self._counted(caller):
            return len(await self._looked_for(question))

    def _question(self, caller: Caller, asked: ConversationQuery) -> _Question:
        where = read_where(asked.where or {})
        if asked.temporary is not None:
            own = ((caller.client_id,),) if caller.client_id is not None else ()
            where = Where(())
            narrow = Narrowed(Narrowing(members=own, conv_ids=tuple(asked.temporary), temporary=True), exact=True)
        elif not asked.where and caller.client_id is not None:
            narrow = Narrowed(Narrowing(members=((caller.client_id,),)), exact=True)
        else:
            narrow = narrowed(where)
        orderings = read_sort(asked.sort) or (LIVELIEST_FIRST if where.near is None else ())
        limit, skip = min(asked.limit, MOST_FOUND), max(0, min(asked.skip, _LAST_SKIPPED))
        by_store = in_order_of_store(orderings)
        return _Question(caller.app.app_id, where, narrow, orderings, by_store, skip, limit, self._clock.now())

    @contextmanager
    def _counted(self, caller: Caller) -> Iterator[None]:
        who = (caller.app.app_id, caller.client_id)
        if self._under_way[who] >= MOST_AT_ONCE:
            raise Fault(FaultCode.RATE_LIMITED, retry_after=1)
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]

    async def _candidates(self, question: _Question, most: int, skip: int = 0) -> list[int]:
        queries = self._store.read.conversation_queries
        narrowing = question.narrowed.narrowing
        return await queries.candidates(question.app_id, narrowing, question.by_store, question.at, most, skip)

    async def _looked_for(self, question: _Question) -> list[int]:
        """The internal ids of what is to be shown, after looking at the rows."""
        budget = Budget(self._clock.monotonic, LONGEST)
        if not question.where.swift:
            await self._aside(question.where.prepare)
        candidates = await self._candidates(question, MOST_LOOKED_AT + 1)
        too_many = len(candidates) > MOST_LOOKED_AT
        if too_many and question.by_store is None:
            raise too_long()
        matches: list[Match] = []
        for begin in range(0, min(len(candidates), MOST_LOOKED_AT), _FEW):
            matches += await self._matching(question, candidates[begin : begin + _FEW], budget)
            if question.by_store is not None and len(matches) >= question.end:
                break
        else:
            if too_many:
                raise too_long()
        if question.by_store is None:
            await self._put_in_order(question, matches)
        return [number for number, _ in matches[question.skip : question.end]]

    async def _matching(self, question: _Question, numbers: Sequence[int], budget: Budget) -> list[Match]:
        where = question.where
        rows = await self._rows(numbers, with_members=question.needs_members)
        if question.narrowed.exact:
            return rows

        def judge() -> list[Match]:
            condition = where.condition
            with budget.spent():
                return [(number, row) for number, row in rows if budget.left and condition.holds(row, budget)]

        return judge() if where.swift else await self._aside(judge)

    async def _rows(self, numbers: Sequence[int], *, with_members: bool) -> list[Match]:
        read = self._store.read
        conversations = await read.conversation_queries.several(numbers)
        found = [FoundConversation(conversation, None) for conversation in conversations]
        if with_members:
            found = await _with_members(read, conversations)
        return [(each.conversation.id, conversation_row(each)) for each in found]

    async def _put_in_order(self, question: _Question, matches: list[Match]) -> None:
        near, orderings = question.where.near, question.orderings

        def put() -> None:
            if orderings:
                put_in_order(matches, _row, orderings)
            elif near is not None:
                put_nearest_first(matches, _row, near)

        if len(matches) > _FEW:
            await self._aside(put)
        else:
            put()


def _row(match: Match) -> Row:
    return match[1]


async def _with_members(read: Repositories, conversations: Sequence[Conversation]) -> list[FoundConversation]:
    """With who is in each and whom it does not disturb, where anybody is told of that."""
    told = [each.id for each in conversations if not each.abilities.present_members and not each.abilities.addressed]
    members, muted = await read.members.names(told), await read.members.muted(told)
    among = set(told)
    return [
        FoundConversation(
            each,
            tuple(members.get(each.id, ())) if each.id in among else None,
            tuple(muted.get(each.id, ())) if each.id in among else (),
        )
        for each in conversations
    ]


async def _shown(
    read: Repositories, caller: Caller, conversations: Sequence[Conversation], *, with_last_message: bool
) -> list[FoundConversation]:
    found = await _with_members(read, conversations)
    services = [each for each in conversations if each.abilities.addressed]
    joined: dict[int, int] = {}
    if services and caller.client_id is not None:
        joined = await read.conversation_queries.joined([each.id for each in services], caller.client_id)
    last = await _last_messages(read, caller, conversations) if with_last_message else {}
    return [
        msgspec.structs.replace(each, last_message=last.get(number), joined_at=joined.get(number))
        for each in found
        for number in (each.conversation.id,)
    ]


async def _last_messages(
    read: Repositories, caller: Caller, conversations: Sequence[Conversation]
) -> dict[int, Message]:
    """The newest message of each that the caller may see."""
    last = await read.messages.latest([each.id for each in conversations if not each.abilities.addressed])
    if caller.client_id is None:
        return last
    for each in conversations:
        if each.abilities.addressed:
            own = await read.addressed.before(each.id, caller.client_id, each.last_seq + 1, 1)
            last.update({message.conversation: message for message in own})
    return last
