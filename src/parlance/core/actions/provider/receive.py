"""Taking in what RongCloud's clients say to each other."""

from collections.abc import Collection
from enum import Enum

from parlance.core.actions.messages.send import SendMessage
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.message import MOST_MENTIONS, Draft
from parlance.core.model.provider import ProviderName
from parlance.core.model.rong_objects import Said, said
from parlance.core.model.rongcloud import Proof, Routed, proves
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

REF_PREFIX = "rongcloud:"
"""A message with such a `ref` came from there."""

_HIGHEST = 1 << 62
_OURS = {FaultCode.UNAVAILABLE, FaultCode.INTERNAL}


class Taken(Enum):
    """What became of a message that was routed to us."""

    STORED = "stored"
    NOT_OURS = "neither a direct message nor one to a whole group"
    UNKNOWN_PEOPLE = "its sender, or to whom it is, is unknown here"
    REFUSED = "its sender may not say that there"


class ReceiveRouted:
    """Stores a message that RongCloud has delivered, once, as one of our conversation's."""

    def __init__(self, store: Store, directory: AppDirectory, send: SendMessage, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._send = send
        self._clock = clock

    async def verified(self, app_id: str, proofs: Collection[Proof]) -> App:
        """The app, if one of the proofs is RongCloud's for it. Raises BAD_CREDENTIAL."""
        app = await self._directory.find(app_id)
        if app is None or app.settings.provider is not ProviderName.RONGCLOUD:
            raise Fault(FaultCode.BAD_CREDENTIAL)
        access, now = app.settings.rongcloud, self._clock.now()
        # All of them are looked at, so that nobody can tell from the time which was nearly right.
        if not any([proves(proof, access.key, access.secret, now) for proof in proofs]):  # noqa: C419
            raise Fault(FaultCode.BAD_CREDENTIAL)
        return app

    async def __call__(self, app: App, routed: Routed) -> Taken:
        """What became of it. Raises UNAVAILABLE: then it may come again."""
        if routed.channel not in {"PERSON", "GROUP"} or routed.directed:
            return Taken.NOT_OURS
        sender = await self._user(app, routed.sender)
        if sender is None:
            return Taken.UNKNOWN_PEOPLE
        draft = await self._draft(app, sender, routed)
        if draft is None:
            return Taken.UNKNOWN_PEOPLE
        try:
            await self._send(Caller(app), draft)
        except Fault as fault:
            if fault.code in _OURS:
                raise
            return Taken.REFUSED
        return Taken.STORED

    async def _draft(self, app: App, sender: User, routed: Routed) -> Draft | None:
        about = {"uid": routed.uid, "time": routed.sent_at, "source": routed.source}
        what = said(routed.object_name, routed.content, {name: value for name, value in about.items() if value})
        draft = Draft(
            sender.client_id,
            what.type,
            text=what.text,
            attr=what.attr,
            url=what.url,
            sync=True,
            mention_all=what.mention_all,
            mentions=await self._mentions(app, what),
            ref=f"{REF_PREFIX}{routed.uid}",
        )
        if routed.channel == "PERSON":
            other = await self._user(app, routed.target)
            draft.to = None if other is None else other.client_id
        elif (number := _number(routed.target)) is not None:
            group = await self._store.read.conversations.find_group(app.app_id, number)
            draft.conv_id = None if group is None else group.conv_id
        return None if draft.to is None and draft.conv_id is None else draft

    async def _mentions(self, app: App, what: Said) -> tuple[ClientId, ...]:
        users = [await self._user(app, number) for number in what.mentions[:MOST_MENTIONS]]
        return tuple(dict.fromkeys(user.client_id for user in users if user is not None))

    async def _user(self, app: App, number: str) -> User | None:
        uid = _number(number)
        return None if uid is None else await self._store.read.users.find_by_uid(app.app_id, uid)


def _number(text: str) -> int | None:
    """The number of one of ours; None for what cannot be."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    number = int(text)
    return number if 0 < number < _HIGHEST else None
