"""Parcels are numbered: who gets one out of turn knows that some are missing."""

from parlance.buses.nats.links import LARGEST_PARCEL, Link, Turn, Whereabouts
from parlance.buses.nats.wire import Came, Entry, Fresh, Parcel, packed
from parlance.kernel.ids import AppId, ClientId

READ, MISSING, IGNORED = Turn(read=True), Turn(missing=True), Turn()
HALL, ADA, BEN = AppId("hall"), ClientId("ada"), ClientId("ben")
WORD = packed(Came(HALL, ADA))


def pair() -> tuple[Link, Link]:
    """Two servers: what the first knows of the second, and the second of the first."""
    there, here = Link("two", 0), Link("one", 0)
    there.begin(1)
    return there, here


def parcel(link: Link, *entries: Entry, answer: bool = False) -> Parcel:
    """The next parcel on a link."""
    link.outgoing += entries
    [made] = link.parcels("one", answer=answer)
    return made


def test_parcels_in_turn_are_read() -> None:
    """The first of an epoch, if it begins one, and each after it."""
    there, here = pair()
    first, second = parcel(there, packed(Fresh(0))), parcel(there, WORD)
    assert [READ, READ] == [here.got(first, begins=True), here.got(second, begins=False)]


def test_a_parcel_after_a_missing_one_is_not_read() -> None:
    """Until the other begins anew."""
    there, here = pair()
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    parcel(there, WORD)
    late = parcel(there, WORD)
    there.begin(2)
    anew = parcel(there, packed(Fresh(0)))
    assert [MISSING, READ, IGNORED] == [
        here.got(late, begins=False),
        here.got(anew, begins=True),
        here.got(late, begins=False),
    ]


def test_nobody_reads_on_from_the_middle() -> None:
    """Who has never heard the other needs to hear it from the start."""
    there, here = pair()
    parcel(there, packed(Fresh(0)))
    assert MISSING == here.got(parcel(there, WORD), begins=False)


def test_what_is_doubled_is_read_once() -> None:
    """A parcel that came before is not missing, and not read."""
    there, here = pair()
    first = parcel(there, packed(Fresh(0)))
    assert [READ, IGNORED] == [here.got(first, begins=True), here.got(first, begins=True)]


def test_a_link_says_what_it_has_heard() -> None:
    """Each parcel carries it, one without words if there is nothing else to say."""
    there, here = pair()
    here.begin(1)
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    [answer] = here.parcels("two", answer=False)
    assert (0, [], 0) == (answer.number, answer.entries, there.answered)
    there.got(answer, begins=False)
    assert 1 == there.answered


def test_what_was_heard_of_an_earlier_epoch_does_not_count() -> None:
    """An answer to a parcel of another epoch is none."""
    there, here = pair()
    here.begin(1)
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    there.begin(2)
    [answer] = here.parcels("two", answer=False)
    there.got(answer, begins=False)
    assert 0 == there.answered


def test_a_beat_tells_of_a_last_parcel_that_was_lost() -> None:
    """Not at once, for it may have overtaken the parcel; at the second beat."""
    there, here = pair()
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    assert not here.told(there.sent)
    parcel(there, WORD)
    assert [False, True] == [here.told(there.sent), here.told(there.sent)]


def test_a_beat_that_overtook_a_parcel_tells_of_nothing() -> None:
    """If the parcel comes before the next one."""
    there, here = pair()
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    late = parcel(there, WORD)
    assert not here.told(there.sent)
    here.got(late, begins=False)
    assert not here.told(there.sent)


def test_much_goes_in_several_parcels() -> None:
    """Each of a size that NATS takes; only the last asks for an answer."""
    there, _ = pair()
    size = LARGEST_PARCEL // 3
    entry = Entry("Came", WORD.body, tuple(ClientId(str(number)) for number in range(size // 24)))
    there.outgoing += [entry] * 7
    parcels = list(there.parcels("one", answer=True))
    assert [(1, 2, False), (2, 2, False), (3, 2, False), (4, 1, True)] == [
        (each.number, len(each.entries), each.answer) for each in parcels
    ]


def test_an_audience_is_split_among_servers() -> None:
    """Each is named those who are with it; nobody else is named."""
    where, one, two = Whereabouts(), Link("one", 0), Link("two", 0)
    assert [True, False, True] == [
        where.add((HALL, ADA), one),
        where.add((HALL, ADA), two),
        where.add((HALL, BEN), two),
    ]
    for audience in ([BEN, ADA, ClientId("cy")], {ClientId(str(n)): None for n in range(9)} | {ADA: None, BEN: None}):
        found = where.split(HALL, audience)
        assert ([ADA], {ADA, BEN}) == (found[one], set(found[two]))
    assert {} == where.split(AppId("annex"), [ADA])


def test_who_is_nowhere_is_forgotten() -> None:
    """Only the last place counts."""
    where, one, two = Whereabouts(), Link("one", 0), Link("two", 0)
    where.add((HALL, ADA), one)
    where.add((HALL, ADA), two)
    assert [False, True] == [where.remove((HALL, ADA), one), where.remove((HALL, ADA), two)]
    assert ((), 0) == (where.of(HALL, ADA), len(where.clients(HALL)))


def test_the_other_s_clock_is_guessed_from_its_beats() -> None:
    """A beat takes a while, never less than nothing: the quickest tells best, and is not believed for ever."""
    link = Link("two", 0)
    link.tells_time(1_000, 700)
    link.tells_time(2_000, 1_900)
    assert 290 == link.skew
    for second in range(3, 30):
        link.tells_time(second * 1_000, second * 1_000 - 50)
    assert 50 == link.skew
    link.tells_time(0, 5)
    assert 0 == link.skew


def test_a_clock_that_is_behind_is_found_out() -> None:
    """As one that is ahead."""
    link = Link("two", 0)
    for second in range(40):
        link.tells_time(second * 1_000 + 1, second * 1_000 + 301)
    assert -300 == link.skew
