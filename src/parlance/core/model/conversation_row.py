"""A conversation as a row, by LeanCloud's column names: what is asked about, and what is shown."""

from typing import Any

import msgspec

from parlance.core.model.conversation import Abilities
from parlance.core.model.conversation_query import FoundConversation
from parlance.core.model.member import Roster
from parlance.core.model.where.values import iso

RESERVED = frozenset(
    {
        *("objectId", "createdAt", "updatedAt", "lm", "c", "m", "mu", "muted", "joined", "joinedAt"),
        *("tr", "sys", "temp", "ttl", "conv_type", "unique", "uniqueId", "ACL"),
    }
)
"""Columns that say what is known here: what an app keeps under these names is not shown."""


def conversation_row(found: FoundConversation) -> dict[str, Any]:
    """What is said of a conversation; what is not known, or not so, is not there.

    Not in it, for it takes the time or the caller to tell: `ttl`, `muted`, and what the last message says.
    """
    conversation = found.conversation
    row = {name: value for name, value in object_of(conversation.columns).items() if name not in RESERVED}
    row["objectId"] = conversation.conv_id
    row["createdAt"] = iso(conversation.created_at)
    row["updatedAt"] = iso(conversation.updated_at or conversation.created_at)
    if conversation.creator:
        row["c"] = conversation.creator
    if conversation.name:
        row["name"] = conversation.name
    if attributes := object_of(conversation.ext):
        row["attr"] = attributes
    if conversation.last_message_at is not None:
        row["lm"] = {"__type": "Date", "iso": iso(conversation.last_message_at)}
    if conversation.unique_id is not None:
        row["unique"], row["uniqueId"] = True, conversation.unique_id
    if found.members is not None:
        row["m"], row["mu"] = list(found.members), list(found.muted)
    if found.joined_at is not None:
        row["joined"], row["joinedAt"] = True, found.joined_at
    return row | _of_its_kind(conversation.abilities)


def seen(roster: Roster) -> FoundConversation:
    """A conversation that was just started, as if it had been looked for."""
    abilities = roster.conversation.abilities
    told = not abilities.present_members and not abilities.addressed
    return FoundConversation(roster.conversation, tuple(roster.members) if told else None)


def _of_its_kind(abilities: Abilities) -> dict[str, Any]:
    if abilities.present_members:
        return {"tr": True, "conv_type": 2}
    if abilities.addressed:
        return {"sys": True, "conv_type": 3}
    if abilities.expires:
        return {"temp": True, "conv_type": 4}
    return {"conv_type": 1}


def object_of(text: str | None) -> dict[str, Any]:
    """The object that a JSON text is; an empty one if it is none."""
    if text is None:
        return {}
    try:
        read = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
