"""Where it is kept what apps' own servers are told."""

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from parlance.core.model.delivery import Cursor, Delivery, DeliveryState
from parlance.kernel.ids import AppId


class Backlog(msgspec.Struct, frozen=True):
    """How much there is, of all apps together."""

    waiting: int = 0
    dead: int = 0


class Deliveries(Protocol):
    """One for each thing that an app is told. What messages tell comes in with them: see `Append.told`."""

    async def add(self, deliveries: Sequence[Delivery], at: int) -> None:
        """Keep them; `at` gives them their stamp."""

    async def apps_due(self, at: int) -> list[AppId]:
        """The apps that have something to be told now."""

    async def claim(self, app_id: AppId, at: int, until: int, most: int, overtaken: int) -> list[Delivery]:
        """Take some that are due, in the order of their commits; nobody else gets them before `until`.

        What stands in a lane behind one that waits for later waits with it, unless that one has failed `overtaken`
        times.
        """

    async def delivered(self, ids: Collection[int]) -> None:
        """They were taken."""

    async def failed(self, delivery: Delivery, due_at: int, reason: str) -> None:
        """It was not taken, and is tried again; whatever waits in its lane behind it, not before that."""

    async def release(self, ids: Collection[int], due_at: int) -> None:
        """They were claimed and not tried."""

    async def release_all(self, at: int) -> None:
        """Whatever is claimed is due: whoever claimed it is no more."""

    async def bury(self, ids: Collection[int], reason: str) -> None:
        """They are not tried again."""

    async def bury_old(self, made_before: int, reason: str) -> int:
        """The same for all that still wait and are that old; how many."""

    async def bury_all(self, app_id: AppId, reason: str) -> int:
        """The same for all that wait of an app; how many."""

    async def forget(self, ids: Collection[int]) -> None:
        """They never were: neither told, nor fetched, nor told again."""

    async def after(self, app_id: AppId, cursor: Cursor, until: int, most: int) -> list[Delivery]:
        """What was committed after the cursor, up to a stamp, in order; whatever has become of it."""

    async def listed(
        self, app_id: AppId, states: Collection[DeliveryState], before: int | None, most: int
    ) -> list[Delivery]:
        """The newest in some states, with ids below `before`."""

    async def replay(
        self, app_id: AppId, states: Collection[DeliveryState], span: tuple[int, int], at: int, most: int
    ) -> list[int]:
        """Have them told anew, as if never tried: ids from the one until before the other, the first `most`."""

    async def purge(self, made_before: int, dead_before: int, most: int) -> int:
        """Forget what was told (or is only kept), and what is dead, from before these times; how many rows."""

    async def backlog(self) -> Backlog:
        """How much there is."""
