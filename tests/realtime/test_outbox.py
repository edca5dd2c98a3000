"""What waits to be written."""

from collections.abc import Callable

import pytest

from parlance.kernel.tallies import SocketTally
from parlance.realtime.outbox import Flusher, Outbox
from realtime.parts import Line


class Turn:
    """A turn of a loop: what is to be done at its end, and how often that was asked for."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []

    def soon(self, work: Callable[[], None]) -> None:
        """Take something on for the end."""
        self.asked.append(work)

    def end(self) -> None:
        """Do it."""
        asked, self.asked = self.asked, []
        for work in asked:
            work()


class Desk:
    """Outboxes on one flusher."""

    def __init__(self) -> None:
        self.turn = Turn()
        self.flusher = Flusher(self.turn.soon)
        self.tally = SocketTally()
        self.overflowed: list[Line] = []

    def outbox(self, line: Line) -> Outbox:
        """One that leads to a line, and holds ten bytes."""
        return Outbox(line, self.flusher, 10, lambda: self.overflowed.append(line), self.tally)


@pytest.fixture
def desk() -> Desk:
    """An empty one."""
    return Desk()


def test_a_turn_leaves_in_one_write(desk: Desk) -> None:
    """Whatever a connection gets in one turn, in the order in which it came."""
    line = Line()
    outbox = desk.outbox(line)
    for frame in (b"one ", b"two ", b"three"):
        outbox.put(frame)
    assert [] == line.writes
    desk.turn.end()
    assert [b"one two three"] == line.writes
    assert (3, 13) == (desk.tally.frames_out, desk.tally.bytes_out)


def test_one_frame_is_not_copied(desk: Desk) -> None:
    """The same bytes go to every receiver."""
    frame = bytes([1, 2, 3])
    lines = [Line(), Line()]
    for line in lines:
        desk.outbox(line).put(frame)
    desk.turn.end()
    assert [frame is written for line in lines for written in line.writes] == [True, True]


def test_a_turn_asks_for_its_end_once(desk: Desk) -> None:
    """However many connections get something."""
    lines = [Line() for _ in range(5)]
    for line in lines:
        outbox = desk.outbox(line)
        outbox.put(b"a")
        outbox.put(b"b")
    assert 1 == len(desk.turn.asked)
    desk.turn.end()
    assert [[b"ab"]] * 5 == [line.writes for line in lines]


def test_the_next_turn_writes_again(desk: Desk) -> None:
    """An outbox that was emptied fills anew."""
    line = Line()
    outbox = desk.outbox(line)
    for frame in (b"one", b"two"):
        outbox.put(frame)
        desk.turn.end()
    assert [b"one", b"two"] == line.writes


def test_it_can_be_emptied_before_the_end(desk: Desk) -> None:
    """Then there is nothing left to write at the end, and nothing is written."""
    line = Line()
    outbox = desk.outbox(line)
    outbox.put(b"last words")
    outbox.flush()
    desk.turn.end()
    assert [b"last words"] == line.writes


def test_who_does_not_read_is_given_up(desk: Desk) -> None:
    """More than the limit waits: nothing more is written, and whoever looks after the connection is told."""
    line = Line()
    outbox = desk.outbox(line)
    line.unread_bytes = 11
    outbox.put(b"x")
    desk.turn.end()
    assert ([], [line], 1) == (line.writes, desk.overflowed, desk.tally.overflowed)


def test_what_waits_up_to_the_limit_is_no_reason(desk: Desk) -> None:
    """A slow reader is not a hostile one, and much at once to a fast one is fine."""
    line = Line()
    outbox = desk.outbox(line)
    line.unread_bytes = 10
    outbox.put(b"x" * 1_000)
    desk.turn.end()
    assert ([b"x" * 1_000], []) == (line.writes, desk.overflowed)


def test_one_that_does_not_read_costs_no_other(desk: Desk) -> None:
    """The others get what they have to get, in the same turn."""
    slow, fast = Line(), Line()
    slow.unread_bytes = 11
    for line in (slow, fast):
        desk.outbox(line).put(b"x")
    desk.turn.end()
    assert ([], [b"x"]) == (slow.writes, fast.writes)


class Broken(Line):
    """A line that fails, which no line should."""

    def write(self, data: bytes) -> None:
        """Fail."""
        raise RuntimeError


def test_one_that_fails_costs_no_other(desk: Desk) -> None:
    """Neither the others of this turn, nor itself in the next."""
    broken, fine = Broken(), Line()
    outboxes = [desk.outbox(broken), desk.outbox(fine)]
    for _ in range(2):
        for outbox in outboxes:
            outbox.put(b"x")
        desk.turn.end()
    assert [b"x", b"x"] == fine.writes


def test_what_an_end_gives_rise_to_is_written_too(desk: Desk) -> None:
    """A connection that is given up may have others told that it is gone."""
    slow, watching = Line(), Line()
    watcher = desk.outbox(watching)
    slow.unread_bytes = 11
    Outbox(slow, desk.flusher, 10, lambda: watcher.put(b"gone"), desk.tally).put(b"x")
    desk.turn.end()
    desk.turn.end()
    assert [b"gone"] == watching.writes
