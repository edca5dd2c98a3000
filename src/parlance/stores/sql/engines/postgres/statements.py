"""The two statements that every message and every mark goes through, each once for a whole batch.

The planner decides once, when tables may be empty, so what it decides must not depend on them: rows of tables are to
be found by their keys, one at a time, and rows of the batch are to be joined by hashing. It is led there by what it
expects. The columns of a batch come apart into rows; `generate_series` numbers them, and makes it expect a thousand (of
IS NULL it would expect nearly none, hence `coalesce`). A condition that always holds and that it cannot see through
(`& 0 = 0`) makes it expect a handful, for which keys are cheapest. `OFFSET 0` keeps what is looked up for each row from
being joined in some other way. Receipts are not looked for where nobody wants any.

tests/conformance/store/test_postgresql.py reads the plans.
"""

from enum import IntEnum

from parlance.stores.sql.engines.postgres.columns import SEPARATOR
from parlance.stores.sql.schema import IN, LEFT


class Moved(IntEnum):
    """What moves a member's mark."""

    DELIVERED = 0
    READ = 1
    SENT = 2
    """Who speaks has read what was said before."""


def _numbers(place: int) -> str:
    """A column of numbers, as `columns.numbers` sends it."""
    return f"unnest(${place}::text::bigint[])"


def _texts(place: int) -> str:
    """A column of texts, as `columns.texts` sends it: two columns, of which one is empty."""
    return f"string_to_table(${place}, chr({SEPARATOR})), unnest(${place + 1}::text[])"


APPEND = f"""
WITH entry AS MATERIALIZED (
    SELECT e.*, CASE WHEN e.ref IS NOT NULL THEN (
        SELECT m.id FROM messages m WHERE m.conversation = e.conversation AND m.sender = e.sender AND m.ref = e.ref
    ) END AS known
    FROM (
        SELECT c.id, c.conversation, coalesce(c.sender, c.sender_apart) AS sender, coalesce(c.ref, c.ref_apart) AS ref,
            c.type, coalesce(c.text, c.text_apart) AS text, c.attr, c.url, coalesce(c.flagged, 0) AS flags, c.mentions,
            c.raw, c.created_at, c.position
        FROM ROWS FROM (
            {_numbers(1)}, {_numbers(2)}, {_texts(3)}, {_texts(5)}, {_numbers(7)}, {_texts(8)}, unnest($10::text[]),
            unnest($11::text[]), unnest($12::bigint[]), unnest($13::text[]), unnest($14::text[]), {_numbers(15)},
            generate_series(1, $16::int)
        ) AS c(id, conversation, sender, sender_apart, ref, ref_apart, type, text, text_apart, attr, url, flagged,
            mentions, raw, created_at, position)
    ) e
), placed AS MATERIALIZED (
    SELECT entry.*, row_number() OVER (PARTITION BY conversation ORDER BY position) AS place
    FROM entry WHERE coalesce(known, -1) < 0
), fresh AS MATERIALIZED (
    SELECT placed.*,
        place + max(created_at - place) OVER (PARTITION BY conversation ORDER BY place) AS moment
    FROM placed
), raised AS (
    UPDATE heights h SET last_seq = h.last_seq + c.many, changed_at = $17,
        last_message_at = greatest(c.newest, h.last_message_at + 1 + c.newest - c.oldest)
    FROM (
        SELECT conversation, max(place) AS many, min(moment) AS oldest, max(moment) AS newest
        FROM fresh GROUP BY conversation ORDER BY conversation
    ) c
    WHERE h.conversation = c.conversation AND c.conversation & 0 = 0
    RETURNING h.conversation, h.last_seq - c.many AS before, h.last_message_at - c.newest AS later
), ground AS (
    SELECT conversation, before, later FROM raised
    UNION ALL SELECT NULL, NULL, NULL FROM generate_series(1, $16::int - $16::int)
), stored AS (
    INSERT INTO messages (id, conversation, seq, sender, ref, type, text, attr, url, mention_all, mentions, sync,
        created_at, raw, is_binary, receipt)
    SELECT f.id, f.conversation, r.before + f.place, f.sender, f.ref, f.type, f.text, f.attr, f.url, f.flags & 1,
        f.mentions, f.flags >> 1 & 1, f.moment + r.later, f.raw, f.flags >> 2 & 1, f.flags >> 3 & 1
    FROM fresh f JOIN ground r ON r.conversation = f.conversation ORDER BY f.position
), speaker AS (
    SELECT f.conversation, f.sender, max(r.before + f.place) AS seq, max(f.moment + r.later) AS at
    FROM fresh f JOIN ground r ON r.conversation = f.conversation
    WHERE $18 GROUP BY f.conversation, f.sender ORDER BY f.conversation, f.sender
), read AS (
    UPDATE members m SET read_seq = s.seq, read_at = s.at FROM speaker s
    WHERE m.conversation = s.conversation AND m.client_id = s.sender AND m.status = {IN} AND m.read_seq < s.seq
        AND s.conversation & 0 = 0
)
SELECT conversation, before, later, NULL, NULL, NULL FROM raised
UNION ALL SELECT position, NULL, NULL, known, NULL, NULL FROM entry WHERE known IS NOT NULL
UNION ALL SELECT s.conversation, NULL, NULL, passed.id, s.sender, passed.sender
    FROM speaker s, LATERAL (
        SELECT o.read_seq FROM members o
        WHERE o.conversation = s.conversation AND o.client_id = s.sender AND o.status = {IN} OFFSET 0
    ) was, LATERAL (
        SELECT m.id, m.sender FROM messages m WHERE m.conversation = s.conversation AND m.receipt = 1
            AND m.seq > was.read_seq AND m.seq <= s.seq AND m.sender <> s.sender ORDER BY m.seq OFFSET 0
    ) passed
    WHERE EXISTS (SELECT 1 FROM messages WHERE receipt = 1)
"""
"""Gives numbers and stores; if $18, those who spoke have read what was before. Answers

- (conversation, the height before, how much later than asked) for each that was spoken in,
- (position, -, -, its number) for each message that is stored already under its `ref`,
- (conversation, -, -, number, speaker, sender) for each receipt that somebody passed by speaking.

A conversation's `heights` row is what nodes take turns at: whoever raises it first goes first, and the next one
goes on from there. The rows are locked in the order of their numbers, so that two batches cannot wait for each
other. Times grow within a conversation: if this node's clock is behind, its messages come right after the newest.
"""

MARK = f"""
WITH asked AS MATERIALIZED (
    SELECT e.position, e.conversation, e.client_id, e.kind, e.at, least(e.seq, coalesce(e.most, h.last_seq)) AS reached,
        o.read_seq AS was_read, o.delivered_seq AS was_delivered
    FROM (
        SELECT c.conversation, coalesce(c.client_id, c.client_id_apart) AS client_id, c.kind, c.seq, c.at, c.most,
            c.position
        FROM ROWS FROM (
            {_numbers(1)}, {_texts(2)}, {_numbers(4)}, {_numbers(5)}, {_numbers(6)}, unnest($7::bigint[]),
            generate_series(1, $8::int)
        ) AS c(conversation, client_id, client_id_apart, kind, seq, at, most, position)
    ) e
    CROSS JOIN LATERAL (SELECT last_seq FROM heights WHERE conversation = e.conversation OFFSET 0) h
    LEFT JOIN LATERAL (
        SELECT read_seq, delivered_seq FROM members WHERE conversation = e.conversation AND client_id = e.client_id
            AND (status = {IN} OR status <> {LEFT} AND e.kind <> {Moved.SENT:d}) OFFSET 0
    ) o ON true
), goal AS (
    SELECT conversation, client_id,
        max(reached) FILTER (WHERE kind = {Moved.DELIVERED:d}) AS delivered,
        max(at) FILTER (WHERE kind = {Moved.DELIVERED:d}) AS delivered_at,
        max(reached) FILTER (WHERE kind <> {Moved.DELIVERED:d}) AS read,
        max(at) FILTER (WHERE kind <> {Moved.DELIVERED:d}) AS read_at,
        max(reached) FILTER (WHERE kind = {Moved.READ:d}) AS marked
    FROM asked WHERE was_read IS NOT NULL AND reached > was_read
    GROUP BY conversation, client_id ORDER BY conversation, client_id
), moved AS (
    UPDATE members m SET
        read_seq = greatest(m.read_seq, g.read),
        read_at = CASE WHEN g.read > m.read_seq THEN g.read_at ELSE m.read_at END,
        changed_at = CASE WHEN g.marked > m.read_seq THEN $9 ELSE m.changed_at END,
        delivered_seq = greatest(m.delivered_seq, g.delivered),
        delivered_at = CASE WHEN g.delivered > m.delivered_seq THEN g.delivered_at ELSE m.delivered_at END
    FROM goal g
    WHERE m.conversation = g.conversation AND m.client_id = g.client_id
        AND (m.read_seq < g.read OR m.delivered_seq < g.delivered) AND g.conversation & 0 = 0
)
SELECT position, reached, was_read, was_delivered, CASE WHEN reached > was_read THEN (
    SELECT json_agg(json_build_array(m.seq, m.id, m.sender) ORDER BY m.seq) FROM messages m
    WHERE m.conversation = asked.conversation AND m.receipt = 1 AND m.seq > asked.was_read AND m.seq <= asked.reached
        AND m.sender <> asked.client_id
) END
FROM asked ORDER BY position
"""
"""Moves marks forward. Answers (position, the place reached, what was read before and what had arrived (both empty
for who is not in), the receipts on the way) for each in a conversation that lives. `most` is the height that a mark may
reach where messages of the same batch come after it.
"""
