"""The hall with RongCloud behind it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest

from core.world import World
from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.group import NewGroup
from parlance.core.model.member import Roster
from parlance.core.model.provider import ProviderName
from parlance.core.ports.outbox import Errand
from parlance.kernel.clock import DAY
from parlance.kernel.ids import ClientId
from rongcloud.fake import FakeRongCloud, rongcloud

UIDS = {"ada": "1", "ben": "2", "cy": "3"}


@dataclass
class Front:
    """The hall as it is after RongCloud was put behind it, and that RongCloud."""

    world: World
    fake: FakeRongCloud
    app: App

    @property
    def actions(self) -> Actions:
        """What a server can do."""
        return self.world.actions

    @property
    def backend(self) -> Caller:
        """Who shows the server key."""
        return Caller(self.app)

    def client(self, name: str) -> Caller:
        """A client."""
        return Caller(self.app, ClientId(name))

    async def group(self, owner: str, *members: str, code: str = "") -> Roster:
        """A group, made on both sides."""
        new = NewGroup(ClientId(owner), tuple(map(ClientId, members)), name="G", code=code)
        return await self.actions.in_step.create_group(self.client(owner), new)

    async def here(self, group_id: int) -> set[str]:
        """Who is in a group here, by their numbers; nobody if there is none."""
        conversation = await self.world.store.read.conversations.find_group(self.app.app_id, group_id)
        if conversation is None:
            return set()
        return {UIDS[client] for client in await self.world.store.read.members.of(conversation.id)}

    def there(self, group_id: int) -> set[str]:
        """Who is in it there."""
        return self.fake.state.members(str(group_id))

    async def errands(self) -> list[Errand]:
        """What is still to be looked at, now or in a while."""
        return await self.world.store.read.outbox.due(self.world.clock.now() + DAY, 100)

    async def run_errands(self) -> None:
        """Let time pass until nothing is left to do soon."""
        for _ in range(10):
            if not await self.errands():
                return
            self.world.clock.advance(DAY // 24)
            await self.actions.keep_in_step()


@pytest.fixture
async def front(world: World) -> AsyncIterator[Front]:
    """RongCloud stands behind the hall, and knows the group already."""
    async with rongcloud() as fake:
        settings = msgspec.structs.replace(
            world.hall.settings,
            provider=ProviderName.RONGCLOUD,
            rongcloud_key=fake.key,
            rongcloud_secret=fake.secret,
            rongcloud_host=fake.base,
            rongcloud_backup="",
        )
        app = await world.actions.change_app(world.hall.app_id, settings=settings)
        await world.actions.keep_in_step()
        fake.asked.clear()
        yield Front(world, fake, app)
