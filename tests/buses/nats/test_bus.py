"""Servers that speak with each other: who hears of what, who is where, and what becomes of what was missed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client

from brokers import Party, party
from cast import PATIENCE
from gateway.watch import comes_true
from parlance.buses.nats import doorway, neighbours, outgoing
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import (
    BanChanged,
    Event,
    KickedOut,
    MembersLeft,
    MessageSent,
    PresenceChanged,
    Typing,
)
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId, ConvId

pytestmark = [pytest.mark.needs("nats-server")]

HALL, GROUP = AppId("hall"), ConvId("c1")
ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
SO_LONG = 600.0
"""Seconds that no test takes."""
CONVERSATION = Conversation(1, HALL, GROUP, Kind.GROUP, ADA, 0, 1_000)


@pytest.fixture
async def servers() -> AsyncIterator[list[Party]]:
    """Three, with Ada at the first and Ben at the second."""
    async with party(3) as servers:
        await servers[0].let_in("ada")
        await servers[1].let_in("ben")
        await all_is_read(*servers)
        for server in servers:
            server.heard.clear()
            server.missed.clear()
        yield servers


def _inside(server: Party) -> neighbours.Neighbours:
    peers = server.bus.peers
    assert isinstance(peers, neighbours.Neighbours)
    return peers


def said(seq: int | None, *audience: ClientId, created_at: int = 0) -> MessageSent:
    """A message in the group."""
    message = Message(seq or 9, HALL, 1, GROUP, seq, ADA, -1, "", None, None, False, (), False, None, created_at)
    return MessageSent(message, audience)


async def hears(server: Party, *expected: Event) -> None:
    """Wait until a server has heard these, and nothing else."""
    await comes_true(lambda: len(server.heard) >= len(expected), f"{server.name} has heard as much")
    assert list(expected) == server.heard


async def quiet(*servers: Party) -> bool:
    """Whether these have heard nothing, after all of them took note of everything."""
    await all_is_read(*servers)
    return all(server.heard == [] for server in servers)


async def all_is_read(*servers: Party) -> None:
    """Wait until nothing is on its way to any of these: what another answers comes after what it said before."""
    for server in servers:
        await server.bus.taken_note([BanChanged(HALL, ADA, banned=False)])


async def test_what_clients_are_told_goes_where_they_are(servers: list[Party]) -> None:
    """To the server of who is in the audience, naming them alone; to no other."""
    one, two, three = servers
    one.bus.publish([said(1, ADA, BEN, CY), Typing(HALL, GROUP, ADA, (ADA, BEN)), said(2, ADA, CY)])
    await hears(two, said(1, BEN), Typing(HALL, GROUP, ADA, (BEN,)))
    assert two.from_others == two.heard
    assert ([], True) == (three.from_others, await quiet(three))


async def test_what_servers_keep_at_hand_goes_to_all(servers: list[Party]) -> None:
    """With those of the audience who are there."""
    one, two, three = servers
    change = BanChanged(HALL, CY, banned=True)
    one.bus.publish([MembersLeft(CONVERSATION, (CY,), ADA, 5, (ADA, BEN, CY)), change])
    await hears(two, MembersLeft(CONVERSATION, (CY,), ADA, 5, (BEN,)), change)
    await hears(three, MembersLeft(CONVERSATION, (CY,), ADA, 5, ()), change)


async def test_a_commit_is_one_parcel_for_each_server(servers: list[Party]) -> None:
    """However many messages and readers are in it; none for who has no reader."""
    one, two, three = servers
    before = [server.tally.parcels_in for server in servers]
    one.bus.publish([said(seq, ADA, BEN) for seq in range(1, 51)])
    one.bus.publish([Typing(HALL, GROUP, ADA, (BEN,))])
    await comes_true(lambda: len(two.heard) == 51, "all are heard")
    assert [before[1] + 1, before[2]] == [two.tally.parcels_in, three.tally.parcels_in]


async def test_much_at_once_comes_in_its_order(servers: list[Party]) -> None:
    """More than fits into one parcel."""
    one, two, _ = servers
    events = []
    for seq in range(1, 41):
        event = said(seq, BEN)
        event.message.text = "x" * 60_000
        events.append(event)
    one.bus.publish(events)
    await comes_true(lambda: len(two.heard) == 40, "all are heard")
    assert list(range(1, 41)) == [event.message.seq for event in two.heard if isinstance(event, MessageSent)]


async def test_two_servers_are_put_in_one_order(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """What one stored second is told second, though it comes first."""
    one, two, three = servers
    monkeypatch.setattr(three.bus._order, "_patience", PATIENCE)
    now = one.clock.now()
    await three.let_in("cy")
    three.heard.clear()
    one.bus.publish([said(1, CY, created_at=now)])
    await hears(three, said(1, CY, created_at=now))
    two.bus.publish([said(3, CY, created_at=now)])
    await two.bus.taken_note([BanChanged(HALL, ADA, banned=False)])
    one.bus.publish([said(2, CY, created_at=now)])
    await hears(three, *(said(seq, CY, created_at=now) for seq in (1, 2, 3)))


async def test_who_is_where_is_known(servers: list[Party]) -> None:
    """By all others; coming and going is told once for the whole installation."""
    one, two, three = servers
    assert [False, True, True] == [server.bus.peers.have(HALL, ADA) for server in servers]
    assert {ADA, BEN} == set(three.bus.peers.clients(HALL))
    await two.let_in("ada")
    two.bus.peers.departed(HALL, ADA)
    one.bus.peers.departed(HALL, ADA)
    await hears(three, PresenceChanged(HALL, ADA, online=False))
    assert not three.bus.peers.have(HALL, ADA)


async def test_on_return_of_expect_the_others_know(servers: list[Party]) -> None:
    """Whatever is said elsewhere from then on comes here."""
    one, two, three = servers
    await three.bus.peers.expect(HALL, CY)
    assert one.bus.peers.have(HALL, CY)
    assert two.bus.peers.have(HALL, CY)
    one.bus.publish([said(1, CY)])
    await hears(three, said(1, CY))


async def test_who_was_expected_and_never_came_is_not_there(
    servers: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while."""
    one, _, three = servers
    monkeypatch.setattr(doorway, "EXPECTED_FOR", 0.1)
    await three.bus.peers.expect(HALL, CY)
    await hears(one, PresenceChanged(HALL, CY, online=True), PresenceChanged(HALL, CY, online=False))
    assert not one.bus.peers.have(HALL, CY)


async def test_kicks_find_their_client(servers: list[Party]) -> None:
    """They go where it is."""
    one, two, three = servers
    one.bus.publish([KickedOut(HALL, BEN, "enough")])
    await hears(two, KickedOut(HALL, BEN, "enough"))
    assert await quiet(three)


async def test_a_server_that_says_goodbye_is_gone_at_once(
    servers: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its clients; not when it has been silent for long."""
    one, two, three = servers
    monkeypatch.setattr(neighbours, "DEAD_AFTER", SO_LONG)
    await two.close()
    await hears(three, PresenceChanged(HALL, BEN, online=False))
    await comes_true(lambda: 1 == one.bus.others == three.bus.others, "two are left")


async def test_a_server_that_falls_silent_is_gone_after_a_while(
    servers: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its clients; nobody waits for it longer than once."""
    one, two, three = servers
    monkeypatch.setattr(neighbours, "DEAD_AFTER", SO_LONG)
    monkeypatch.setattr(outgoing, "LONGEST_WAIT", 0.5)
    await two.vanish()
    before = asyncio.get_running_loop().time()
    await one.let_in("cy")
    assert asyncio.get_running_loop().time() - before >= 0.5
    monkeypatch.setattr(outgoing, "LONGEST_WAIT", SO_LONG)
    async with asyncio.timeout(PATIENCE):
        await one.let_in("dan")
        await one.let_in("eve")
        await comes_true(lambda: three.bus.peers.have(HALL, ClientId("eve")), "the third knows")
    assert three.bus.peers.have(HALL, CY)
    three.heard.clear()
    _inside(three)._links[two.name].heard_at -= SO_LONG
    await hears(three, PresenceChanged(HALL, BEN, online=False))
    assert 1 == three.bus.others


async def test_a_missing_parcel_is_noticed(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """By the next one, or by a beat: everything is said anew, and what was missed is looked for."""
    one, two, _ = servers
    before = two.clock.now()
    with monkeypatch.context() as patch:
        patch.setattr("parlance.buses.nats.post.Post.send", lambda *_: True)
        one.bus.publish([said(1, BEN)])
        one.bus.peers.departed(HALL, ADA)
        await asyncio.sleep(0)
    one.bus.publish([said(2, BEN)])
    await comes_true(lambda: bool(two.missed), "it is noticed")
    assert two.missed[0] <= two.clock.now()
    assert two.missed[0] >= before - 5_000
    assert not two.bus.peers.have(HALL, ADA)
    assert (1, 1) <= (two.tally.gaps, two.tally.renewals)


async def test_a_last_parcel_that_is_missing_is_noticed(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nothing follows it: beats say how many there were."""
    one, two, _ = servers
    with monkeypatch.context() as patch:
        patch.setattr("parlance.buses.nats.post.Post.send", lambda *_: True)
        one.bus.publish([said(1, BEN)])
        await asyncio.sleep(0)
    await comes_true(lambda: bool(two.missed), "it is noticed")


async def test_what_was_missed_is_told_once(servers: list[Party]) -> None:
    """What is found in the store and was told already is not told again."""
    one, two, _ = servers
    now = two.clock.now() + 1_000
    one.bus.publish([said(1, BEN, created_at=now)])
    await hears(two, said(1, BEN, created_at=now))
    await two.bus.late([said(1, ADA, BEN, created_at=now), said(2, ADA, BEN, created_at=now)])
    assert [(1, False, (BEN,)), (2, True, (BEN,))] == [
        (event.message.seq, event.exact, event.audience) for event in two.heard if isinstance(event, MessageSent)
    ]


async def test_a_line_that_breaks_as_it_is_let_go_stops_nobody_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of NATS writes what it still has to a connection that is gone, and fails."""
    usual = Client.close
    broken = []

    async def breaking(client: Client) -> None:
        await usual(client)
        broken.append(client)
        raise RuntimeError("the handler is closed")

    async with party(1):
        monkeypatch.setattr(Client, "close", breaking)
    assert 1 == len(broken)
