"""Where providers come from that are RongCloud."""

from parlance.core.model.provider import RongCloudAccess
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import Ids
from parlance.outbound.rongcloud.api import RongCloudApi
from parlance.outbound.rongcloud.client import RongCloudClient, session
from parlance.outbound.rongcloud.provider import RongCloudProvider


class RongCloudConnections:
    """Makes the providers of all apps; they share one HTTP session."""

    def __init__(self, clock: Clock, ids: Ids, wait: int) -> None:
        self._clock = clock
        self._ids = ids
        self._wait = wait / SECOND
        self._session = session()

    def connect(self, access: RongCloudAccess) -> RongCloudProvider:
        """The RongCloud that `access` opens."""
        client = RongCloudClient(self._session, access, self._clock, self._ids, timeout=self._wait)
        return RongCloudProvider(RongCloudApi(client))

    async def close(self) -> None:
        """Let go of the session."""
        await self._session.close()
