"""Clients that talk and listen, and remember enough to tell afterwards whether every promise was kept.

A sender's messages are numbered from 0. The number stands in the `ref` and at the start of the text, so
the acknowledgement and the pushed message both say which one they are about.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from itertools import pairwise

from parlance.cli.bench.plan import Checks
from parlance.cli.bench.socket_client import Frame, SocketClient, frame_of
from parlance.cli.bench.websocket import frame_template

_DIGITS = 9
_WORDS = "The quick brown fox jumps over the lazy dog and tells everybody about it in chat."
_DRAINED_WITHIN = 30.0


class Tally:
    """What all clients of a row count together. The lists hold waits, in seconds, while one is measured."""

    def __init__(self) -> None:
        self.sent = 0
        self.acknowledged = 0
        self.pushed = 0
        self.refused = 0
        self.first_refusal = ""
        self.answered_after: list[float] = []
        self.pushed_after: list[float] = []

    def forget_waits(self) -> None:
        """Start measuring waits afresh."""
        self.answered_after = []
        self.pushed_after = []

    def refuse(self, frame: Frame) -> None:
        """An error came in place of an answer."""
        self.refused += 1
        self.first_refusal = self.first_refusal or frame.msg

    async def drained(self, receivers: int = 1) -> None:
        """Wait until all that was sent is answered and has reached its `receivers`, or patience ends."""
        deadline = time.perf_counter() + _DRAINED_WITHIN
        while time.perf_counter() < deadline:
            if self.acknowledged + self.refused >= self.sent and self.pushed >= self.acknowledged * receivers:
                return
            await asyncio.sleep(0.02)


class Correspondent(SocketClient):
    """Half of a direct conversation: sends, and hears the partner. Calls `answered` with each batch of answers."""

    def __init__(self, name: str, token: str, tally: Tally) -> None:
        super().__init__(name, token)
        self.partner: Correspondent | None = None
        self.sent_at: list[float] = []
        self.acknowledged: list[int] = []
        self.own_seqs: list[int] = []
        self.heard: list[int] = []
        self.heard_seqs: list[int] = []
        self.answered: Callable[[Correspondent, int], None] | None = None
        self._tally = tally
        self._template = b""

    def talk_in(self, run: str, conv_id: str, partner: "Correspondent | None" = None) -> None:
        """Send to `conv_id` from now on; `partner` is who else talks there."""
        self.partner = partner
        text = (
            f'{{"type":"msg.send","data":{{"ref":"{run}-{self.name}-%0{_DIGITS}d","conv_id":"{conv_id}",'
            f'"type":-1,"text":"%0{_DIGITS}d {_WORDS}"}}}}'
        ).encode()
        self._template = frame_template(text, text % (0, 0))

    def send(self, count: int, meant_at: float | None = None) -> None:
        """Send `count` messages in one write; waits are counted from `meant_at`, or else from now."""
        template, first = self._template, len(self.sent_at)
        self.sent_at.extend([time.perf_counter() if meant_at is None else meant_at] * count)
        self._tally.sent += count
        self.write(b"".join([template % (number, number) for number in range(first, first + count)]))

    def received(self, texts: list[bytes]) -> None:
        """See `SocketClient.received`."""
        now, tally, answers = time.perf_counter(), self._tally, 0
        for text in texts:
            frame = frame_of(text)
            kind, data = frame.type, frame.data
            if kind == "msg.sent" and data is not None and data.ref and data.seq is not None:
                number = int(data.ref[-_DIGITS:])
                self.acknowledged.append(number)
                self.own_seqs.append(data.seq)
                tally.answered_after.append(now - self.sent_at[number])
                answers += 1
            elif kind == "msg.new" and data is not None and data.text and data.seq is not None:
                number = int(data.text[:_DIGITS])
                self.heard.append(number)
                self.heard_seqs.append(data.seq)
                tally.pushed += 1
                if self.partner is not None:
                    tally.pushed_after.append(now - self.partner.sent_at[number])
            elif kind == "error":
                tally.refuse(frame)
                answers += 1
        tally.acknowledged += answers
        if answers and self.answered is not None:
            self.answered(self, answers)


class Listener(SocketClient):
    """A member of a group who only listens to `speaker`; calls `heard_one` for each message."""

    def __init__(self, name: str, token: str, tally: Tally, speaker: Correspondent) -> None:
        super().__init__(name, token)
        self.seqs: list[int] = []
        self.heard_one: Callable[[], None] | None = None
        self._speaker = speaker
        self._tally = tally

    def received(self, texts: list[bytes]) -> None:
        """See `SocketClient.received`."""
        now, tally = time.perf_counter(), self._tally
        for text in texts:
            frame = frame_of(text)
            data = frame.data
            if frame.type == "msg.new" and data is not None and data.text and data.seq is not None:
                self.seqs.append(data.seq)
                tally.pushed += 1
                tally.pushed_after.append(now - self._speaker.sent_at[int(data.text[:_DIGITS])])
                if self.heard_one is not None:
                    self.heard_one()


def check_pairs(clients: Iterable[Correspondent], tally: Tally) -> Checks:
    """Every ref acknowledged once, every message heard once by the partner, in the order of one gap-free sequence."""
    lost = doubled = out_of_order = 0
    for client in clients:
        acknowledged = set(client.acknowledged)
        lost += len(client.sent_at) - len(acknowledged)
        doubled += len(client.acknowledged) - len(acknowledged)
        out_of_order += descents(client.heard_seqs)
        if client.partner is not None:
            heard = set(client.partner.heard)
            lost += len(acknowledged - heard)
            doubled += len(client.partner.heard) - len(heard)
            seqs = set(client.own_seqs) | set(client.heard_seqs)
            out_of_order += max(seqs) - min(seqs) + 1 - len(seqs) if seqs else 0
    return Checks(tally.sent, max(lost - tally.refused, 0), doubled, out_of_order, tally.refused, tally.first_refusal)


def check_group(speaker: Correspondent, listeners: Iterable[Listener], tally: Tally) -> Checks:
    """Every message acknowledged once and heard once, in order, by every listener."""
    said = set(speaker.own_seqs)
    lost = len(speaker.sent_at) - len(said) - tally.refused
    doubled = len(speaker.own_seqs) - len(said)
    out_of_order = descents(speaker.own_seqs)
    for listener in listeners:
        heard = set(listener.seqs)
        lost += len(said - heard)
        doubled += len(listener.seqs) - len(heard)
        out_of_order += descents(listener.seqs)
    return Checks(tally.pushed, max(lost, 0), doubled, out_of_order, tally.refused, tally.first_refusal)


def descents(seqs: list[int]) -> int:
    """How often a number is less than the one before it."""
    return sum(after < before for before, after in pairwise(seqs))
