"""What was promised, held against what is there."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from chaos.books import Receipt
from chaos.guest import Guest
from chaos.person import Person
from parlance.core.model.message import Message

Stored = dict[str, list[Message]]
"""Everything that lies in each conversation, by number."""
MOST = 20
"""Complaints of one kind that are shown."""


def on_the_store(stored: Stored, receipts: Sequence[Receipt]) -> list[str]:
    """What is wrong with what was stored: gaps, doubles, times, promises, the order of what each said."""
    wrong: list[str] = []
    for conv_id, rows in stored.items():
        if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
            wrong.append(f"in {conv_id}: the sequence has gaps")
        if len({row.text for row in rows}) != len(rows):
            wrong.append(f"in {conv_id}: something was stored twice")
        wrong += [
            f"in {conv_id}: {after.seq} is not later than {before.seq}"
            for before, after in pairwise(rows)
            if after.created_at <= before.created_at
        ]
        wrong += _out_of_order(conv_id, rows)
    return wrong + _not_kept(stored, receipts)


def _out_of_order(conv_id: str, rows: Sequence[Message]) -> list[str]:
    """Whoever says one thing after the other was acknowledged is heard in that order."""
    said: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        speaker, _, number = (row.text or "").rpartition(" ")
        said[speaker].append(int(number))
    return [f"in {conv_id}: {speaker} is out of order" for speaker, each in said.items() if each != sorted(each)]


def _not_kept(stored: Stored, receipts: Sequence[Receipt]) -> list[str]:
    there = {(conv_id, row.msg_id): row for conv_id, rows in stored.items() for row in rows}
    wrong = []
    for receipt in receipts:
        row = there.get((receipt.conv_id, receipt.msg_id))
        if row is None:
            wrong.append(f"in {receipt.conv_id}: {receipt.ref} was acknowledged and is lost")
        elif row.text != receipt.ref or receipt.seq not in {None, row.seq}:
            wrong.append(f"in {receipt.conv_id}: {receipt.ref} was acknowledged as {receipt.seq} and is {row.seq}")
    return wrong


def on_the_people(stored: Stored, people: Sequence[Person]) -> list[str]:
    """What is wrong with what everybody has in the end, and what each complained of on the way."""
    ids = {conv_id: {row.seq or 0: row.msg_id for row in rows} for conv_id, rows in stored.items()}
    wrong: list[str] = []
    for person in people:
        who = f"{person.name} ({person.device})"
        wrong += [f"{who}: {complaint}" for complaint in person.complaints]
        for place in person.places:
            book = person.books[place.conv_id]
            if book.rows != ids[place.conv_id]:
                lacks = sorted(ids[place.conv_id].keys() - book.rows.keys())
                wrong.append(f"{who}: in {place.conv_id} ({place.kind}): lacks {len(lacks)}: {lacks[:10]}")
    return wrong


def on_the_guests(stored: Stored, guests: Sequence[Guest]) -> list[str]:
    """The same for those who know messages by their ids alone."""
    wrong: list[str] = []
    for guest in guests:
        wrong += [f"{guest.name}: {complaint}" for complaint in guest.complaints]
        for place in guest.places:
            known, rows = guest.ids[place.conv_id], stored[place.conv_id]
            lacks = [row.seq for row in rows if row.msg_id not in known]
            if lacks or len(known) != len(rows):
                wrong.append(f"{guest.name}: in {place.conv_id} ({place.kind}): lacks {len(lacks)}: {lacks[:10]}")
    return wrong


def shortened(complaints: Sequence[str]) -> list[str]:
    """As many as anybody reads."""
    rest = len(complaints) - MOST
    return [*complaints[:MOST], *([f"and {rest} more"] if rest > 0 else [])]
