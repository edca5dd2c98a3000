"""Questions."""

import pytest

from core.world import refused
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.faults import FaultCode


@pytest.mark.parametrize(
    ("field", "op", "values"),
    [
        (Field.CONV_ID, Op.EQUAL, ("c",)),
        (Field.CONV_TYPE, Op.IN, (1, 2, 3)),
        (Field.CONV_TYPE, Op.IN, ()),
        (Field.CREATED, Op.GREATER_OR_EQUAL, (0,)),
        (Field.CREATOR, Op.LIKE, ("a%",)),
        (Field.MEMBER, Op.LESS, ("ben",)),
    ],
)
def test_what_can_be_asked(field: Field, op: Op, values: tuple[str | int, ...]) -> None:
    """A field, an operation and values of the field's type."""
    assert values == Condition(field, op, values).values


@pytest.mark.parametrize(
    ("field", "op", "values"),
    [
        (Field.CONV_ID, Op.EQUAL, ()),
        (Field.CONV_ID, Op.EQUAL, ("a", "b")),
        (Field.CONV_ID, Op.EQUAL, (1,)),
        (Field.CONV_TYPE, Op.EQUAL, ("1",)),
        (Field.CONV_TYPE, Op.EQUAL, (True,)),
        (Field.CONV_TYPE, Op.IN, (1, "2")),
        (Field.CREATED, Op.LIKE, (1,)),
    ],
)
def test_what_cannot_be_asked(field: Field, op: Op, values: tuple[str | int, ...]) -> None:
    """Values that are too few, too many or of another type."""
    assert FaultCode.BAD_FORMAT is refused(lambda: Condition(field, op, values))
