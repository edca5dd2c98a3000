"""Rows of history in the order in which LeanCloud's clients saw them, whatever order they lie in.

That order is by time, and what was said in the same millisecond stays as it lies: LeanCloud gives it in its own order.
A clock that ran backwards between two rows is put right by it. An id stands for one message: where it stands twice, the
first row counts.
"""

from collections.abc import Collection, Iterator
from itertools import count
from typing import Any, NamedTuple

import apsw
import msgspec

from parlance.importer.leancloud.complaints import Complaint
from parlance.importer.leancloud.moving import Said

AT_HAND = 100_000
"""Rows that are kept in memory; more of them are put in order on the disk."""

_TABLE = """CREATE TABLE rows (conversation TEXT, name TEXT, at INTEGER, sender TEXT, data TEXT, is_binary INTEGER,
    file TEXT, line INTEGER, readers TEXT, position INTEGER, PRIMARY KEY (conversation, name)) WITHOUT ROWID"""
_KEEP = "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
_FIND = "SELECT at, sender, data, is_binary, file, line, readers FROM rows WHERE conversation = ? AND name = ?"
_READ_BY = "UPDATE rows SET readers = ? WHERE conversation = ? AND name = ?"
_ALL = (
    "SELECT conversation, name, at, sender, data, is_binary, file, line, readers FROM rows"
    " ORDER BY conversation, at, position"
)


class Placed(NamedTuple):
    """A row of history with the place it stands at, and for whom it is, if it is not for everybody."""

    said: Said
    file: str
    line: int
    readers: tuple[str, ...] = ()


class Ordered:
    """Takes rows, and gives them conversation by conversation, in order, each once."""

    def __init__(self) -> None:
        self.again = 0
        """Rows that stood there twice."""
        self.others: list[Complaint] = []
        """Rows that bear the id of another."""
        self._at_hand: dict[tuple[str, str], Placed] = {}
        self._aside: apsw.Connection | None = None
        self._positions = count()

    def add(self, placed: Placed) -> None:
        """Take one."""
        said = placed.said
        key = (said.conv_id, said.name)
        if self._aside is None:
            known = self._at_hand.setdefault(key, placed)
            if known is not placed:
                merged = self._merged(known, placed)
                if merged is not None:
                    self._at_hand[key] = merged
            elif len(self._at_hand) > AT_HAND:
                self._put_aside()
            return
        if self._kept(self._aside, placed):
            return
        merged = self._merged(_found(self._aside, *key), placed)
        if merged is not None:
            self._aside.execute(_READ_BY, (_text(merged.readers), *key))

    def __iter__(self) -> Iterator[Placed]:
        if self._aside is None:
            rows = self._at_hand.values()
            yield from rows if _in_order(rows) else sorted(rows, key=_place)
            return
        for conversation, name, at, sender, data, is_binary, file, line, readers in self._aside.execute(_ALL):
            said = Said(at, name, data, sender, conversation, bool(is_binary))
            yield Placed(said, file, line, tuple(msgspec.json.decode(readers)))

    def _merged(self, known: Placed, again: Placed) -> Placed | None:
        """What becomes of a row that another with the same id follows; None: it stays as it is."""
        if known.said.data != again.said.data or known.said.sender != again.said.sender:
            place = f"{known.file}:{known.line}"
            self.others.append(Complaint(again.file, again.line, f"another message has its id, {place}"))
            return None
        self.again += 1
        more = tuple(each for each in again.readers if each not in known.readers)
        return known._replace(readers=known.readers + more) if more else None

    def _put_aside(self) -> None:
        # Without a name: SQLite keeps it on the disk while it is open.
        self._aside = apsw.Connection("")
        self._aside.execute(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLE}; BEGIN").fetchall()
        for placed in self._at_hand.values():
            self._kept(self._aside, placed)
        self._at_hand.clear()

    def _kept(self, aside: apsw.Connection, placed: Placed) -> bool:
        said = placed.said
        values: tuple[Any, ...] = (
            said.conv_id,
            said.name,
            said.timestamp,
            said.sender,
            said.data,
            said.is_binary,
            placed.file,
            placed.line,
            _text(placed.readers),
            next(self._positions),
        )
        return bool(aside.execute(_KEEP, values).fetchall())


def _found(aside: apsw.Connection, conversation: str, name: str) -> Placed:
    row: tuple[Any, ...] = aside.execute(_FIND, (conversation, name)).fetchall()[0]
    at, sender, data, is_binary, file, line, readers = row
    said = Said(at, name, data, sender, conversation, bool(is_binary))
    return Placed(said, file, line, tuple(msgspec.json.decode(readers)))


def _place(placed: Placed) -> tuple[str, int]:
    return placed.said.conv_id, placed.said.timestamp


def _in_order(rows: Collection[Placed]) -> bool:
    last = ("", 0)
    for placed in rows:
        place = _place(placed)
        if place < last:
            return False
        last = place
    return True


def _text(readers: tuple[str, ...]) -> str:
    return msgspec.json.encode(readers).decode()
