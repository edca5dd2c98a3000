"""Whether the bench would notice a broken promise."""

from parlance.cli.bench.correspondent import Correspondent, Listener, Tally, check_group, check_pairs
from parlance.cli.bench.plan import Checks

SENT = b'{"type":"msg.sent","msg":"success","data":{"ref":"r-%s-%09d","conv_id":"c","msg_id":"m","seq":%d,"time":1}}'
NEW = b'{"type":"msg.new","data":{"from_client":"%s","type":-1,"text":"%09d hello","transient":"0","seq":%d}}'
REFUSAL = b'{"type":"error","msg":"too many requests","data":{"code":4029,"ref":"r"}}'


def sent(number: int, seq: int) -> bytes:
    """The acknowledgement of message `number`."""
    return SENT % (b"ada", number, seq)


def new(number: int, seq: int) -> bytes:
    """Message `number`, pushed."""
    return NEW % (b"ada", number, seq)


def couple(messages: int) -> tuple[Correspondent, Correspondent, Tally]:
    """Two who talk; the first has sent some messages."""
    tally = Tally()
    ada, ben = Correspondent("ada", "", tally), Correspondent("ben", "", tally)
    ada.talk_in("r", "c", ben)
    ben.talk_in("r", "c", ada)
    ada.send(messages)
    return ada, ben, tally


async def test_all_is_well() -> None:
    """Each message acknowledged and heard once, in order: nothing to report; and waits were counted."""
    ada, ben, tally = couple(3)
    ada.received([sent(0, 1), sent(1, 2)])
    ben.received([new(0, 1), new(1, 2), new(2, 3)])
    ada.received([sent(2, 3)])
    assert Checks(3) == check_pairs([ada, ben], tally)
    assert (3, 3) == (len(tally.answered_after), len(tally.pushed_after))


async def test_answers_are_told_of_once_a_read() -> None:
    """What came together gives rise to one write."""
    ada, _, _ = couple(3)
    told: list[int] = []
    ada.answered = lambda _, count: told.append(count)
    ada.received([sent(0, 1), sent(1, 2)])
    ada.received([])
    ada.received([sent(2, 3)])
    assert [2, 1] == told


async def test_a_message_without_acknowledgement_is_lost() -> None:
    """Sent and never answered."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1)])
    ben.received([new(0, 1)])
    assert Checks(2, lost=1) == check_pairs([ada, ben], tally)


async def test_an_acknowledged_message_nobody_heard_is_lost() -> None:
    """Answered and never pushed."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1), sent(1, 2)])
    ben.received([new(0, 1)])
    assert Checks(2, lost=1) == check_pairs([ada, ben], tally)


async def test_repeats_are_doubled() -> None:
    """A second answer and a second push of the same message are counted."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1), sent(0, 1), sent(1, 2)])
    ben.received([new(0, 1), new(1, 2), new(1, 2)])
    assert Checks(2, doubled=2) == check_pairs([ada, ben], tally)


async def test_a_later_seq_before_an_earlier_one_is_out_of_order() -> None:
    """Pushes come in the order of the sequence."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1), sent(1, 2)])
    ben.received([new(1, 2), new(0, 1)])
    assert Checks(2, out_of_order=1) == check_pairs([ada, ben], tally)


async def test_a_gap_in_the_sequence_is_out_of_order() -> None:
    """A number that neither of the two has seen is missing; each of them misses it."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1), sent(1, 3)])
    ben.received([new(0, 1), new(1, 3)])
    assert Checks(2, out_of_order=2) == check_pairs([ada, ben], tally)


async def test_a_refused_message_is_not_lost() -> None:
    """It was answered, with its reason."""
    ada, ben, tally = couple(2)
    ada.received([sent(0, 1), REFUSAL])
    ben.received([new(0, 1)])
    assert Checks(2, refused=1, first_refusal="too many requests") == check_pairs([ada, ben], tally)


async def test_every_listener_is_to_hear_everything_once_and_in_order() -> None:
    """One hears all, one misses one, one hears one twice, one hears them the wrong way round."""
    tally = Tally()
    speaker = Correspondent("ada", "", tally)
    speaker.talk_in("r", "c")
    speaker.send(2)
    speaker.received([sent(0, 1), sent(1, 2)])
    listeners = [Listener(name, "", tally, speaker) for name in ("ben", "cy", "dora", "eve")]
    listeners[0].received([new(0, 1), new(1, 2)])
    listeners[1].received([new(0, 1)])
    listeners[2].received([new(0, 1), new(1, 2), new(1, 2)])
    listeners[3].received([new(1, 2), new(0, 1)])
    assert check_group(speaker, listeners[:1], tally).clean
    assert Checks(8, lost=1, doubled=1, out_of_order=1) == check_group(speaker, listeners, tally)
