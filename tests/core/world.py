"""The parts a server is made of, put together as a server does it, with a clock that stands still.

The standing cast: Ada owns the group, Ben is a member, Cy is a stranger, Dora lives in another app.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from parlance.app import assemble
from parlance.app.config import Config
from parlance.app.metrics import Tallies
from parlance.buses.local import LocalBus
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.provider.providers import SettledProviders
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import Event
from parlance.core.model.limits import Limits
from parlance.core.model.message import Draft, Message
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.core.ports.store import Store
from parlance.kernel.clock import StoppedClock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId, CountingIds
from parlance.outbound.hooks.calls import HookCalls
from parlance.outbound.rongcloud.connections import RongCloudConnections
from parlance.realtime.outbox import Flusher
from parlance.stores.sql import open_store
from realtime.parts import Phone, Words
from tables import with_tables

Heard = TypeVar("Heard")


class Recorder:
    """Listens on the bus."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def heard(self, events: Sequence[Event]) -> None:
        """Write down what was announced."""
        self.events.extend(events)

    def of(self, kind: type[Heard]) -> list[Heard]:
        """The events of a kind, since last asked for anything."""
        found: list[Heard] = []
        found.extend(event for event in self.events if isinstance(event, kind))
        self.events.clear()
        return found


@dataclass
class World:
    """Everything but sockets."""

    application: assemble.Application
    clock: StoppedClock
    bus: LocalBus
    told: Recorder
    hall: App
    annex: App
    group: ConvId
    flusher: Flusher = field(default_factory=lambda: Flusher(lambda _: None))
    wire: Words = field(default_factory=Words)
    _phones: int = 0

    @property
    def actions(self) -> Actions:
        """What a server can do."""
        return self.application.actions

    @property
    def store(self) -> Store:
        """Where it keeps things."""
        return self.application.store

    @property
    def backend(self) -> Caller:
        """Who shows the server key of `hall`."""
        return Caller(self.hall)

    @property
    def ada(self) -> Caller:
        """The owner of the group."""
        return self.client("ada")

    @property
    def ben(self) -> Caller:
        """A member of the group."""
        return self.client("ben")

    @property
    def cy(self) -> Caller:
        """A stranger to the group."""
        return self.client("cy")

    @property
    def dora(self) -> Caller:
        """Somebody of another app."""
        return Caller(self.annex, ClientId("dora"))

    def client(self, name: str) -> Caller:
        """A client of `hall`."""
        return Caller(self.hall, ClientId(name))

    async def know(self, *names: str) -> tuple[ClientId, ...]:
        """Register users of `hall`."""
        clients = tuple(ClientId(name) for name in names)
        for client in clients:
            await self.actions.create_user(self.backend, client, Profile())
        return clients

    async def open(self, kind: Kind, creator: str, *others: str, **more: Any) -> Conversation:
        """A conversation, opened by its creator."""
        opening = Opening(kind, ClientId(creator), tuple(map(ClientId, others)), **more)
        return await self.actions.open_conversation(self.client(creator), opening)

    async def say(self, text: str, sender: str = "ada", conv_id: str | None = None, **more: Any) -> Message:
        """A text in the group, or elsewhere; by the backend, which no pace holds back."""
        draft = Draft(ClientId(sender), -1, ConvId(conv_id or self.group), text=text, **more)
        return await self.actions.send(self.backend, draft)

    def phone(self, caller: Caller, device_id: str = "") -> Phone:
        """A connection of a client, logged in."""
        self._phones += 1
        actions = self.actions
        hub = self.application.hub
        phone = Phone(hub, self.flusher, self._phones, caller, device_id, self.wire, actions.go_offline)
        actions.come_online(caller, device_id, self._phones, first=phone.connect())
        return phone

    async def members(self, conv_id: str | None = None) -> list[str]:
        """Who is in, by what is at hand."""
        return list(await self.actions.list_members(self.backend, ConvId(conv_id or self.group)))

    async def stored_members(self, conversation: Conversation) -> list[str]:
        """Who is in, by what is stored."""
        return list(await self.store.read.members.of(conversation.id))


async def refusal(asked: Awaitable[object]) -> FaultCode:
    """Why something is refused."""
    with pytest.raises(Fault) as caught:
        await asked
    return caught.value.code


def refused(asked: Callable[[], object]) -> FaultCode:
    """Why something that need not be waited for is refused."""
    with pytest.raises(Fault) as caught:
        asked()
    return caught.value.code


@asynccontextmanager
async def peopled(folder: Path, limits: Limits | None = None) -> AsyncIterator[World]:
    """A world in a folder."""
    config = Config(data_dir=folder, limits=limits or Limits())
    clock = StoppedClock()
    ids = CountingIds(clock)
    bus = LocalBus()
    store = await open_store(
        with_tables(config.database),
        announce=bus.publish,
        clock=clock,
        waiting=config.limits.waiting_appends,
    )
    rongcloud = RongCloudConnections(clock, ids, config.limits.provider_wait)
    hooks = HookCalls(clock, ids)
    try:
        providers = SettledProviders(rongcloud.connect, clock)
        application = assemble._connected(
            config, clock, ids, Tallies(), store, store, bus, Bans(store), providers, hooks
        )
        world = await _with_cast(application, clock, bus)
        yield world
    finally:
        await hooks.close()
        await rongcloud.close()
        await store.close()


async def _with_cast(application: assemble.Application, clock: StoppedClock, bus: LocalBus) -> World:
    actions = application.actions
    hall = await actions.register_app("hall", master_key="key-of-hall")
    annex = await actions.register_app("annex", master_key="key-of-annex")
    async with application.store.begin() as tx:
        await tx.users.add_missing(hall.app_id, [ClientId(name) for name in ("ada", "ben", "cy")], clock.now())
        await tx.users.add_missing(annex.app_id, [ClientId("dora")], clock.now())
    opening = Opening(Kind.GROUP, ClientId("ada"), (ClientId("ben"),))
    group = await actions.open_conversation(Caller(hall), opening)
    told = Recorder()
    bus.listen(told.heard)
    return World(application, clock, bus, told, hall, annex, group.conv_id)


def with_settings(app: App, **settings: Any) -> App:
    """The app, with some settings of its own."""
    return msgspec.structs.replace(app, settings=msgspec.structs.replace(app.settings, **settings))
