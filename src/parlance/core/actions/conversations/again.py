"""Finding the conversation that the same people started before.

LeanCloud's ids of such conversations are hashes of the members' ids without anything between them, so that `1` and `23`
come out like `12` and `3`. What is found is looked at, and whoever comes second has an id of another making.
"""

from collections.abc import Collection
from hashlib import sha256

import msgspec

from parlance.core.actions.rosters import Rosters
from parlance.core.model.conversation import Kind, NewConversation, unique_id_of
from parlance.core.model.member import Roster
from parlance.core.ports.store import Repositories
from parlance.kernel.ids import ClientId


class Again(msgspec.Struct, frozen=True):
    """The one that was started before; if there is none, under what a new one is to be found."""

    roster: Roster | None
    unique_id: str | None = None


async def find_again(
    within: Repositories, rosters: Rosters, new: NewConversation, people: Collection[ClientId], at: int
) -> Again:
    """Two people have their direct conversation, or what became of it; everybody else the one of their unique id."""
    if new.direct is not None:
        direct = await within.conversations.find_direct(new.app_id, new.direct)
        if direct is not None:
            return Again(await rosters.around(within, direct))
    kind = Kind.GROUP if new.direct is not None else new.kind
    for unique_id in (unique_id_of(people), _other_id(people)):
        found = await within.conversations.find_unique(new.app_id, unique_id, kind, at)
        if found is not None:
            roster = await rosters.around(within, found)
            if not _of_others(roster, unique_id, people):
                return Again(roster)
        elif new.direct is None or not await within.conversations.find_unique(new.app_id, unique_id, new.kind, at):
            return Again(None, unique_id)
    return Again(None)


def _of_others(roster: Roster, unique_id: str, people: Collection[ClientId]) -> bool:
    """Whether others, whose ids happen to come out alike, have started it; not: who once did and have changed."""
    return frozenset(roster.members) != frozenset(people) and unique_id == unique_id_of(roster.members)


def _other_id(people: Collection[ClientId]) -> str:
    joined = b"".join(f"{len(client)}:{client}".encode() for client in sorted(people))
    return sha256(joined).hexdigest()[:32]
