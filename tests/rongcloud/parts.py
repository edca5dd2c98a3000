"""Our own client, put together as a server does it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from parlance.core.model.provider import RongCloudAccess
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import SystemIds
from parlance.outbound.rongcloud.api import RongCloudApi
from parlance.outbound.rongcloud.client import RongCloudClient, session
from rongcloud.fake import FakeRongCloud

NOWHERE = "http://127.0.0.1:9"
"""A port on which nobody listens."""


class SetClock(SystemClock):
    """The machine's clock, whose spans can be put forward, and be made to stand still."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0
        self.stands_at: float | None = None

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        running = super().monotonic() if self.stands_at is None else self.stands_at
        return running + self.ahead


@asynccontextmanager
async def client_for(
    fake: FakeRongCloud, *hosts: str, secret: str = "", clock: SetClock | None = None
) -> AsyncIterator[RongCloudClient]:
    """Our client, told to ask `hosts` (or the fake)."""
    clock = clock or SetClock()
    host, backup = (*(hosts or (fake.base,)), "")[:2]
    access = RongCloudAccess(fake.key, secret or fake.secret, host, backup)
    async with session() as http:
        yield RongCloudClient(http, access, clock, SystemIds(clock))


@asynccontextmanager
async def api_for(fake: FakeRongCloud) -> AsyncIterator[RongCloudApi]:
    """Our client's calls against the fake."""
    async with client_for(fake) as client:
        yield RongCloudApi(client)
