"""Questions about conversations, in SQL."""

from collections.abc import Sequence

from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.conversation_rows import ADDRESSED_KINDS
from parlance.stores.sql.engine import Value
from parlance.stores.sql.schema import IN

MOST_CONDITIONS = 100
LONGEST_PATTERN = 1_000
_LARGEST = (1 << 63) - 1

_COLUMNS = {
    Field.CONV_ID: "c.conv_id",
    Field.CONV_TYPE: "c.kind",
    Field.CREATOR: "c.creator",
    Field.CREATED: "c.created_at",
    Field.UPDATED: "c.updated_at",
}


class Question:
    """The WHERE of a search and its values, grown one condition at a time.

    Raises BAD_FORMAT for more than any honest question holds.
    """

    def __init__(self, app_id: AppId, conditions: Sequence[Condition], at: int, member: ClientId | None) -> None:
        if len(conditions) > MOST_CONDITIONS:
            raise bad_format("where", f"at most {MOST_CONDITIONS} conditions")
        self.values: list[Value] = [app_id, at]
        self._parts = [
            "c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)",
            f"c.kind NOT IN ({ADDRESSED_KINDS})",
        ]
        self._names_member = member is not None or any(
            condition.field is Field.MEMBER and condition.op in (Op.EQUAL, Op.IN) for condition in conditions
        )
        if member is not None:
            self._parts.append(self._has_member(self._compared("m.client_id", Op.EQUAL, member)))
        for condition in conditions:
            self._parts.append(self._condition(condition))

    @property
    def where(self) -> str:
        """The text behind WHERE."""
        # Where members are named, theirs are the few conversations to look at. SQLite would rather go
        # through all of the app's, so it is shown an expression that no index is of.
        app = "c.app_id || '' = $1" if self._names_member else "c.app_id = $1"
        return " AND ".join([app, *self._parts])

    def placeholder(self, value: Value) -> str:
        """One more value, and the name by which the text speaks of it."""
        self.values.append(value)
        return f"${len(self.values)}"

    def _condition(self, condition: Condition) -> str:
        values = [_within_range(value) for value in condition.values]
        if condition.op is Op.LIKE and len(str(values[0])) > LONGEST_PATTERN:
            raise bad_format("where", f"a pattern has at most {LONGEST_PATTERN} characters")
        if condition.field is not Field.MEMBER:
            return self._tested(_COLUMNS[condition.field], condition, values)
        if condition.op is Op.UNEQUAL:
            return f"NOT {self._has_member(self._compared('m.client_id', Op.EQUAL, values[0]))}"
        return self._has_member(self._tested("m.client_id", condition, values))

    def _tested(self, column: str, condition: Condition, values: list[int | str]) -> str:
        if condition.op is not Op.IN:
            return self._compared(column, condition.op, values[0])
        if condition.field.is_number:
            items = self.placeholder([value for value in values if isinstance(value, int)])
            return f"{column} IN (SELECT value FROM EACH_NUMBER({items}) AS each)"
        items = self.placeholder([value for value in values if isinstance(value, str)])
        return f"{column} IN (SELECT value FROM EACH_TEXT({items}) AS each)"

    def _compared(self, column: str, op: Op, value: int | str) -> str:
        placeholder = self.placeholder(value)
        if op is Op.LIKE:
            return f"LIKE_TEXT({column}, {placeholder})"
        # A conversation that was never changed has no `mtime`: it is unequal to every time.
        operator = "IS DISTINCT FROM" if op is Op.UNEQUAL else op.value
        return f"{column} {operator} {placeholder}"

    def _has_member(self, which: str) -> str:
        return f"c.id IN (SELECT m.conversation FROM members m WHERE m.app_id = $1 AND m.status = {IN} AND {which})"


def _within_range(value: int | str) -> int | str:
    """A number beyond 64 bits compares as the furthest that fits: nothing stored lies there."""
    return max(-_LARGEST, min(value, _LARGEST)) if isinstance(value, int) else value
