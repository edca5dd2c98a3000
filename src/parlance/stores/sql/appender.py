"""Group commit without a timer: while one batch is being committed, the next one gathers.

Rule: nothing here awaits, and nothing here takes a task. What arrives in one turn of the loop is handed
over once, at the turn's end; what arrives while the writer is busy waits in one list, and goes together.
"""

import asyncio
from collections.abc import Callable, Sequence

from parlance.core.model.events import Event, MessagesDelivered, MessageSent, MessagesRead
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark, Told
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.tallies import StoreTally
from parlance.stores.sql.engine import Engine, Entry, Outcome


class BatchingAppender:
    """See `core/ports/appender.py`. At most `waiting` entries gather."""

    def __init__(
        self, engine: Engine, announce: Callable[[Sequence[Event]], None], waiting: int, tally: StoreTally
    ) -> None:
        self._tally = tally
        self._engine = engine
        self._announce = announce
        self._most = waiting
        self._loop = asyncio.get_running_loop()
        self._gathered: list[Entry] = []
        # Whether the writer has been told that something waits; it takes this back just before it takes.
        self._told = False
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many entries have gathered for the next batch."""
        return len(self._gathered)

    def append(self, entry: Append) -> None:
        """See `Appender.append`."""
        self._take_in(entry)

    def mark(self, entry: Mark) -> None:
        """See `Appender.mark`."""
        self._take_in(entry)

    async def stored(self, event: MessageSent, told: Told | None = None) -> Message:
        """See `Appender.stored`."""
        future: asyncio.Future[Message] = self._loop.create_future()

        def settle(message: Message, fault: Fault | None) -> None:
            if not future.done():
                if fault is None:
                    future.set_result(message)
                else:
                    future.set_exception(fault)

        self._take_in(Append(event, settle, told))
        return await future

    async def marked(self, conversation: int, event: MessagesRead | MessagesDelivered) -> None:
        """See `Appender.marked`."""
        future: asyncio.Future[None] = self._loop.create_future()

        def settle(fault: Fault | None) -> None:
            if not future.done():
                if fault is None:
                    future.set_result(None)
                else:
                    future.set_exception(fault)

        self._take_in(Mark(conversation, event, settle))
        await future

    def close(self) -> None:
        """Take nothing in any more; what has gathered is still committed."""
        self._closed = True
        self._hand_over()

    def _take_in(self, entry: Entry) -> None:
        gathered = self._gathered
        if len(gathered) >= self._most or self._closed:
            raise Fault(FaultCode.UNAVAILABLE, retry_after=1)
        gathered.append(entry)
        if not self._told:
            self._told = True
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._engine.commit_batch(self._taken, self._done)

    def _taken(self) -> list[Entry]:
        """In the writer's thread: everything that has gathered.

        The order matters. Who appends after `_told` is taken back tells the writer anew; who appended before
        is in the list by now. The list only grows at its end meanwhile.
        """
        self._told = False
        gathered = self._gathered
        taken = gathered[:]
        del gathered[: len(taken)]
        return taken

    def _done(self, outcome: Outcome) -> None:
        """On the loop's thread, in the order of commits."""
        entries, odd = outcome.entries, outcome.odd
        for index, entry in enumerate(entries):
            try:
                if odd and index in odd:
                    _settle_oddly(entry, odd[index])
                elif isinstance(entry, Append):
                    entry.settle(entry.event.message, None)
                else:
                    entry.settle(None)
            except Exception as error:  # noqa: BLE001 - one that cannot be told must not silence the others
                self._report("a sender could not be answered", error)
        self._count(outcome)
        if outcome.events:
            try:
                self._announce(outcome.events)
            except Exception as error:  # noqa: BLE001 - what is stored is stored; clients ask for what they miss
                self._report("an announcement failed", error)

    def _report(self, what: str, error: Exception) -> None:
        self._loop.call_exception_handler({"message": what, "exception": error})

    def _count(self, outcome: Outcome) -> None:
        tally = self._tally
        tally.batches += 1
        tally.messages += outcome.messages
        tally.marks += outcome.marks
        tally.duplicates += outcome.duplicates
        tally.refused += len(outcome.odd) - outcome.duplicates
        tally.largest_batch = max(tally.largest_batch, len(outcome.entries))
        tally.commits.add(outcome.seconds)


def _settle_oddly(entry: Entry, odd: Fault | Message) -> None:
    fault = odd if isinstance(odd, Fault) else None
    if isinstance(entry, Append):
        entry.settle(odd if isinstance(odd, Message) else entry.event.message, fault)
    else:
        entry.settle(fault)
