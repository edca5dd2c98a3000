"""What a server says that is lost on its way, or never said: each time the others know that they may have missed it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from brokers import Party, party
from gateway.watch import comes_true
from parlance.buses.nats import neighbours, outgoing
from parlance.buses.nats.links import Link
from parlance.buses.nats.neighbours import Neighbours
from parlance.buses.nats.wire import Beat, Came, Entry, Fresh, Parcel, packed, written
from parlance.core.model.events import Event, PresenceChanged, Typing
from parlance.kernel.ids import AppId, ClientId, ConvId

pytestmark = [pytest.mark.needs("nats-server")]

HALL, GROUP = AppId("hall"), ConvId("c1")
ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
SO_LONG = 600.0
"""Seconds that no test takes."""


@pytest.fixture
async def servers() -> AsyncIterator[list[Party]]:
    """Two, with Ada at the first and Ben at the second, and no doubt."""
    async with party(2) as servers:
        await servers[0].let_in("ada")
        await servers[1].let_in("ben")
        for server in servers:
            server.heard.clear()
            server.missed.clear()
        yield servers


def inside(server: Party) -> Neighbours:
    """What a server knows of the other."""
    peers = server.bus.peers
    assert isinstance(peers, Neighbours)
    return peers


def link_to_the_other(server: Party) -> Link:
    """The only link it has."""
    [link] = inside(server)._links.values()
    return link


async def is_missed(server: Party) -> None:
    """Wait until a server looks for what it may have missed."""
    await comes_true(lambda: bool(server.missed), "it is looked for")


async def test_who_dies_before_it_says_what_it_did(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """What it stored since it was last heard is looked for when it is gone."""
    one, two = servers
    monkeypatch.setattr(neighbours, "DEAD_AFTER", 1.5)
    before = one.clock.now()
    await two.vanish()
    await is_missed(one)
    assert before - 5_000 <= one.missed[0] <= one.clock.now() - 1_000
    await comes_true(lambda: 0 == one.bus.others, "it is gone")


async def test_who_was_taken_for_dead_does_not_know_whose_clients_are_where(servers: list[Party]) -> None:
    """A server that was frozen, say: until they have met again, the other says nothing for its clients."""
    one, two = servers
    inside(one)._forget(link_to_the_other(one))
    assert not one.bus.peers.have(HALL, BEN)
    one.bus.publish([Typing(HALL, GROUP, ADA, (BEN,))])
    await comes_true(lambda: one.bus.peers.have(HALL, BEN), "they have met again")
    await is_missed(two)
    one.bus.publish([Typing(HALL, GROUP, ADA, (BEN,))])
    await comes_true(lambda: Typing(HALL, GROUP, ADA, (BEN,)) in two.heard, "it is heard")


async def test_who_is_let_in_while_another_server_does_not_answer(
    servers: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What that server did before it knew of the client is looked for when it says that it knows."""
    one, two = servers
    monkeypatch.setattr(outgoing, "LONGEST_WAIT", 0.1)
    with monkeypatch.context() as busy:
        busy.setattr(inside(two), "_parcel_came", lambda _: None)
        busy.setattr(inside(two)._post, "_parcels", lambda _: None)
        await one.let_in("cy")
        assert not two.bus.peers.have(HALL, CY)
        assert link_to_the_other(one).in_doubt
    await is_missed(one)
    assert two.bus.peers.have(HALL, CY)
    assert not link_to_the_other(one).in_doubt


async def test_a_goodbye_may_overtake_what_was_said_before(
    servers: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, and read."""
    one, two = servers
    monkeypatch.setattr(neighbours, "BEAT", SO_LONG)
    epoch, number = link_to_the_other(two).sent
    goodbye = Beat(two.name, {one.name: (epoch, number + 1)}, farewell=True)
    inside(one)._beat_came(written(goodbye))
    assert 1 == one.bus.others
    two.bus.publish([Typing(HALL, GROUP, BEN, (ADA,))])
    await comes_true(lambda: bool(one.heard), "it is heard")
    assert [Typing(HALL, GROUP, BEN, (ADA,))] == one.heard


async def test_a_goodbye_that_is_complete_is_the_end(servers: list[Party]) -> None:
    """At once; what was stored on the way out, and never said, is looked for."""
    one, two = servers
    await two.close()
    await comes_true(lambda: 0 == one.bus.others, "it is gone")
    expected: list[Event] = [PresenceChanged(HALL, BEN, online=False)]
    assert expected == one.heard
    assert one.missed


async def test_who_was_frozen_holds_it_against_nobody(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """The silence was its own."""
    one, two = servers
    monkeypatch.setattr(neighbours, "DEAD_AFTER", 1.2)
    loop = asyncio.get_running_loop()
    stuck = loop.time() + 2.5
    while loop.time() < stuck:
        pass
    await comes_true(lambda: all(link_to_the_other(server).heard_at >= stuck for server in servers), "they go on")
    assert (1, 1) == (one.bus.others, two.bus.others)


# Links, without a wire


def pair() -> tuple[Link, Link]:
    """Two servers that have begun: what the first knows of the second, and the second of the first."""
    there, here = Link("two", 0), Link("one", 0)
    there.begin(1)
    here.begin(1)
    return there, here


def parcel(link: Link, *entries: Entry) -> Parcel:
    """The next parcel on a link."""
    link.outgoing += entries
    [made] = link.parcels("one", answer=False)
    return made


def meet(there: Link, here: Link) -> None:
    """Each hears the other from the start, and says so."""
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    there.got(parcel(here, packed(Fresh(0))), begins=True)
    here.is_heard(there.hears)
    there.is_heard(here.hears)


def test_a_doubt_ends_when_both_have_understood() -> None:
    """Not when one has only heard the other; and it ends once."""
    there, here = pair()
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    assert (False, 0) == here.cleared(5)
    there.got(parcel(here, packed(Fresh(0))), begins=True)
    here.is_heard(there.hears)
    assert [(True, 0), (False, 6)] == [here.cleared(6), here.cleared(7)]


def test_whoever_vouches_wants_an_answer() -> None:
    """The doubt is as old as what was said before it."""
    there, here = pair()
    meet(there, here)
    assert (True, 0) == there.cleared(5)
    there.vouch()
    said = parcel(there, packed(Came(HALL, ADA)))
    assert said.answer
    assert (False, 5) == there.cleared(8)
    here.got(said, begins=False)
    there.is_heard(here.hears)
    assert (True, 5) == there.cleared(9)


def test_a_missing_parcel_is_a_doubt_until_all_is_said_anew() -> None:
    """And what was heard of an earlier epoch does not clear it."""
    there, here = pair()
    meet(there, here)
    here.cleared(5)
    parcel(there, packed(Came(HALL, ADA)))
    here.got(parcel(there, packed(Came(HALL, BEN))), begins=False)
    assert here.in_doubt
    there.begin(2)
    here.got(parcel(there, packed(Fresh(0))), begins=True)
    assert (True, 5) == here.cleared(8)


def test_who_begins_anew_without_having_heard_may_have_forgotten() -> None:
    """That it once acknowledged everything does not count any more."""
    there, here = pair()
    meet(there, here)
    here.cleared(5)
    stranger = Link("two", 0)
    stranger.begin(9)
    here.got(parcel(stranger, packed(Fresh(0))), begins=True)
    assert (False, 5) == here.cleared(8)


def test_a_beat_is_trusted_when_nothing_is_suspected() -> None:
    """It may have overtaken a parcel: until that is settled, nothing is known to be complete, and nothing doubted."""
    there, here = pair()
    meet(there, here)
    here.cleared(5)
    late = parcel(there, packed(Came(HALL, ADA)))
    assert not here.told(there.sent)
    assert (False, 5) == here.cleared(8)
    here.got(late, begins=False)
    assert (False, 5) == here.cleared(9)
    assert 9 == here.sure_until


async def test_a_gap_is_asked_about_once(servers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each parcel after it is out of turn, and each answer would say everything; after a while it is asked again."""
    one, two = servers
    asked: list[object] = []
    monkeypatch.setattr(inside(one), "_send", lambda _, parcel: asked.append(parcel))
    epoch, number = link_to_the_other(one).hears
    for ahead in (2, 3, 4):
        inside(one)._parcel_came(written(Parcel(two.name, epoch, number + ahead, 0, 0, False, [])))
    assert 1 == len(asked)
    monkeypatch.setattr(neighbours, "_ANSWERS_WITHIN", 0)
    inside(one)._parcel_came(written(Parcel(two.name, epoch, number + 5, 0, 0, False, [])))
    assert 2 == len(asked)


async def test_who_has_just_begun_is_not_sure_of_being_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another may be there, frozen or cut off, and store what it took in before."""
    async with party(1) as [one]:
        assert not inside(one).always_alone
        monkeypatch.setattr(neighbours, "_TROUBLED_FOR", 0)
        assert inside(one).always_alone
