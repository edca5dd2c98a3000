"""`parlance verify`: recompute what can be recomputed, and say where the tables do not agree.

Reads one moment of the database, beside a running server if need be, and changes nothing.
"""

import asyncio
from pathlib import Path

import msgspec

from parlance.core.model.conversation import Kind
from parlance.stores.sql.conversation_rows import ADDRESSED_KINDS
from parlance.stores.sql.engines import postgres, sqlite
from parlance.stores.sql.migrating import SchemaError
from parlance.stores.sql.opening import Place, schema_fault
from parlance.stores.sql.schema import GONE, IN, WHOLE_ORGANISATION

MOST_FINDINGS = 1_000
"""Of each rule; a database that is broken in more places is broken enough."""


class Finding(msgspec.Struct, frozen=True):
    """One place where something is not as it must be."""

    rule: str
    subject: str
    """What it is about: a conversation by its public and internal ids, a row by its key."""
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: {self.detail}"


# Each answers rows of (subject, detail). The heights of a conversation are the truth of its sequence, and
# the messages are the truth of its heights.
_CONVERSATION = "c.app_id || '/' || c.conv_id || ' (' || c.id || ')'"
_LIVING = "conversations c JOIN heights h ON h.conversation = c.id"
_COUNTED = "(SELECT conversation, count(*) AS stored, max(seq) AS highest, min(seq) AS lowest FROM messages GROUP BY 1)"

_RULES: dict[str, str] = {
    "gap-free": (
        f"SELECT {_CONVERSATION}, 'last_seq is ' || h.last_seq || ', of ' || coalesce(n.stored, 0)"
        " || ' messages the highest is ' || coalesce(n.highest, 0)"
        f" FROM {_LIVING} LEFT JOIN {_COUNTED} n ON n.conversation = c.id"
        " WHERE h.last_seq <> coalesce(n.highest, 0) OR h.last_seq <> coalesce(n.stored, 0) OR n.lowest < 1"
    ),
    "last-message": (
        f"SELECT {_CONVERSATION}, 'last_message_at is ' || coalesce(CAST(h.last_message_at AS TEXT), 'empty')"
        " || ', the newest message is of ' || coalesce(CAST(m.created_at AS TEXT), 'never')"
        f" FROM {_LIVING} LEFT JOIN messages m ON m.conversation = c.id AND m.seq = h.last_seq"
        " WHERE h.last_message_at IS DISTINCT FROM m.created_at"
    ),
    # Marks, catching up and asking by time all trust that times grow with numbers.
    "message-time": (
        f"SELECT {_CONVERSATION}, 'message ' || b.seq || ' is not later than the one before'"
        " FROM messages b JOIN messages a ON a.conversation = b.conversation AND a.seq = b.seq - 1"
        " JOIN conversations c ON c.id = b.conversation WHERE b.created_at <= a.created_at"
    ),
    # What was deleted for good keeps its place in the sequence, and nothing else.
    "deleted-message": (
        f"SELECT {_CONVERSATION}, 'message ' || m.seq || ' is deleted and not empty' FROM messages m"
        f" JOIN conversations c ON c.id = m.conversation WHERE m.status = {GONE} AND (m.sender <> ''"
        " OR coalesce(m.ref, m.text, m.attr, m.url, m.raw, m.mentions) IS NOT NULL OR m.receipt = 1)"
    ),
    "height": (
        f"SELECT {_CONVERSATION}, CASE WHEN h.conversation IS NULL THEN 'it lives and has no height'"
        " ELSE 'it is deleted and has a height' END"
        " FROM conversations c LEFT JOIN heights h ON h.conversation = c.id"
        " WHERE (h.conversation IS NULL) = (c.deleted_at IS NULL)"
    ),
    "read-mark": (
        f"SELECT {_CONVERSATION} || ' ' || m.client_id, 'has read ' || m.read_seq || ' of ' || h.last_seq"
        f" FROM {_LIVING} JOIN members m ON m.conversation = c.id"
        " WHERE m.read_seq > h.last_seq OR m.joined_seq > h.last_seq OR m.read_seq < m.joined_seq"
    ),
    "delivered-mark": (
        f"SELECT {_CONVERSATION} || ' ' || m.client_id, 'has received ' || m.delivered_seq || ' of ' || h.last_seq"
        f" FROM {_LIVING} JOIN members m ON m.conversation = c.id WHERE m.delivered_seq > h.last_seq"
    ),
    # Sending marks as read; whoever left or joined again since is judged by what came after.
    "sender-read": (
        f"SELECT {_CONVERSATION} || ' ' || m.client_id, 'sent ' || s.highest || ' and has read ' || m.read_seq"
        " FROM (SELECT conversation, sender, max(seq) AS highest FROM messages GROUP BY 1, 2) s"
        f" JOIN members m ON m.conversation = s.conversation AND m.client_id = s.sender AND m.status = {IN}"
        " JOIN conversations c ON c.id = s.conversation WHERE m.read_seq < s.highest AND c.deleted_at IS NULL"
        f" AND c.kind NOT IN ({ADDRESSED_KINDS})"
    ),
    "group-number": (
        f"SELECT {_CONVERSATION}, 'its number is ' || coalesce(CAST(c.group_id AS TEXT), 'none')"
        " || ', the latest given is ' || coalesce(CAST(n.latest AS TEXT), 'none')"
        " FROM conversations c LEFT JOIN group_numbers n ON n.app_id = c.app_id"
        f" WHERE (c.kind = {Kind.GROUP:d}) <> (c.group_id IS NOT NULL) OR c.group_id > coalesce(n.latest, 0)"
    ),
    "addressee": (
        f"SELECT {_CONVERSATION} || ' ' || a.client_id, 'there is no message ' || a.seq FROM addressees a"
        " JOIN conversations c ON c.id = a.conversation"
        " WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation = a.conversation AND m.seq = a.seq)"
    ),
    "join-request": (
        f"SELECT {_CONVERSATION} || ' ' || j.client_id, 'asks for what it has: it is in' FROM join_requests j"
        " JOIN conversations c ON c.id = j.conversation JOIN members m ON m.conversation = j.conversation"
        f" AND m.client_id = j.client_id AND m.status = {IN}"
    ),
    "direct": (
        f"SELECT {_CONVERSATION}, 'the pair is ' || c.direct_key || ', the members are '"
        " || coalesce(string_agg(m.client_id, ' ' ORDER BY m.client_id), 'nobody')"
        f" FROM conversations c LEFT JOIN members m ON m.conversation = c.id AND m.status = {IN}"
        " WHERE c.direct_key IS NOT NULL GROUP BY c.id"
        " HAVING coalesce(string_agg(m.client_id, ' ' ORDER BY m.client_id), '') <> c.direct_key"
    ),
    "member-app": (
        f"SELECT {_CONVERSATION} || ' ' || m.client_id, 'the member is of app ' || m.app_id"
        " FROM conversations c JOIN members m ON m.conversation = c.id WHERE m.app_id <> c.app_id"
    ),
    "orphan-member": (
        "SELECT m.conversation || ' ' || m.client_id, 'there is no such conversation' FROM members m"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = m.conversation)"
    ),
    "restriction-app": (
        f"SELECT {_CONVERSATION} || ' ' || r.client_id, 'the restricted is of app ' || r.app_id"
        " FROM conversations c JOIN restrictions r ON r.conversation = c.id WHERE r.app_id <> c.app_id"
    ),
    "orphan-restriction": (
        "SELECT r.conversation || ' ' || r.client_id, 'there is no such conversation' FROM restrictions r"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = r.conversation)"
    ),
    "orphan-addressee": (
        "SELECT a.conversation || ' ' || a.client_id, 'there is no such conversation' FROM addressees a"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = a.conversation)"
    ),
    "orphan-message": (
        "SELECT m.conversation || ' seq ' || m.seq, 'there is no such conversation' FROM messages m"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = m.conversation)"
    ),
    "orphan-join-request": (
        "SELECT j.conversation || ' ' || j.client_id, 'there is no such conversation' FROM join_requests j"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = j.conversation AND c.deleted_at IS NULL)"
    ),
    "orphan-height": (
        "SELECT h.conversation, 'there is no such conversation' FROM heights h"
        " WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = h.conversation)"
    ),
    "duplicate-ref": (
        "SELECT conversation || ' ' || sender, 'ref ' || ref || ' stands ' || count(*) || ' times'"
        " FROM messages WHERE ref IS NOT NULL GROUP BY conversation, sender, ref HAVING count(*) > 1"
    ),
    "orphan-class": (
        "SELECT c.app_id || '/' || c.class_id, 'there is no organisation ' || c.organization_id FROM classes c"
        " WHERE NOT EXISTS (SELECT 1 FROM organisations o"
        " WHERE o.app_id = c.app_id AND o.organization_id = c.organization_id)"
    ),
    # Everybody in a class has a row for the whole organisation, too.
    "enrolment": (
        "SELECT e.app_id || '/' || e.organization_id || ' ' || e.client_id, 'is in class ' || e.class_id"
        " || ', but not in its organisation' FROM enrolments e"
        f" WHERE e.class_id <> {WHOLE_ORGANISATION} AND NOT EXISTS (SELECT 1 FROM enrolments w"
        " WHERE w.app_id = e.app_id AND w.organization_id = e.organization_id AND w.client_id = e.client_id"
        f" AND w.class_id = {WHOLE_ORGANISATION})"
    ),
    "orphan-enrolment": (
        "SELECT e.app_id || '/' || e.organization_id || ' ' || e.client_id, 'there is no such organisation, or class '"
        " || e.class_id || ' of it' FROM enrolments e"
        " WHERE NOT EXISTS (SELECT 1 FROM organisations o"
        " WHERE o.app_id = e.app_id AND o.organization_id = e.organization_id)"
        f" OR e.class_id <> {WHOLE_ORGANISATION} AND NOT EXISTS (SELECT 1 FROM classes c"
        " WHERE c.app_id = e.app_id AND c.class_id = e.class_id AND c.organization_id = e.organization_id)"
    ),
    "orphan-notice": (
        "SELECT n.app_id || '/' || n.class_id || ' ' || n.day, 'there is no such class' FROM class_notices n"
        " WHERE NOT EXISTS (SELECT 1 FROM classes c WHERE c.app_id = n.app_id AND c.class_id = n.class_id)"
    ),
    "orphan-user": (
        "SELECT u.app_id || '/' || u.client_id, 'there is no such app' FROM users u"
        " WHERE NOT EXISTS (SELECT 1 FROM apps a WHERE a.app_id = u.app_id)"
    ),
}


async def verify(place: Place) -> list[Finding]:
    """Everything that does not agree; empty when all is well.

    Raises SchemaError if the tables are not this version's.
    """
    if fault := await schema_fault(place):
        raise SchemaError(fault)
    rules = {rule: f"{text} LIMIT {MOST_FINDINGS}" for rule, text in _RULES.items()}
    if isinstance(place, Path):
        found = await asyncio.to_thread(sqlite.disagreements, place, rules, MOST_FINDINGS)
    else:
        found = await postgres.disagreements(place, rules)
    return [Finding(*each) for each in found]
