"""What apps' own servers were told, or could not be."""

from typing import Literal

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.ids import number_of, place_of
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.hooks.events import ALL_STATES, TOLD
from parlance.core.model.delivery import Delivery, DeliveryState
from parlance.kernel.pages import LARGEST_PAGE
from parlance.web.routes import Nothing, Operation

TAG = "Admin: deliveries"
ROWS = 50

State = Literal["waiting", "delivered", "dead", "kept"]


class DeliveriesWanted(msgspec.Struct, frozen=True):
    """Which of them."""

    state: State | None = None
    before: str = ""
    """Only those older than the one of this id."""
    limit: int = ROWS


class DeliveryShown(msgspec.Struct):
    """One thing that an app is told; not what."""

    id: str
    event: str
    hook: str
    lane: str
    """The conversation or client it is about."""
    state: State
    made_at: int
    due_at: int
    attempts: int
    reason: str
    """Why the last attempt failed."""


class DeliveriesFound(msgspec.Struct):
    """Some, newest first; `more` are older."""

    deliveries: list[DeliveryShown]
    more: bool


class ReplayWanted(msgspec.Struct, frozen=True):
    """What is to be told again, as if it had never been: what is dead, or everything, of a span of time (ms)."""

    only_dead: bool = True
    start: int | None = None
    end: int | None = None


class Replayed(msgspec.Struct):
    """How many are told again."""

    count: int


class Deliveries:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[DeliveriesWanted]) -> DeliveriesFound:
        """GET /admin/apps/{app_id}/deliveries."""
        wanted = call.fields
        states = ALL_STATES if wanted.state is None else {DeliveryState[wanted.state.upper()]}
        most = max(1, min(wanted.limit, LARGEST_PAGE))
        app_id, before = call.caller.app.app_id, place_of(wanted.before, "before")
        found = await self._actions.list_deliveries(app_id, states, most + 1, before)
        return DeliveriesFound([_shown(each) for each in found[:most]], len(found) > most)

    async def replay(self, call: Call[ReplayWanted]) -> Replayed:
        """POST /admin/apps/{app_id}/deliveries/replay."""
        wanted = call.fields
        states = {DeliveryState.DEAD} if wanted.only_dead else TOLD
        count = await self._actions.replay(call.caller.app.app_id, wanted.start, wanted.end, states)
        call.note = f"{count} told again"
        return Replayed(count)

    async def replay_one(self, call: Call[Nothing]) -> Replayed:
        """POST /admin/apps/{app_id}/deliveries/{delivery_id}/replay."""
        number = number_of(call.path("delivery_id"))
        return Replayed(int(await self._actions.replay.one(call.caller.app.app_id, number)))


def _shown(delivery: Delivery) -> DeliveryShown:
    state: State = _NAMES[delivery.state]
    return DeliveryShown(
        delivery.call_id,
        delivery.event,
        delivery.hook.value,
        delivery.lane,
        state,
        delivery.made_at,
        delivery.due_at,
        delivery.attempts,
        delivery.reason,
    )


_NAMES: dict[DeliveryState, State] = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.DEAD: "dead",
    DeliveryState.KEPT: "kept",
}

LIST = Operation(answer_example=examples.DELIVERIES, summary="List what an app's server is told", tag=TAG)
REPLAY = Operation(
    answer_example=examples.REPLAYED,
    summary="Tell much again",
    tag=TAG,
    description="What is dead, unless told otherwise.",
    example={"only_dead": True},
)
REPLAY_ONE = Operation(
    answer_example=examples.REPLAYED,
    summary="Tell one thing again",
    tag=TAG,
    description="`count` 0: there is none, or it waits to be told already.",
)
