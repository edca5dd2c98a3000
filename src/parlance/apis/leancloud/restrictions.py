"""Who is kept from speaking in a conversation, for a while or for good, and who from coming in."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.changes import Done, done
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.apis.leancloud.members import ClientsSent, page
from parlance.core.actions.catalogue import Actions
from parlance.core.model.restriction import FOREVER, Restraint
from parlance.core.model.user import client_id
from parlance.kernel.clock import DAY, SECOND, Clock
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.calls import Call

TAG = "LeanCloud restrictions"
LONGEST_SILENCE = DAY // SECOND

Seconds = Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SILENCE)]


class SilenceSent(msgspec.Struct, frozen=True):
    """Who is not to speak for a while; `ttl` in seconds, a day at most."""

    client_id: str | int
    ttl: Seconds = LONGEST_SILENCE


class SilencedSent(msgspec.Struct, frozen=True):
    """Who may speak again."""

    client_id: str | int


class PageAsked(msgspec.Struct, frozen=True):
    """Where a list goes on."""

    limit: int | None = None
    next: str | None = None


class ClientList(msgspec.Struct, omit_defaults=True):
    """A page of client ids; `next` is where it goes on."""

    client_ids: list[str]
    next: str | UnsetType = UNSET


class Restrictions:
    """The calls about who may not."""

    def __init__(self, actions: Actions, clock: Clock) -> None:
        self._actions = actions
        self._clock = clock

    async def silence_for_a_while(self, call: Call[SilenceSent]) -> Done:
        """POST …/temporary-silenceds."""
        until = self._clock.now() + call.fields.ttl * SECOND
        who = (client_id(call.fields.client_id),)
        return done(await self._actions.silence(call.caller, _where(call), who, until))

    async def end_silence(self, call: Call[SilencedSent]) -> Done:
        """DELETE …/temporary-silenceds."""
        who = (client_id(call.fields.client_id),)
        return done(await self._actions.unsilence(call.caller, _where(call), who))

    async def silence(self, call: Call[ClientsSent]) -> Done:
        """POST …/permanent-silenceds."""
        return done(await self._actions.silence(call.caller, _where(call), _whom(call), FOREVER))

    async def let_speak(self, call: Call[ClientsSent]) -> Done:
        """DELETE …/permanent-silenceds."""
        return done(await self._actions.unsilence(call.caller, _where(call), _whom(call)))

    async def list_silenced(self, call: Call[PageAsked]) -> ClientList:
        """GET …/permanent-silenceds."""
        return await self._listed(call, Restraint.SILENCED)

    async def block(self, call: Call[ClientsSent]) -> Done:
        """POST …/blacklists."""
        return done(await self._actions.block(call.caller, _where(call), _whom(call)))

    async def unblock(self, call: Call[ClientsSent]) -> Done:
        """DELETE …/blacklists."""
        return done(await self._actions.unblock(call.caller, _where(call), _whom(call)))

    async def list_blocked(self, call: Call[PageAsked]) -> ClientList:
        """GET …/blacklists."""
        return await self._listed(call, Restraint.BLOCKED)

    async def _listed(self, call: Call[PageAsked], restraint: Restraint) -> ClientList:
        most, after = page(call.fields.limit), call.fields.next
        begins = client_id(after, "next") if after else None
        listed = await self._actions.restricted(call.caller, _where(call), restraint, begins, most)
        return ClientList([*listed.clients], listed.following or UNSET)


def _where(call: Call[Any]) -> ConvId:
    return conv_id(call.path("conv_id"))


def _whom(call: Call[ClientsSent]) -> tuple[ClientId, ...]:
    return clients(call.fields.client_ids, "client_ids")
