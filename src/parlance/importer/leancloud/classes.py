"""A class, row by row: by scan, going on by object id where a cursor is lost."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from parlance.importer.leancloud.answers import class_row
from parlance.importer.leancloud.asking import Asker
from parlance.importer.leancloud.errors import Refused, WrongKey
from parlance.importer.leancloud.folder import Part

ROWS_AT_ONCE = 1_000

Advanced = Callable[[int], None]


class ClassScan:
    """Fetches all rows of one class.

    Not only those that changed since the last time: a row may change behind the back of a scan that is under way,
    and then no time that is found in the rows says from when on to look again.

    A scan gives rows in the order of their ids, so where its cursor is lost (they live ten minutes, and no longer
    than this process) the next begins behind the last id. Should the order be another one day, it begins anew.
    """

    def __init__(self, asker: Asker, name: str, part: Part, advanced: Advanced) -> None:
        self._asker = asker
        self._path = f"/1.1/scan/classes/{name}"
        self._part = part
        self._advanced = advanced
        self._seen: set[str] = set()
        self._last = ""
        self._in_order = True

    async def fetch(self) -> None:
        """Fetch what the part does not have. Raises Refused or Unanswered."""
        self._note(self._part.lines())
        if not self._in_order:
            self._begin_anew()
        cursor: str | None = None
        where = self._where()
        while True:
            params = {"limit": str(ROWS_AT_ONCE)}
            params |= {"where": where} if where else {}
            params |= {"cursor": cursor} if cursor else {}
            try:
                page = await self._asker.page(self._path, params)
            except WrongKey:
                raise
            except Refused:
                if cursor is None:
                    raise
                if not self._in_order:
                    self._begin_anew()
                cursor, where = None, self._where()
                continue
            new = self._note(page.rows)
            self._part.append(new)
            self._advanced(len(new))
            if page.cursor is None or (page.cursor == cursor and not new):
                return
            cursor = page.cursor

    def _note(self, lines: Iterable[bytes]) -> list[bytes]:
        """The lines that were not there before."""
        new = []
        for line in lines:
            row = class_row(line)
            if row is not None:
                if row.object_id in self._seen:
                    continue
                self._seen.add(row.object_id)
                self._in_order = self._in_order and row.object_id > self._last
                self._last = row.object_id
            new.append(line)
        return new

    def _begin_anew(self) -> None:
        self._part.discard()
        self._seen, self._last, self._in_order = set(), "", True

    def _where(self) -> str | None:
        if not self._last:
            return None
        return msgspec.json.encode({"objectId": {"$gt": self._last}}).decode()


def replaced(before: Iterator[bytes], now: Iterator[bytes]) -> Iterator[bytes]:
    """The rows of before with those of now in their places, then the new ones. What is gone there stays here."""
    by_id = {row.object_id: line for line in now if (row := class_row(line)) is not None}
    for line in before:
        row = class_row(line)
        yield line if row is None else by_id.pop(row.object_id, line)
    yield from by_id.values()
