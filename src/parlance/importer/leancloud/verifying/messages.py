"""Messages: whether each is here, under its name, from its sender, of its time, saying what it said.

All of them are looked for. What they say is compared in all, or where that is too much, in all of small conversations
and in some of large ones: in the first, in the last, and in those that a seed draws, the same ones every time.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.moving import ArrivedMessages
from parlance.core.model.typed_message import written
from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.moving import RECALLED, Said
from parlance.importer.leancloud.rehoming import address_in
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What, shown, when
from parlance.importer.leancloud.verifying.homes import Keys, is_same, keys_of
from parlance.importer.leancloud.verifying.source import Aside, Placed, Source
from parlance.importer.leancloud.verifying.talks import End, Talk
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import ConvId

AT_ONCE = 1_000
ENDS = 100
"""How many at each end of a large conversation are compared whatever the seed says."""


class Sampling(msgspec.Struct, frozen=True):
    """Which messages are read and compared: of each conversation about so many, or all where `most` is 0."""

    seed: str
    most: int = 0

    def chooses(self, name: str, index: int, total: int) -> bool:
        """Whether the message of that name, the index-th of its conversation, is one of them."""
        if not self.most or total <= self.most or index < ENDS or index >= total - ENDS:
            return True
        drawn = int.from_bytes(blake2b(f"{self.seed} {name}".encode(), digest_size=8).digest(), "big")
        return drawn % total < self.most


class _There(msgspec.Struct, frozen=True, gc=False):
    placed: Placed
    said: Said
    chosen: bool


class MessagesCompared:
    """Goes through what was said and looks for each message here."""

    def __init__(
        self,
        source: Source,
        aside: Aside,
        sampling: Sampling,
        actions: Actions,
        caller: Caller,
        findings: Findings,
        talks: dict[str, Talk],
        exported_until: int,
    ) -> None:
        self._source = source
        self._aside = aside
        self._sampling = sampling
        self._actions = actions
        self._caller = caller
        self._findings = findings
        self._talks = talks
        self._exported_until = exported_until
        self._keys: Keys = {}

    async def run(self, watching: Watching) -> None:
        """Compare all of it; then what each conversation begins and ends with, and what is here alone."""
        files = self._source.histories()
        watching.begins("histories", len(files))
        for path in files:
            for some in _pieces(self._said(path)):
                await self._compare(some)
                watching.advanced(0, sum(map(len, some.values())))
            watching.advanced(1)
        for talk in self._talks.values():
            self._end(talk)

    def _said(self, path: Path) -> Iterator[_There]:
        total, index = 0 if not self._sampling.most else _rows_in(self._source, path), 0
        for placed, said in self._source.said(path):
            if said is None:
                self._findings.lines[Topic.MESSAGES].there += 1
                self._is_aside(placed, Difference(What.UNREADABLE, placed.file, placed.line), None)
            else:
                yield _There(placed, said, self._sampling.chooses(said.name, index, total))
                index += 1

    async def _compare(self, some: dict[str, list[_There]]) -> None:
        pointing = (
            url for said in some.values() for each in said if each.chosen and (url := address_in(each.said.data))
        )
        self._keys = await keys_of(pointing, self._actions, self._caller)
        for conv_id, said in some.items():
            talk = self._talks.get(conv_id) or await self._unlisted(conv_id)
            arrived = await self._actions.find_arrived_messages(
                self._caller, ConvId(conv_id), [each.said.name for each in said]
            )
            for each in said:
                self._look_for(each, talk, arrived)

    async def _unlisted(self, conv_id: str) -> Talk:
        """Of a conversation that has messages, but no row of its own."""
        here = await self._actions.find_arrived(self._caller, [ConvId(conv_id)])
        talk = self._talks[conv_id] = Talk(
            conv_id, here=found.messages if (found := here.get(ConvId(conv_id))) else None
        )
        return talk

    def _look_for(self, there: _There, talk: Talk, arrived: ArrivedMessages) -> None:
        said, line = there.said, self._findings.lines[Topic.MESSAGES]
        here = arrived.found.get(said.name)
        seq = None if here is None else here.seq or 0
        if seq is not None and not talk.finds(seq):
            # It says the same once more; or another, and then the import has put it aside.
            if self._aside.reason(there.placed) is not None:
                line.there += 1
                self._is_aside(there.placed, Difference(What.UNREADABLE, talk.conv_id, said.name), talk)
            return
        line.there += 1
        talk.rows += 1
        if here is None or seq is None:
            is_fine = self._is_accounted_for(there, talk, deleted=said.name in arrived.deleted)
        else:
            line.here += 1
            talk.found += 1
            talk.out_of_order += seq < talk.highest and said.timestamp >= talk.latest
            talk.highest, talk.latest = max(talk.highest, seq), max(talk.latest, said.timestamp)
            is_fine = not there.chosen or self._reads_the_same(said, here, talk, said.name in arrived.changed)
        end = End(said.name, said.timestamp, seq, is_fine)
        talk.first = talk.first or end
        if talk.last is None or said.timestamp >= talk.last.time:
            talk.last = end

    def _is_accounted_for(self, there: _There, talk: Talk, *, deleted: bool) -> bool:
        """Say why a message is not here; whether the import has said so."""
        said = there.said
        if deleted or talk.deleted_here:
            talk.deleted += 1
            return not self._tell(Difference(What.MESSAGE_DELETED_HERE, talk.conv_id, said.name), talk)
        newest = None if talk.here is None else talk.here.last_at
        newer = said.timestamp > (newest if newest is not None else self._exported_until)
        what = What.MESSAGE_NEWER if newer else What.MESSAGE_MISSING
        return self._is_aside(there.placed, Difference(what, talk.conv_id, said.name, when(said.timestamp)), talk)

    def _is_aside(self, placed: Placed, difference: Difference, talk: Talk | None) -> bool:
        """Count a row that is not here as put aside, or else tell that it is missing."""
        reason = self._aside.reason(placed)
        if reason is None:
            self._tell(difference, talk)
            if talk is not None:
                talk.missing += 1
            return False
        self._findings.lines[Topic.MESSAGES].aside += 1
        self._findings.reasons[reason] += 1
        if talk is not None:
            talk.aside += 1
        return True

    def _reads_the_same(self, said: Said, here: Message, talk: Talk, changed: bool) -> bool:
        """Compare what the two say."""
        line = self._findings.lines[Topic.CONTENTS]
        line.there += 1
        talk.compared += 1
        found = [
            *_about_it(said, here, talk.conv_id),
            *_in_it(said, here, talk.conv_id, self._keys, What.CONTENT_CHANGED_HERE if changed else What.CONTENT),
        ]
        wrong = [self._tell(each, talk) for each in found]
        is_fine = not any(wrong)
        line.here += is_fine
        return is_fine

    def _end(self, talk: Talk) -> None:
        """What is to be said of a conversation when all of it has been seen."""
        line = self._findings.lines[Topic.ENDS]
        if (here := talk.here) is not None:
            self._findings.lines[Topic.MESSAGES].came_since += here.here
            if here.there > talk.found:
                difference = Difference(What.MESSAGE_GONE_THERE, talk.conv_id, here=str(here.there - talk.found))
                self._findings.add(difference, here.there - talk.found)
        if talk.out_of_order:
            self._tell(Difference(What.ORDER, talk.conv_id, there=str(talk.out_of_order)), talk)
        if talk.first is None or talk.last is None:
            return
        line.there += 1
        ends = ((What.FIRST_DIFFERS, talk.first), (What.LAST_DIFFERS, talk.last))
        wrong = [
            self._tell(Difference(what, talk.conv_id, end.id, when(end.time)), talk)
            for what, end in ends
            if not end.is_fine
        ]
        line.here += not any(wrong)

    def _tell(self, difference: Difference, talk: Talk | None) -> bool:
        wrong = self._findings.add(difference)
        if talk is not None:
            talk.wrong += wrong
        return wrong


def _about_it(said: Said, here: Message, where: str) -> Iterable[Difference]:
    if said.sender != here.sender:
        yield Difference(What.SENDER, where, said.name, said.sender, here.sender)
    if late := here.created_at - said.timestamp:
        what = What.TIME_EARLIER if late < 0 else What.TIME_LATER if late <= MINUTE else What.TIME_FAR
        yield Difference(what, where, said.name, when(said.timestamp), when(here.created_at))


def _in_it(said: Said, here: Message, where: str, keys: Keys, what: What) -> Iterable[Difference]:
    if not _says_the_same(said, here, keys):
        now = "recalled" if here.status is MessageStatus.RECALLED else shown(_text(written(here)))
        yield Difference(what, where, said.name, shown(said.data), now)


def _says_the_same(said: Said, here: Message, keys: Keys) -> bool:
    """Whether LeanCloud's clients read the same, however it is spelled."""
    now = written(here)
    if said.is_binary:
        try:
            return now == base64.b64decode(said.data, validate=True)
        except (binascii.Error, ValueError):
            return False
    if now == said.data:
        return True
    there = _object(said.data)
    if isinstance(there, dict) and there.get("_lctype") == RECALLED:
        return here.status is MessageStatus.RECALLED
    return there is not None and is_same(there, _object(now), keys)


def _object(content: str | bytes) -> object:
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else base64.b64encode(content).decode()


def _rows_in(source: Source, path: Path) -> int:
    """How many rows a file has, as near as can be had at little cost."""
    if path.suffix != ".jsonl":
        return sum(1 for _ in source.rows(path))
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _pieces(rows: Iterator[_There]) -> Iterator[dict[str, list[_There]]]:
    """A thousand at a time, by conversation."""
    piece: dict[str, list[_There]] = {}
    gathered = 0
    for each in rows:
        piece.setdefault(each.said.conv_id, []).append(each)
        gathered += 1
        if gathered >= AT_ONCE:
            yield piece
            piece, gathered = {}, 0
    if piece:
        yield piece
