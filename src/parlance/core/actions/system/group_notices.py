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

_LONGEST_SHOWN = 50
"""Characters of a group's name in the text; the fields have all of it."""


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
        others = [client for client in clients if client != by]
        actor, *named = await _names(tx, group, [by, *others[:_MOST_NAMED]])
        fields = _Fields(what, group.group_id, by, actor, group.name, group.conv_id, list(clients))
        text = _text(what, group.name, actor, _enumerated(named, len(others)))
        said = SystemMessage(text, msgspec.json.encode(fields).decode())
        await self._voice.say(tx, group.app_id, audience, said, at)


def _in_charge(roster: Roster) -> ClientId:
    """In whose name the app's backend acts, when it names nobody."""
    owners = (client for client, standing in roster.members.items() if standing.role is Role.OWNER)
    return next(owners, roster.conversation.creator)


async def _names(tx: Transaction, group: Conversation, clients: Sequence[ClientId]) -> list[str]:
    known = await tx.users.find_many(group.app_id, clients)
    names = []
    for client in clients:
        user = known.get(client)
        names.append(client if user is None else user.nickname or user.name or client)
    return names


def _enumerated(names: Sequence[str], count: int) -> str:
    """Some of so many people by name, and how many they are if that is not all; "" for nobody."""
    return "、".join(names) + (f"等{count}人" if count > len(names) else "")


def _text(what: SystemMessageType, group_name: str, actor: str, people: str) -> str:
    """The notice in words; `people` are those it happened to, if they are not `actor`."""
    group = f"群聊「{_shortened(group_name)}」" if group_name else "群聊"
    match what:
        case SystemMessageType.ADDED:
            return f"{actor}邀请{people}加入了{group}" if people else f"{actor}加入了{group}"
        case SystemMessageType.REMOVED:
            return f"{actor}将{people}移出了{group}" if people else f"{actor}退出了{group}"
        case SystemMessageType.MODIFIED:
            return f"{actor}修改了{group}的信息"
        case SystemMessageType.DISMISSED:
            return f"{actor}解散了{group}"
        case _:
            return f"{actor}申请加入{group}"


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN else f"{name[: _LONGEST_SHOWN - 1]}…"
