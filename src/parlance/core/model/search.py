"""Questions about conversations: `[field, op, value]`, all of which must hold."""

from enum import StrEnum

import msgspec

from parlance.kernel.faults import bad_format


class Field(StrEnum):
    """What can be asked about."""

    CONV_ID = "conv_id"
    CONV_TYPE = "conv_type"
    CREATOR = "conv_creater_id"
    MEMBER = "client_id"
    CREATED = "ctime"
    UPDATED = "mtime"

    @property
    def is_number(self) -> bool:
        """Whether its values are compared as numbers (times in milliseconds)."""
        return self in (Field.CONV_TYPE, Field.CREATED, Field.UPDATED)


class Op(StrEnum):
    """How it is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    IN = "in"
    LIKE = "like"


class Condition(msgspec.Struct, frozen=True):
    """One thing that must hold; `values` has exactly one value save for IN."""

    field: Field
    op: Op
    values: tuple[str | int, ...]

    def __post_init__(self) -> None:
        if self.op is not Op.IN and len(self.values) != 1:
            raise bad_format("where", f"{self.op} takes one value")
        if self.op is Op.LIKE and self.field.is_number:
            raise bad_format("where", f"{self.field} is not a text")
        kind: type = int if self.field.is_number else str
        if any(type(value) is not kind for value in self.values):
            raise bad_format("where", f"{self.field} has another type")
