"""The composition root: makes the adapters, and puts everything together on them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from socket import gethostname
from typing import Protocol

from parlance.app.aside import ThreadsAside
from parlance.app.colleagues import AllServers, Answering, nobody_else
from parlance.app.config import Config
from parlance.app.figures import Figures, server_name
from parlance.app.metrics import Tallies
from parlance.app.safety import guard
from parlance.app.wiring import Parts, actions
from parlance.blobs.inspection import ByteInspector
from parlance.blobs.objects import open_blobs
from parlance.buses.local import LocalBus
from parlance.buses.nats import History, NatsBus
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors
from parlance.core.actions.hooks.telling import Telling
from parlance.core.actions.noting import NotingStore
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.pace import Pace
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.provider.providers import SettledProviders
from parlance.core.actions.provider.telling import NoteErrands
from parlance.core.actions.rosters import Rosters
from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.actions.system.voice import Voice
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.events import Event
from parlance.core.model.message import Message
from parlance.core.ports.bus import Hears
from parlance.core.ports.hooks import Hooks
from parlance.core.ports.peers import NoPeers
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock, SystemClock
from parlance.kernel.ids import ClientId, Ids, SystemIds
from parlance.outbound.hooks.calls import HookCalls
from parlance.outbound.rongcloud.connections import RongCloudConnections
from parlance.realtime.fanout import Fanout
from parlance.realtime.hub import Hub
from parlance.realtime.logins import Logins
from parlance.realtime.outbox import Flusher
from parlance.realtime.presence import LocalPresence
from parlance.realtime.recovery import Recovery
from parlance.realtime.witness import Witness
from parlance.stores.sql import SqlStore, open_store


@dataclass(frozen=True)
class Application:
    """A Parlance with everything connected, not yet listening to anybody."""

    config: Config
    clock: Clock
    ids: Ids
    tallies: Tallies
    store: SqlStore
    directory: AppDirectory
    rosters: Rosters
    hub: Hub
    flusher: Flusher
    actions: Actions
    bus: LocalBus | NatsBus
    recovery: Recovery | None
    """What was missed of other servers' news; None where there are none."""
    figures: Figures


class _Listener(Protocol):
    def heard(self, events: Sequence[Event], /) -> None:
        """Called with what has happened."""


@asynccontextmanager
async def opened(
    config: Config,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    through: Callable[[Store], Store] = lambda store: store,
) -> AsyncIterator[Application]:
    """Open the store and put everything together on it; on leaving, what waits is written and the store closed.

    `through` gives what the verbs get in place of the store: for tests that take it away.
    """
    clock = clock or SystemClock()
    ids = ids or SystemIds(clock)
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    tallies = Tallies()
    history = _History()
    bus = _bus(config, clock, ids, history, tallies)
    store = await open_store(
        config.database,
        announce=bus.publish,
        clock=clock,
        waiting=config.limits.waiting_appends,
        tally=tallies.store,
        numbered=ids.become,
        taken_note=bus.taken_note,
    )
    history.store = store
    rongcloud = RongCloudConnections(clock, ids, config.limits.provider_wait)
    hooks = HookCalls(clock, ids)
    try:
        kept = through(store)
        bans = Bans(kept)
        await bans.load()
        providers = SettledProviders(rongcloud.connect, clock)
        yield _connected(config, clock, ids, tallies, store, kept, bus, bans, providers, hooks)
    finally:
        await hooks.close()
        await rongcloud.close()
        await store.close()


class _History:
    """What the bus asks the store, which is there a moment after the bus."""

    store: SqlStore

    async def between(self, conversation: int, after: int, before: int, most: int) -> list[Message]:
        """See `History.between`."""
        return await self.store.read.messages.between(conversation, after, before, most, newest=True)

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> Mapping[ClientId, int]:
        """See `History.joined`."""
        return await self.store.read.members.joined(conversation, clients)


def _bus(config: Config, clock: Clock, ids: Ids, history: History, tallies: Tallies) -> LocalBus | NatsBus:
    if not config.bus_url:
        return LocalBus()
    return NatsBus(config.bus_url, ids.random_hex()[:16], clock, history, tallies.bus)


def _connected(
    config: Config,
    clock: Clock,
    ids: Ids,
    tallies: Tallies,
    store: SqlStore,
    kept: Store,
    bus: LocalBus | NatsBus,
    bans: Bans,
    providers: SettledProviders,
    hooks: Hooks,
) -> Application:
    hub = Hub(witness := Witness(clock, config.limits.remembered))
    peers = bus.peers if isinstance(bus, NatsBus) else NoPeers()
    presence = LocalPresence(hub, peers)
    soon = asyncio.get_running_loop().call_soon
    logins = Logins(hub, peers.have, bus.publish, soon, ids.random_hex(), clock)
    rosters = Rosters(kept, presence, clock, config.limits.cached_members)
    directory = AppDirectory(kept, guard(config))
    fanout = Fanout(hub, rosters, tallies.fanout)
    # Who judges hears first, who tells hears then, who forgets hears last.
    _listen(bus, bans, rosters, directory, witness, fanout, presence, hub, logins)
    figures = _figures(store, tallies, clock)
    answering = Answering(figures.server, hub, witness, figures)
    recovery = _meet_others(bus, store, hub, bans, rosters, presence, logins, answering, clock)
    telling = Telling(directory.at_hand, presence, clock, ids)
    noting = NotingStore(kept, telling.note, NoteErrands(providers, clock, ids))
    notices = GroupNotices(voice := Voice(ids))
    parts = Parts(
        config,
        clock,
        ids,
        store=noting,
        untold=NotingStore(kept, telling.note),
        bus=bus,
        presence=presence,
        rosters=rosters,
        doors=Doors(rosters),
        bans=bans,
        welcome=Welcome(noting, bans, clock),
        voice=voice,
        notices=notices,
        changes=Changes(notices),
        occupancy=Occupancy(presence, bus),
        pace=Pace(clock, config.limits.sends_per_second, config.limits.burst),
        directory=directory,
        providers=providers,
        hooks=hooks,
        telling=telling,
        blobs=open_blobs(config.files_url or config.files_path),
        inspector=ByteInspector(config.limits.image_pixels),
        aside=ThreadsAside(),
        uploads=tallies.uploads,
        hook_tally=tallies.hooks,
        colleagues=AllServers(answering, bus.inquiries.ask if isinstance(bus, NatsBus) else nobody_else),
    )
    catalogue = _verbs(parts, bus)
    return Application(
        config, clock, ids, tallies, store, directory, rosters, hub, Flusher(soon), catalogue, bus, recovery, figures
    )


def _listen(bus: LocalBus | NatsBus, *listeners: _Listener) -> None:
    """In this order."""
    for listener in listeners:
        bus.listen(listener.heard)


def _figures(store: SqlStore, tallies: Tallies, clock: Clock) -> Figures:
    server = server_name(gethostname())
    return Figures(server, store.database, tallies, clock, lambda: store.appender.waiting, store.size)


def _verbs(parts: Parts, bus: LocalBus | NatsBus) -> Actions:
    """The verbs; some hear what happens, after everybody else."""
    catalogue = actions(parts)
    bus.listen(catalogue.pass_on.heard, Hears.OWN)
    bus.listen(catalogue.attendance.heard)
    bus.listen(catalogue.lost_rooms.heard)
    return catalogue


def _meet_others(
    bus: LocalBus | NatsBus,
    store: SqlStore,
    hub: Hub,
    bans: Bans,
    rosters: Rosters,
    presence: LocalPresence,
    logins: Logins,
    answering: Answering,
    clock: Clock,
) -> Recovery | None:
    """Have everybody who keeps something at hand hear of other servers, if there may be any."""
    if not isinstance(bus, NatsBus):
        return None
    recovery = Recovery(store, hub, rosters, bans, bus.late, bus.recovered, logins, clock)
    bus.listen(bans.overtaken, Hears.OTHERS)
    bus.listen(rosters.overtaken, Hears.OTHERS)
    bus.introduce(presence)
    bus.look_for = recovery.lost
    bus.inquiries.answering = answering
    return recovery
