"""What was said in a conversation: history, oldest first."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from parlance.importer.leancloud.answers import MessageRow, message_row
from parlance.importer.leancloud.asking import Asker
from parlance.importer.leancloud.errors import Unanswered
from parlance.importer.leancloud.folder import Part

ROWS_AT_ONCE = 1_000
FEWER_ROWS_AT_ONCE = 100

Advanced = Callable[[int], None]


class History:
    """Fetches the messages at `path` from the time `since` (ms) on, or all of them.

    Each page begins with the last row of the page before, and ends the work if nothing follows it: pages may be
    shorter than was asked for, messages of one moment may lie on both sides of a page's end.
    """

    def __init__(self, asker: Asker, path: str, part: Part, since: int | None, advanced: Advanced) -> None:
        self._asker = asker
        self._path = path
        self._part = part
        self._since = since
        self._advanced = advanced
        self._seen: set[str | bytes] = set()
        self._last: MessageRow | None = None

    async def fetch(self) -> None:
        """Fetch what the part does not have. Raises Refused or Unanswered."""
        self._note(self._part.lines())
        limit = ROWS_AT_ONCE
        while True:
            try:
                page = await self._asker.page(self._path, self._from_here(limit))
            except Unanswered:
                if limit == FEWER_ROWS_AT_ONCE:
                    raise
                # Of large messages a thousand may be more than it can answer with in time.
                limit = FEWER_ROWS_AT_ONCE
                continue
            before = self._last
            new = self._note(page.rows)
            self._part.append(new)
            self._advanced(len(new))
            if not page.rows or self._last is before:
                return

    def _from_here(self, limit: int) -> dict[str, str]:
        params = {"limit": str(limit), "reversed": "true", "include_start": "true"}
        if self._last is not None:
            params |= {"timestamp": str(self._last.timestamp), "msgid": self._last.message_id}
        elif self._since is not None:
            params["timestamp"] = str(self._since)
        return params

    def _note(self, lines: Iterable[bytes]) -> list[bytes]:
        """The lines that were not there before."""
        new = []
        for line in lines:
            row = message_row(line)
            key = line if row is None else row.message_id
            if key in self._seen:
                continue
            self._seen.add(key)
            self._last = row or self._last
            new.append(line)
        return new


def continued(before: Iterator[bytes], again: Iterator[bytes]) -> Iterator[bytes]:
    """The rows of before up to where `again` begins, then those: later edits and recalls take their places."""
    first = next(again, None)
    row = None if first is None else message_row(first)
    if first is None or row is None:
        yield from before
        return
    for line in before:
        old = message_row(line)
        if old is None or old.timestamp < row.timestamp:
            yield line
    yield from chain([first], again)


def span(lines: Iterable[bytes]) -> tuple[int | None, int | None]:
    """The times of the oldest and the newest message."""
    times = [row.timestamp for line in lines if (row := message_row(line)) is not None]
    return (min(times), max(times)) if times else (None, None)
