"""One server's listeners hear what it publishes: at once, in order, each whatever becomes of the others."""

from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from brokers import party
from parlance.buses.local import LocalBus
from parlance.buses.nats import NatsBus
from parlance.core.model.conversation import Kind
from parlance.core.model.events import BanChanged, Event, MessageSent, ProfileChanged
from parlance.core.model.message import Message
from parlance.core.ports.bus import Hears
from parlance.kernel.ids import AppId, ClientId, ConvId

pytestmark = [pytest.mark.needs("nats-server")]

HALL, ADA = AppId("hall"), ClientId("ada")
FIRST, SECOND = BanChanged(HALL, ADA, banned=True), ProfileChanged(HALL, ADA)


@pytest.fixture(params=["local", "nats"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[LocalBus | NatsBus]:
    """Within a process; and between two."""
    if request.param == "local":
        yield LocalBus()
        return
    async with party(2) as servers:
        yield servers[0].bus


def note(into: list[tuple[str, Event]], name: str) -> Callable[[Sequence[Event]], None]:
    """A listener that writes down what it hears."""
    return lambda events: into.extend((name, event) for event in events)


async def test_listeners_hear_in_the_order_in_which_they_came(bus: LocalBus | NatsBus) -> None:
    """Each hears all of one announcement before the next listener does, and before `publish` returns."""
    heard: list[tuple[str, Event]] = []
    bus.listen(note(heard, "judge"))
    bus.listen(note(heard, "teller"))
    bus.publish([FIRST, SECOND])
    assert [("judge", FIRST), ("judge", SECOND), ("teller", FIRST), ("teller", SECOND)] == heard


async def test_one_that_fails_does_not_silence_the_others(bus: LocalBus | NatsBus) -> None:
    """Nor does who published notice."""
    heard: list[tuple[str, Event]] = []

    def fail(_: Sequence[Event]) -> None:
        raise ValueError

    bus.listen(fail)
    bus.listen(note(heard, "teller"))
    bus.publish([FIRST])
    assert [("teller", FIRST)] == heard


async def test_what_is_done_once_is_told_where_it_was_published(bus: LocalBus | NatsBus) -> None:
    """Who wants to hear only that hears it; who wants to hear others does not."""
    heard: list[tuple[str, Event]] = []
    for hears in Hears:
        bus.listen(note(heard, hears.name), hears)
    bus.publish([FIRST])
    assert [("EVERYTHING", FIRST), ("OWN", FIRST)] == heard


async def test_messages_are_told_in_their_order(bus: LocalBus | NatsBus) -> None:
    """And those that are not stored, where they stand."""
    heard: list[tuple[str, Event]] = []
    bus.listen(note(heard, "teller"))
    events = [message(1), message(None), message(2)]
    bus.publish(events)
    assert events == [event for _, event in heard]


async def test_nobody_listens(bus: LocalBus | NatsBus) -> None:
    """That is no error."""
    bus.publish([FIRST])


def message(seq: int | None) -> MessageSent:
    """A message that was said."""
    said = Message(1, HALL, 1, ConvId("c1"), seq, ADA, -1, "", None, None, False, (), False, None, 1)
    return MessageSent(said, (ADA,), kind=Kind.DIRECT)
