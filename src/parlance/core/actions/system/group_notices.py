"""What happens to a group, told to its people in words and in fields."""

from collections.abc import Collection, Sequence

import msgspec

from parlance.core.actions.system.voice import Voice
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Role, Roster
from parlance.core.model.system_message import SystemMessage, SystemMessageType
from parlance.core.ports.store import Transaction
from parlance.kernel.ids import ClientId

_MOST_NAMED = 3
"""People whose names stand in the text; the fields have all of them."""


class _Fields(msgspec.Struct):
    """The fields of a notice, for programs."""

    sys_message_type: SystemMessageType
    gid: int | None
    uid: ClientId
    username: str
    group_name: str
    conversation_id: str
    member_client_ids: list[ClientId]


class GroupNotices:
    """Tells the people of groups that want it. Everybody concerned is told, who did it too."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    async def added(
        self, tx: Transaction, roster: Roster, clients: Sequence[ClientId], by: ClientId | None, at: int
    ) -> None:
        """Some have come; `roster` is the group with them."""
        await self._tell(tx, roster, SystemMessageType.ADDED, roster.members, by, at, clients)

    async def removed(
        self, tx: Transaction, roster: Roster, clients: Sequence[ClientId], by: ClientId | None, at: int
    ) -> None:
        """Some have gone; `roster` is the group as it was with them."""
        await self._tell(tx, roster, SystemMessageType.REMOVED, roster.members, by, at, clients)

    async def modified(self, tx: Transaction, roster: Roster, by: ClientId | None, at: int) -> None:
        """What is said about the group has changed; `roster` has it as it is now."""
        await self._tell(tx, roster, SystemMessageType.MODIFIED, roster.members, by, at)

    async def dismissed(self, tx: Transaction, roster: Roster, by: ClientId | None, at: int) -> None:
        """The group is gone."""
        await self._tell(tx, roster, SystemMessageType.DISMISSED, roster.members, by, at)

    async def applied(self, tx: Transaction, roster: Roster, client: ClientId, at: int) -> None:
        """Somebody asks to be let in: those are told who may."""
        judges = [member for member, standing in roster.members.items() if standing.role >= Role.ADMIN]
        await self._say(tx, roster, SystemMessageType.APPLIED, judges, client, at, (client,))

    async def _tell(
        self,
        tx: Transaction,
        roster: Roster,
        what: SystemMessageType,
        audience: Collection[ClientId],
        by: ClientId | None,
        at: int,
        clients: Sequence[ClientId] = (),
    ) -> None:
        if roster.conversation.notices:
            await self._say(tx, roster, what, audience, by or _in_charge(roster), at, clients)

    async def _say(
        self,
        tx: Transaction,
        roster: Roster,
        what: SystemMessageType,
        audience: Collection[ClientId],
        by: ClientId,
        at: int,
        clients: Sequence[ClientId],
    ) -> None:
        group = roster.conversation
        names = await _names(tx, group, [by, *clients[:_MOST_NAMED]])
        fields = _Fields(what, group.group_id, by, names[by], group.name, group.conv_id, list(clients))
        said = SystemMessage(_text(what, group, names, by, clients), msgspec.json.encode(fields).decode())
        await self._voice.say(tx, group.app_id, audience, said, at)


def _in_charge(roster: Roster) -> ClientId:
    """In whose name the app's backend acts, when it names nobody."""
    owners = (client for client, standing in roster.members.items() if standing.role is Role.OWNER)
    return next(owners, roster.conversation.creator)


async def _names(tx: Transaction, group: Conversation, clients: Sequence[ClientId]) -> dict[ClientId, str]:
    known = await tx.users.find_many(group.app_id, clients)
    names: dict[ClientId, str] = {}
    for client in clients:
        user = known.get(client)
        names[client] = client if user is None else user.nickname or user.name or client
    return names


def _text(
    what: SystemMessageType, group: Conversation, names: dict[ClientId, str], by: ClientId, clients: Sequence[ClientId]
) -> str:
    actor, where = names[by], f"群聊「{group.name}」" if group.name else "群聊"
    others = [client for client in clients if client != by]
    people = "、".join(names[client] for client in others[:_MOST_NAMED] if client in names)
    if len(others) > _MOST_NAMED:
        people += f"等{len(others)}人"
    match what:
        case SystemMessageType.ADDED:
            return f"{actor}邀请{people}加入了{where}" if others else f"{actor}加入了{where}"
        case SystemMessageType.REMOVED:
            return f"{actor}将{people}移出了{where}" if others else f"{actor}退出了{where}"
        case SystemMessageType.MODIFIED:
            return f"{actor}修改了{where}的信息"
        case SystemMessageType.DISMISSED:
            return f"{actor}解散了{where}"
    return f"{actor}申请加入{where}"
