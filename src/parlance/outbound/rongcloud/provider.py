"""RongCloud as the real-time service behind an app."""

from collections.abc import Awaitable, Collection
from math import ceil
from typing import TypeVar

from parlance.core.model.rong_objects import Written
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

    async def say_to_people(self, sender: str, uids: Collection[str], what: Written) -> None:
        """See `Provider.say_to_people`."""
        await _said(self._api.publish_private(sender, uids, what))

    async def say_in_group(self, sender: str, group: str, what: Written) -> None:
        """See `Provider.say_in_group`."""
        await _said(self._api.publish_group(sender, [group], what))

    async def say_as_system(self, sender: str, uids: Collection[str], what: Written) -> None:
        """See `Provider.say_as_system`."""
        await _said(self._api.publish_system(sender, uids, what))


def _name(user: User) -> str:
    return user.nickname or user.name or user.client_id


async def _asked(call: Awaitable[Answer]) -> Answer:
    """Await a call; what RongCloud does to us becomes a fault in the words of the product."""
    try:
        return await call
    except (Refused, Nonsense, TooFast, Unanswered) as error:
        raise _fault(error) from None


async def _said(call: Awaitable[None]) -> None:
    """The same for what must not be said twice: who does not know whether it was said does not ask again."""
    try:
        await call
    except Unanswered as error:
        if error.sent:
            raise Fault(FaultCode.PROVIDER_FAILED, "nobody knows whether RongCloud heard it") from None
        raise _fault(error) from None
    except (Refused, Nonsense, TooFast) as error:
        raise _fault(error) from None


def _fault(error: Refused | Nonsense | TooFast | Unanswered) -> Fault:
    match error:
        case Refused(reaction=Reaction.FULL):
            return Fault(FaultCode.FULL)
        case Refused(reaction=Reaction.BACK_OFF):
            return Fault(FaultCode.UNAVAILABLE, str(error), retry_after=RETRY_AFTER)
        case Refused():
            return Fault(FaultCode.PROVIDER_FAILED, str(error))
        case Nonsense():
            return Fault(FaultCode.PROVIDER_FAILED, "RongCloud answered nonsense")
        case TooFast():
            return Fault(FaultCode.UNAVAILABLE, str(error), retry_after=ceil(error.seconds))
        case Unanswered():
            return Fault(FaultCode.UNAVAILABLE, "RongCloud does not answer", retry_after=RETRY_AFTER)
