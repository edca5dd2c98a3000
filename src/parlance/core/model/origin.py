"""What was last seen of something at the place it came from, and what follows from how it looks there now.

The rule of every import: what changed there since the last time is done here as well, unless it was changed here.
Whatever happened here stays.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum
from typing import Any

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.member import PLAIN, Role, Standing
from parlance.core.model.moving import MovedConversation
from parlance.core.model.restriction import FREE, Restraint, Restriction
from parlance.core.model.user import Profile, User
from parlance.kernel.ids import ClientId

_SAID = ("name", "ext", "columns")
"""What is said about a conversation and may be said otherwise there."""


class Noun(IntEnum):
    """Of what an origin is kept; as numbers they stand in the database."""

    PERSON = 1
    CONVERSATION = 2
    MESSAGE = 3
    """By its number here: when (ms) an import last changed what it says."""
    FILE = 4
    """By its address there: its key here."""


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation as it was there."""

    name: str = ""
    ext: str | None = None
    columns: str | None = None
    members: dict[ClientId, Role] = {}
    muted: list[ClientId] = []
    silenced: list[ClientId] = []
    blocked: list[ClientId] = []
    gone: list[ClientId] = []
    """Who was in, and was taken out by an import because it had gone there."""
    at: int = 0
    """When (ms) the import was that saw it."""


class Trace(msgspec.Struct, frozen=True):
    """What is left here of somebody who is in, or was."""

    is_in: bool
    standing: Standing
    joined_at: int
    muted: bool


class Changes(msgspec.Struct, frozen=True):
    """What is to be done to a conversation here."""

    said: Mapping[str, Any]
    joining: Mapping[ClientId, Standing]
    leaving: Collection[ClientId]
    standing: Mapping[ClientId, Standing]
    muting: Mapping[ClientId, bool]
    restricting: Mapping[ClientId, Restriction]

    def any(self) -> bool:
        """Whether there is something to do."""
        return any(getattr(self, name) for name in self.__struct_fields__)


def seen(moved: MovedConversation, before: Seen, at: int) -> Seen:
    """How a conversation is there; what nobody has said is as it was seen before."""
    members = {client: standing.role for client, standing in moved.members.items()} if moved.has_members else None
    if members is None:
        members = before.members
    elif not moved.has_roles:
        members = {client: before.members.get(client, role) for client, role in members.items()}
    return Seen(
        moved.new.name,
        moved.new.ext,
        moved.new.columns,
        members,
        sorted(moved.muted),
        before.silenced if moved.silenced is None else sorted(moved.silenced),
        before.blocked if moved.blocked is None else sorted(moved.blocked),
        [client for client in before.gone if client not in members],
        at,
    )


def changes(
    before: Seen,
    now: Seen,
    here: Conversation,
    traces: Mapping[ClientId, Trace],
    restrictions: Mapping[ClientId, Restriction],
) -> Changes:
    """What changed there, and not here."""
    said = {
        field: getattr(now, field)
        for field in _SAID
        if getattr(now, field) != getattr(before, field) == getattr(here, field)
    }
    restricting = _restricting(before, now, restrictions)
    if here.abilities.present_members:
        return Changes(said, {}, (), {}, {}, restricting)
    joining = {
        client: Standing(role=role) if role else PLAIN
        for client, role in now.members.items()
        if client not in before.members and _may_come(client, before, traces, {**restrictions, **restricting})
    }
    return Changes(
        said,
        joining,
        [client for client in before.members if client not in now.members and _let_in(client, before, traces)],
        {
            client: Standing(role=role) if role else PLAIN
            for client, role in now.members.items()
            if before.members.get(client, role) != role and _stands(client, before, traces)
        },
        _muting(before, now, joining, traces),
        restricting,
    )


def _may_come(
    client: ClientId, before: Seen, traces: Mapping[ClientId, Trace], restrictions: Mapping[ClientId, Restriction]
) -> bool:
    """Whether nothing happened here that speaks against it: who has gone here, or is kept out, does not come back."""
    trace = traces.get(client)
    if trace is not None and (trace.is_in or client not in before.gone):
        return False
    return not restrictions.get(client, FREE).blocked


def _let_in(client: ClientId, before: Seen, traces: Mapping[ClientId, Trace]) -> bool:
    """Whether it is in because an import let it in, and not because it came by itself since."""
    trace = traces.get(client)
    return trace is not None and trace.is_in and trace.joined_at <= before.at


def _stands(client: ClientId, before: Seen, traces: Mapping[ClientId, Trace]) -> bool:
    """Whether it is in and has the role that it had there."""
    trace = traces.get(client)
    return trace is not None and trace.is_in and trace.standing.role == before.members[client]


def _muting(
    before: Seen, now: Seen, joining: Mapping[ClientId, Standing], traces: Mapping[ClientId, Trace]
) -> dict[ClientId, bool]:
    was, is_now = set(before.muted), set(now.muted)
    changed = {}
    for client in sorted(was ^ is_now):
        trace = traces.get(client)
        if client in joining or (trace is not None and trace.is_in and trace.muted != (client in is_now)):
            changed[client] = client in is_now
    return changed


def _restricting(before: Seen, now: Seen, restrictions: Mapping[ClientId, Restriction]) -> dict[ClientId, Restriction]:
    changed: dict[ClientId, Restriction] = {}
    for restraint, was, is_now in (
        (Restraint.SILENCED, before.silenced, now.silenced),
        (Restraint.BLOCKED, before.blocked, now.blocked),
    ):
        for client in _either(was, is_now):
            how = changed.get(client, restrictions.get(client, FREE))
            wanted = how.with_(restraint, holds=client in is_now)
            if wanted != how:
                changed[client] = wanted
    return changed


def _either(some: Iterable[ClientId], others: Iterable[ClientId]) -> list[ClientId]:
    """Those that are in one of the two."""
    return sorted(set(some) ^ set(others))


def new_profile(before: Profile | None, now: Profile, here: User) -> Profile:
    """What of a profile changed there and not here."""
    wanted = {}
    for field in now.__struct_fields__:
        there, then, ours = getattr(now, field), getattr(before, field) if before else None, getattr(here, field)
        if there is not None and there != ours and (ours or None) == (then or None):
            wanted[field] = there
    return Profile(**wanted)
