"""The key with which a user's device connects to the real-time service."""

import msgspec

from parlance.apis.rong.desk import Call
from parlance.apis.rong.fields import Sent, flag
from parlance.core.actions.catalogue import Actions
from parlance.web.routes import Operation


class KeyAsked(msgspec.Struct, frozen=True):
    """Which key."""

    refresh: bool = False
    """True: a new one, after the one that was given is refused."""


class KeyShown(msgspec.Struct):
    """A key."""

    key: str


class Tokens:
    """The call about keys."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def show(self, call: Call[Sent]) -> KeyShown:
        """GET /api/im/token/."""
        fresh = flag(call.fields, "refresh")
        return KeyShown(key=await self._actions.provider_token(call.caller, call.user, fresh=fresh))


SHOW = Operation(
    summary="Get the key of the real-time service",
    tag="Rong keys",
    description="RongCloud's, where it stands behind the app; else a client token for this server's own sockets.",
    answer_example={"key": "12156s45fsdfdsf54654"},
)
