"""RongCloud as the real-time service behind an app."""

from collections.abc import Awaitable, Collection, Mapping
from math import ceil
from typing import TypeVar

from parlance.core.model.user import User
from parlance.kernel.faults import Fault, FaultCode
from parlance.outbound.rongcloud.api import RongCloudApi
from parlance.outbound.rongcloud.errors import Nonsense, Reaction, Refused, TooFast, Unanswered

NAMELESS = "群聊"
"""What a group without a name is called there: RongCloud takes none without."""
RETRY_AFTER = 2
"""Seconds after which to ask again what RongCloud had no time for."""

Answer = TypeVar("Answer")


class RongCloudProvider:
    """See `core/ports/provider.py`."""

    def __init__(self, api: RongCloudApi) -> None:
        self._api = api

    @property
    def is_remote(self) -> bool:
        """See `Provider.is_remote`."""
        return True

    async def token(self, user: User) -> str:
        """See `Provider.token`."""
        return await _asked(self._api.get_token(str(user.uid), _name(user), user.avatar))

    async def refresh_user(self, user: User) -> None:
        """See `Provider.refresh_user`."""
        await _asked(self._api.refresh_user(str(user.uid), _name(user), user.avatar))

    async def set_blocked(self, uid: str, blocked: bool, minutes: int) -> None:
        """See `Provider.set_blocked`."""
        await _asked(self._api.block([uid], minutes) if blocked else self._api.unblock([uid]))

    async def create_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """See `Provider.create_group`."""
        await _asked(self._api.create_group(group, name or NAMELESS, uids))

    async def join_group(self, group: str, name: str, uids: Collection[str]) -> None:
        """See `Provider.join_group`."""
        await _asked(self._api.join_group(group, name or NAMELESS, uids))

    async def quit_group(self, group: str, uids: Collection[str]) -> None:
        """See `Provider.quit_group`."""
        await _asked(self._api.quit_group(group, uids))

    async def dismiss_group(self, group: str, by: str) -> None:
        """See `Provider.dismiss_group`."""
        await _asked(self._api.dismiss_group(group, by))

    async def refresh_group(self, group: str, name: str) -> None:
        """See `Provider.refresh_group`."""
        await _asked(self._api.refresh_group(group, name or NAMELESS))

    async def group_members(self, group: str) -> frozenset[str]:
        """See `Provider.group_members`."""
        return await _asked(self._api.group_members(group))

    async def group_names(self, uid: str) -> Mapping[str, str]:
        """See `Provider.group_names`."""
        return await _asked(self._api.groups_of(uid))


def _name(user: User) -> str:
    return user.nickname or user.name or user.client_id


async def _asked(call: Awaitable[Answer]) -> Answer:
    """Await a call; what RongCloud does to us becomes a fault in the words of the product."""
    try:
        return await call
    except Refused as error:
        if error.reaction is Reaction.FULL:
            raise Fault(FaultCode.FULL) from None
        if error.reaction is Reaction.BACK_OFF:
            raise Fault(FaultCode.UNAVAILABLE, str(error), retry_after=RETRY_AFTER) from None
        raise Fault(FaultCode.PROVIDER_FAILED, str(error)) from None
    except Nonsense:
        raise Fault(FaultCode.PROVIDER_FAILED, "RongCloud answered nonsense") from None
    except TooFast as error:
        raise Fault(FaultCode.UNAVAILABLE, str(error), retry_after=ceil(error.seconds)) from None
    except Unanswered:
        raise Fault(FaultCode.UNAVAILABLE, "RongCloud does not answer", retry_after=RETRY_AFTER) from None
