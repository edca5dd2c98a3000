"""A sequence hands on each message once, in order, without a gap: whatever comes, however often, in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from parlance.client.model import Message
from parlance.client.sequences import MOST_HELD, MOST_REMEMBERED, Sequence


def message(seq: int) -> Message:
    """The message that stands there."""
    return Message(f"m{seq}", "c", "somebody", -1, f"{seq}", seq, 0)


def handed_on(sequence: Sequence) -> list[int]:
    """All whose turn has come."""
    found = []
    while (due := sequence.next()) is not None:
        found.append(due.seq or 0)
    return found


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 8)))
def test_each_once_in_order(order: list[int], again: list[int]) -> None:
    """Nothing is handed on before what stands before it."""
    sequence = Sequence(0)
    found: list[int] = []
    for seq in [*order, *again]:
        sequence.take(seq, message(seq))
        found += handed_on(sequence)
        assert list(range(1, len(found) + 1)) == found
    assert (8, False) == (len(found), sequence.gap)


@given(st.sets(st.integers(1, 60), min_size=1), st.integers(0, 60))
def test_what_is_not_for_this_client_is_passed_over(seqs: set[int], position: int) -> None:
    """Once all up to some place has been taken in, what is missing before it is missed by nobody."""
    sequence = Sequence(position)
    for seq in seqs:
        sequence.take(seq, message(seq))
    sequence.covered(60)
    assert sorted(seq for seq in seqs if seq > position) == handed_on(sequence)
    assert (60, False) == (sequence.position, sequence.gap)


def test_a_gap_shows() -> None:
    """Until what is missing has come."""
    sequence = Sequence(5)
    sequence.take(8, message(8))
    sequence.take(6, message(6))
    assert ([6], True, 8) == (handed_on(sequence), sequence.gap, sequence.last)
    sequence.take(7, message(7))
    assert ([7, 8], False, 8) == (handed_on(sequence), sequence.gap, sequence.position)


def test_where_it_begins() -> None:
    """What came before anybody said where to begin is not lost."""
    sequence = Sequence()
    sequence.take(8, message(8))
    assert [] == handed_on(sequence)
    sequence.begin(9)
    assert [8] == handed_on(sequence)
    sequence = Sequence()
    sequence.take(8, message(8))
    sequence.begin_with_first()
    assert [8] == handed_on(sequence)


def test_what_is_pushed_came_after_the_beginning() -> None:
    """Though it was stored before that was looked up; once something was handed on, what comes again is nothing new."""
    sequence = Sequence()
    sequence.begin(8)
    sequence.fresh = True
    assert [True, False] == [sequence.begins_before(seq) for seq in (7, 8)]
    sequence.take(7, message(7))
    assert [7] == handed_on(sequence)
    assert [False, False] == [sequence.begins_before(seq) for seq in (7, 8)]


def test_a_sparse_one_has_no_gaps() -> None:
    """What the app says to others stands between what it says to this client."""
    sequence = Sequence(1)
    sequence.sparse = True
    sequence.take(90_000, message(90_000))
    assert (False, [90_000]) == (sequence.gap, handed_on(sequence))


def test_what_waits_is_bounded() -> None:
    """What stands last is let go, to be asked for again."""
    sequence = Sequence(0)
    for seq in range(2, MOST_HELD + 4):
        sequence.take(seq, message(seq))
    assert (True, MOST_HELD + 1) == (sequence.behind, sequence.last)


def test_changes_are_told_once() -> None:
    """The same again, or an earlier one, is no news; a bounded number of them is remembered."""
    sequence = Sequence(0)
    assert [True, False, False, True] == [sequence.is_news("m", at) for at in (5, 5, 4, 6)]
    for number in range(MOST_REMEMBERED):
        sequence.is_news(f"{number}", 1)
    assert sequence.is_news("m", 6)
