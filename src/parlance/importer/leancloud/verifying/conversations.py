"""Conversations: whether each is here, of its kind, with its columns, with those who were in it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.columns import UNTOUCHED, columns_of
from parlance.core.model.conversation import Conversation, unique_id_of
from parlance.core.model.member import Role, Standing
from parlance.core.model.moving import Arrived
from parlance.core.model.restriction import FREE, Restraint
from parlance.importer.leancloud.moving import Clients, moment
from parlance.importer.leancloud.rehoming import addresses_in
from parlance.importer.leancloud.sources import BadRow
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What, shown, when
from parlance.importer.leancloud.verifying.homes import Keys, is_same, keys_of
from parlance.importer.leancloud.verifying.source import Aside, Object, Placed, Source
from parlance.importer.leancloud.verifying.talks import Talk
from parlance.kernel.ids import ClientId, ConvId

AT_ONCE = 100

_ROLES = {Role.MEMBER: "member", Role.ADMIN: "manager", Role.OWNER: "owner"}


class _There(msgspec.Struct, frozen=True):
    """A row that names a conversation."""

    placed: Placed
    row: Object
    conv_id: ConvId


class ConversationsCompared:
    """Goes through the rows of `_Conversation` and looks for each here."""

    def __init__(
        self, source: Source, aside: Aside, actions: Actions, caller: Caller, findings: Findings, now: int
    ) -> None:
        self._source = source
        self._aside = aside
        self._actions = actions
        self._caller = caller
        self._findings = findings
        self._now = now
        self._clients = Clients()
        self._roles = source.roles()
        self._subscribers = source.subscribers()
        self._restricted = {each: source.restricted(each) for each in Restraint}
        self._found_again: set[str] = set()
        self._not_found_again: list[tuple[str, Talk]] = []

    async def talks(self) -> AsyncIterator[Talk]:
        """Each conversation that is there, compared."""
        lines, seen = self._findings.lines, set[str]()
        waiting: list[_There] = []
        for placed, row in self._source.objects("_Conversation"):
            conv_id = None if row is None else row.get("objectId")
            if isinstance(conv_id, str) and conv_id in seen:
                continue
            lines[Topic.CONVERSATIONS].there += 1
            if row is None or not isinstance(conv_id, str) or "\x00" in conv_id:
                self._put_aside(placed, What.UNREADABLE, placed.file)
                continue
            seen.add(conv_id)
            waiting.append(_There(placed, row, ConvId(conv_id)))
            if len(waiting) >= AT_ONCE:
                for talk in await self._compared(waiting):
                    yield talk
                waiting = []
        for talk in await self._compared(waiting):
            yield talk
        self._tell_who_is_not_found_again()

    async def _compared(self, some: list[_There]) -> list[Talk]:
        ids = [each.conv_id for each in some]
        here = await self._actions.find_arrived(self._caller, ids)
        gone = await self._actions.find_arrived.gone(self._caller, [each for each in ids if each not in here])
        keys = await keys_of((url for each in some for url in addresses_in(each.row)), self._actions, self._caller)
        talks = []
        for each in some:
            arrived = here.get(each.conv_id)
            talk = Talk(each.conv_id, _category(each.row), deleted_here=each.conv_id in gone)
            if arrived is None:
                what = What.CONVERSATION_DELETED_HERE if talk.deleted_here else What.CONVERSATION_MISSING
                talk.wrong += self._put_aside(each.placed, what, each.conv_id)
            else:
                self._findings.lines[Topic.CONVERSATIONS].here += 1
                talk.here = arrived.messages
                self._compare(each, talk, arrived, keys)
            talks.append(talk)
        return talks

    def _put_aside(self, placed: Placed, what: What, where: str) -> bool:
        """Count a row that is not here as put aside, or tell that it is missing; whether it is wrong."""
        reason = self._aside.reason(placed)
        if reason is not None:
            self._findings.lines[Topic.CONVERSATIONS].aside += 1
            self._findings.reasons[reason] += 1
            return False
        return self._findings.add(Difference(what, where, placed.line))

    def _compare(self, there: _There, talk: Talk, here: Arrived, keys: Keys) -> None:
        conversation, row = here.conversation, there.row
        changed_at = moment(row.get("updatedAt")) or moment(row.get("createdAt")) or 0
        # Who comes in, goes or renames it here dates the conversation; an import does not.
        changed = (conversation.updated_at or conversation.created_at) > changed_at
        found = (
            *self._settings(row, talk, conversation, keys),
            *self._people(there, talk, here, changed=changed),
            *self._restrictions(there, talk, here),
        )
        talk.wrong += sum(self._findings.add(msgspec.structs.replace(each, changed_here=changed)) for each in found)

    def _settings(self, row: Object, talk: Talk, here: Conversation, keys: Keys) -> Iterable[Difference]:
        line, where = self._findings.lines[Topic.SETTINGS], talk.conv_id
        line.there += 1
        found = []
        kind = _category_of(here)
        if kind != talk.kind:
            found.append(Difference(What.KIND, where, there=talk.kind, here=kind))
        if (created := moment(row.get("createdAt"))) != here.created_at:
            found.append(Difference(What.CREATED_AT, where, there=when(created), here=when(here.created_at)))
        creator = self._client(row.get("c"))
        if creator != here.creator:
            found.append(Difference(What.CREATOR, where, there=creator, here=here.creator))
        found += _columns(where, row, columns_of(here), keys)
        line.here += not found
        self._look_whether_it_is_found_again(row, talk, here)
        return found

    def _look_whether_it_is_found_again(self, row: Object, talk: Talk, here: Conversation) -> None:
        people = [ClientId(client) for raw in _several(row.get("m")) if (client := self._client(raw))]
        if talk.kind != "conversation" or row.get("unique") is not True or not people:
            return
        name = row.get("uniqueId")
        name = name if isinstance(name, str) and name else unique_id_of(people)
        if here.abilities.fixed_members or here.unique_id is not None:
            self._found_again.add(name)
            self._found_again.add(unique_id_of(people))
        else:
            self._not_found_again.append((name if len(people) > 2 else unique_id_of(people), talk))

    def _tell_who_is_not_found_again(self) -> None:
        """There may be several unique conversations of the same people; here one of them is."""
        for name, talk in self._not_found_again:
            known = name in self._found_again
            difference = Difference(What.ANOTHER_IS_FOUND_AGAIN if known else What.KIND, talk.conv_id, there="unique")
            talk.wrong += self._findings.add(difference)

    def _people(self, there: _There, talk: Talk, here: Arrived, *, changed: bool) -> Iterable[Difference]:
        line, where = self._findings.lines[Topic.MEMBERS], talk.conv_id
        if talk.kind == "room" or (talk.kind == "service" and where not in self._subscribers):
            return
        raws = self._subscribers.get(where, []) if talk.kind == "service" else _several(there.row.get("m"))
        wanted = [ClientId(each) for each in dict.fromkeys(self._client(raw) or repr(raw) for raw in raws)]
        talk.members_there, talk.members_here = len(wanted), len(here.members)
        missing = [client for client in wanted if client not in here.members]
        others = here.members.keys() - set(wanted)
        line.there += len(wanted)
        line.here += len(wanted) - len(missing)
        if changed:
            talk.joined_here = len(others)
            line.came_since += len(others)
        else:
            yield from (Difference(What.MEMBER_LEFT_THERE, where, client) for client in sorted(others))
        reason = self._aside.reason(there.placed) if missing else None
        for client in missing:
            if reason is not None:
                line.aside += 1
                self._findings.reasons[reason] += 1
            else:
                yield Difference(What.MEMBER_MISSING, where, client)
        known = [client for client in wanted if client in here.members]
        yield from self._standings(there.row, talk, known, here)

    def _standings(self, row: Object, talk: Talk, known: list[ClientId], here: Arrived) -> Iterable[Difference]:
        roles = None if self._roles is None else self._roles.get(talk.conv_id, {})
        creator = self._client(row.get("c"))
        muted = {self._client(raw) for raw in _several(row.get("mu"))}
        for client in known:
            now = _ROLES[here.members.get(client, _PLAIN).role]
            role = now if roles is None else _role(client, creator, roles, talk.kind)
            if role != now:
                yield Difference(What.ROLE, talk.conv_id, client, role, now)
            if (client in muted) != (client in here.muted):
                words = ("muted", "not muted")
                yield Difference(What.MUTE, talk.conv_id, client, *(words if client in muted else reversed(words)))

    def _restrictions(self, there: _There, talk: Talk, here: Arrived) -> Iterable[Difference]:
        line = self._findings.lines[Topic.RESTRICTIONS]
        for restraint, listed in self._restricted.items():
            for raw in dict.fromkeys(listed.get(talk.conv_id, ())):
                line.there += 1
                client = ClientId(self._client(raw))
                if here.restrictions.get(client, FREE).holds(restraint, self._now):
                    line.here += 1
                elif not client and (reason := self._aside.reason(there.placed)) is not None:
                    line.aside += 1
                    self._findings.reasons[reason] += 1
                else:
                    yield Difference(What.RESTRICTION, talk.conv_id, raw, restraint.value)

    def _client(self, raw: Any) -> str:
        """The client's id; "" if it cannot be one."""
        if not raw:
            return ""
        try:
            return self._clients(raw)
        except BadRow:
            return ""


_PLAIN = Standing()


def _columns(where: str, row: Object, here: Mapping[str, Any], keys: Keys) -> list[Difference]:
    there = {name: value for name, value in row.items() if name not in UNTOUCHED and value not in (None, "")}
    if there.get("attr") == {}:
        del there["attr"]
    return [
        Difference(What.COLUMN, where, name, shown(there.get(name, "")), shown(here.get(name, "")))
        for name in dict.fromkeys((*there, *here))
        if not is_same(there.get(name), here.get(name), keys)
    ]


def _category(row: Object) -> str:
    if row.get("tr") or row.get("conv_type") == 2:
        return "room"
    return "service" if row.get("sys") or row.get("conv_type") == 3 else "conversation"


def _category_of(here: Conversation) -> str:
    abilities = here.abilities
    if abilities.present_members:
        return "room"
    if abilities.expires:
        return "temporary"
    return "service" if abilities.addressed else "conversation"


def _role(client: str, creator: str, roles: Mapping[str, str], kind: str) -> str:
    if client == creator and kind == "conversation":
        return "owner"
    role = roles.get(client, "")
    return role if role in {"manager", "owner"} else "member"


def _several(raws: Any) -> list[Any]:
    return list(raws) if isinstance(raws, list) else []
