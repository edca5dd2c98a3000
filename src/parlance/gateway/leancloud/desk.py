"""What every visit of LeanCloud's clients needs of the house."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App
from parlance.gateway.leancloud.wire import LeanCloudWire
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.kernel.tallies import SdkTally
from parlance.realtime.hub import Hub


@dataclass(frozen=True, slots=True)
class Desk:
    """`start` runs something to its end beside the sockets, which may be gone by then.

    `elsewhere`: other servers take over when this one stops.
    """

    actions: Actions
    hub: Hub
    wire: LeanCloudWire
    find_app: Callable[[str], Awaitable[App | None]]
    clock: Clock
    ids: Ids
    tally: SdkTally
    start: Callable[[Coroutine[Any, Any, None]], None]
    elsewhere: bool = False
