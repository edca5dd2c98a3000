"""What a client is told of what has happened, and what it has been told already."""

from parlance.gateway.leancloud.coming import NOTHING_MISSED, Missed
from parlance.gateway.leancloud.told import Told
from parlance.kernel.ids import ClientId
from parlance.kernel.tallies import SdkTally
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.session import ClientSession

TOM, JERRY = ClientId("tom"), ClientId("jerry")
PUSH, OTHER = Push(pb.GenericCommand(cmd=pb.direct)), Push(pb.GenericCommand(cmd=pb.rcp))


def session(capabilities: Capabilities = Capabilities.PATCHES) -> ClientSession:
    """Somebody who can take something."""
    known = ClientSession("tom")
    known.capabilities = capabilities
    return known


def test_everybody_is_told_what_is_for_all() -> None:
    """Unless it cannot take it."""
    told = Told((PUSH,), needs=Capabilities.PATCHES)
    assert (PUSH,) == told.to(TOM, session(), counts=True)
    assert () == told.to(TOM, session(Capabilities(0)), counts=True)


def test_some_is_for_one_alone() -> None:
    """Receipts for senders; what is unread for who has read, if it counts."""
    told = Told(only={JERRY: (OTHER,)}, reader=TOM, unread=PUSH)
    assert [(OTHER,), (PUSH,), (), ()] == [
        told.to(JERRY, session(), counts=True),
        told.to(TOM, session(), counts=True),
        told.to(TOM, session(), counts=False),
        told.to(ClientId("spike"), session(), counts=True),
    ]


def test_a_message_is_not_told_twice() -> None:
    """One that came while a client's unread counters were looked up is in them already; a later one is not."""
    missed = Missed((), {"c1": 5})
    assert [True, True, False, False, False] == [
        missed.covers(Told((PUSH,), message=message)) for message in (("c1", 4), ("c1", 5), ("c1", 6), ("c2", 1), None)
    ]
    assert not NOTHING_MISSED.covers(Told((PUSH,), message=("c1", 1)))


def test_not_every_name_is_counted() -> None:
    """However many somebody makes up, there are not so many in the end."""
    tally = SdkTally()
    for number in range(200):
        tally.add(f"js/{number}.0")
    assert (51, 150) == (len(tally.sessions), tally.sessions["other"])
    assert 200 == sum(tally.sessions.values())
